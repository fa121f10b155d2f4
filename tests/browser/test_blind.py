"""Blind rounds in a browser: nothing there tells which model is which, until one has voted."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Response, WebSocket, expect

from tests.browser.side_by_side import answers, compares, opens_menu, pane, panes
from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Gate, Say, Upstream, reply, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")

WORDS = {"echo": "It comes back.", "parrot": "What the bird says.", "chorus": "All of us."}
TELLING = [*WORDS, "OpenAI", "127.0.0.1", "gpt", "tok/s", " ms", "$0"]


@pytest.fixture(autouse=True)
def _own_words(upstream: Upstream) -> Iterator[None]:
    """None of which holds the name of a model."""
    say_their_words(upstream)
    yield
    upstream.drop_scripts()


def say_their_words(upstream: Upstream) -> None:
    for model, words in WORDS.items():
        upstream.script(stream(words), model=model, repeat=True)


class Ear:
    """Keeps all that reaches a page: replies with their headers, and frames of the socket."""

    def __init__(self, page: Page) -> None:
        self.heard: list[Callable[[], str]] = []
        page.on("response", self._reply)
        page.on("websocket", self._socket)

    def _reply(self, response: Response) -> None:
        if "/static/" not in response.url:
            self.heard.append(lambda: f"{response.url} {response.all_headers()} {body_of(response)}")

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.heard.append(lambda: str(frame)))

    def told(self, url: str) -> str:
        """Without the address of the server itself."""
        host = url.removeprefix("http://")
        return "\n".join(each() for each in self.heard).replace(host, "")


def body_of(response: Response) -> str:
    try:
        return response.text()
    except Exception:  # a redirect has none, nor has a page that was left
        return ""


def begins_a_round(visitor: Visitor, *models: str) -> None:
    compares(visitor, *models)
    before = visitor.page.url
    visitor.button("Blind round").click()
    visitor.page.wait_for_url(lambda url: url != before)
    visitor.sees("Which answer is better?")


def asks(visitor: Visitor, text: str = "Hello") -> None:
    visitor.sends(text)
    waits_for_a_vote(visitor)


def waits_for_a_vote(visitor: Visitor) -> None:
    for number in range(1, panes(visitor).count() + 1):
        expect(answers(pane(visitor, number)).last).to_have_attribute("data-status", "finished")
    expect(visitor.button("It is a tie")).to_be_enabled()


def model_of(visitor: Visitor, letter: str) -> str:
    """By what it said."""
    said = pane(visitor, ord(letter) - ord("A") + 1).locator("article [data-part=text]").last.inner_text()
    return next(model for model, words in WORDS.items() if words in said)


def test_a_round_from_its_button_to_the_leaderboard(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot", "chorus")
    for letter in "ABC":
        expect(visitor.page.get_by_role("heading", name=f"Answer {letter}")).to_be_visible()
        expect(visitor.button(f"Answer {letter} is better")).to_be_disabled()
    visitor.sees("Ask something first, then say which answer is better.")
    asks(visitor)
    best = model_of(visitor, "B")
    visitor.page.get_by_role("combobox", name="Tag").fill("birds")
    visitor.button("Answer B is better").click()
    visitor.sees("You chose Answer B:")
    expect(visitor.page.get_by_role("region", name="Result of the blind round")).to_contain_text(
        f"{best} OpenAI"
    )
    expect(pane(visitor, 2).get_by_role("combobox", name="Model")).to_have_value(best)
    expect(pane(visitor, 2).locator("article [data-part=text]").last).to_have_text(WORDS[best])
    visitor.page.get_by_role("link", name="Leaderboard").last.click()
    expect(visitor.page.get_by_role("list").filter(has_text="birds").last).to_contain_text(best)


def test_nothing_that_reaches_the_browser_tells_which_model_it_is(
    visitor: Visitor, upstream: Upstream
) -> None:
    rest = Gate()
    upstream.drop_scripts()
    for model in ("echo", "parrot"):
        upstream.script(stream("Wait. ", rest, WORDS[model]), model=model, repeat=True)
    compares(visitor, "echo", "parrot")
    visitor.button("Blind round").click()
    visitor.sees("Which answer is better?")
    address = visitor.path
    visitor.opens("/prompts/")
    # Not what came before the round.
    visitor.page.evaluate("localStorage.clear()")
    ear = Ear(visitor.page)
    visitor.opens(address)
    visitor.sends("Hello")
    for number in (1, 2):  # the rest comes over the socket
        expect(answers(pane(visitor, number)).last).to_contain_text("Wait.")
    rest.open()
    waits_for_a_vote(visitor)
    opens_menu(pane(visitor, 1), "Run again")
    expect(pane(visitor, 1).get_by_role("group", name="Alternatives")).to_contain_text("2 / 2")
    expect(visitor.button("It is a tie")).to_be_enabled()
    visitor.reloads()
    expect(answers(pane(visitor, 2)).last).to_have_attribute("data-status", "finished")
    told = ear.told(visitor.url) + visitor.page.content().replace(visitor.url.removeprefix("http://"), "")
    assert WORDS["echo"] in told, "it hears nothing"
    assert '"type":"events"' in told, "it hears no frames"
    assert [word for word in TELLING if word in told] == []
    visitor.button("Reveal").click()
    visitor.sees("Revealed without a vote.")
    assert set(WORDS) - set(re.findall(r"\w+", ear.told(visitor.url))) == {"chorus"}


def test_a_vote_waits_for_the_last_answer_and_an_answer_that_failed_is_asked_for_again(
    visitor: Visitor, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.drop_scripts()
    upstream.script(stream("Slowly", gate, Say(" but surely.")), model="echo")
    upstream.script(reply(400, {"error": {"message": "parrot is not for sale"}}), model="parrot")
    say_their_words(upstream)
    begins_a_round(visitor, "echo", "parrot")
    visitor.sends("Hello")
    visitor.sees("The vote waits for the end of all answers.")
    gate.open()
    visitor.sees(re.compile(r"There is no answer [AB]\. Run it again, or reveal\."))
    visitor.sees("This answer failed. Reveal to see why.")
    expect(visitor.page.get_by_text("not for sale")).to_have_count(0)
    visitor.button("Retry").click()
    expect(visitor.button("It is a tie")).to_be_enabled()
    visitor.button("It is a tie").click()
    visitor.sees("You found it a tie.")


def test_enter_in_the_tag_votes_for_nothing(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot")
    asks(visitor)
    tag = visitor.page.get_by_role("combobox", name="Tag")
    tag.fill("quick")
    tag.press("Enter")
    asks(visitor, "Still here?")
    expect(tag).to_have_value("quick")


def test_another_round_keeps_the_tag_and_what_is_being_written(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot")
    asks(visitor)
    visitor.page.get_by_role("combobox", name="Tag").fill("again & again")
    visitor.button("Answer A is better").click()
    visitor.sees("You chose Answer A:")
    visitor.writes("The next question")
    visitor.button("Another blind round").click()
    visitor.sees("Ask something first, then say which answer is better.")
    expect(visitor.message).to_have_value("The next question")
    expect(visitor.page.get_by_role("combobox", name="Tag")).to_have_value("again & again")
    asks(visitor, "The next question")


def test_another_tab_hears_of_the_reveal(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot")
    asks(visitor)
    other = visitor.opens_a_second_tab()
    expect(other.button("It is a tie")).to_be_enabled()
    visitor.button("Answer A is better").click()
    visitor.sees("You chose Answer A:")
    other.sees("This round was revealed in another tab.")
    expect(other.button("It is a tie")).to_have_count(0)
    other.page.get_by_role("link", name="See which is which").click()
    other.sees("You chose Answer A:")


def test_of_two_tabs_that_vote_at_once_one_is_told_so_and_loses_nothing(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot")
    asks(visitor)
    other = visitor.opens_a_second_tab()
    expect(other.button("It is a tie")).to_be_enabled()
    other.writes("Half a thought")
    # It hears of the reveal only after it has voted itself.
    other.page.route("**/figures/", lambda route: route.abort())
    visitor.button("Answer B is better").click()
    visitor.sees("You chose Answer B:")
    other.button("Answer A is better").click()
    other.sees("You have voted already, for Answer B.")
    other.page.get_by_role("link", name="See which is which").click()
    other.sees("You chose Answer B:")
    expect(other.message).to_have_value("Half a thought")


def test_a_round_can_be_deleted_and_brought_back_and_hides_on(visitor: Visitor) -> None:
    begins_a_round(visitor, "echo", "parrot")
    asks(visitor, "To be gone")
    row = visitor.history.get_by_role("listitem").filter(has_text="To be gone")
    row.hover()
    visitor.button("Delete To be gone", row).click()
    visitor.button("Undo").click()
    visitor.page.get_by_role("link", name="Open", exact=True).click()
    visitor.sees("Which answer is better?")
    expect(visitor.page.get_by_role("combobox", name="Model")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1440])
def test_keys_reach_everything_and_nothing_is_cut_off(
    server: Server, invite: Callable[..., Visitor], width: int
) -> None:
    visitor = invite(server, viewport={"width": width, "height": 844})
    begins_a_round(visitor, "echo", "parrot", "chorus")
    asks(visitor)
    names = []
    visitor.button("Answer A is better").focus()
    for _ in range(6):
        names.append(
            visitor.evaluate("document.activeElement.ariaLabel ?? document.activeElement.name ?? ''")
        )
        visitor.presses("Tab")
    assert names[:5] == [
        "Answer A is better",
        "Answer B is better",
        "Answer C is better",
        "It is a tie",
        "tag",
    ]
    for name in names[:4]:
        box = visitor.button(name).bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert not visitor.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(
    server: Server, invite: Callable[..., Visitor], upstream: Upstream, scheme: str, width: int
) -> None:
    visitor = invite(
        server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    upstream.drop_scripts()
    upstream.script(reply(400, {"error": {"message": "parrot is not for sale"}}), model="parrot")
    say_their_words(upstream)
    begins_a_round(visitor, "echo", "parrot")
    assert complaints(visitor) == []
    visitor.sends("Hello")
    visitor.sees("This answer failed. Reveal to see why.")
    assert complaints(visitor) == []
    visitor.button("Retry").click()
    expect(visitor.button("It is a tie")).to_be_enabled()
    visitor.page.get_by_role("combobox", name="Tag").fill("birds")
    visitor.button("It is a tie").click()
    visitor.sees("You found it a tie.")
    assert complaints(visitor) == []
