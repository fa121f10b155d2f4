"""A page that holds two conversations: what is said and done in one is not in the other.

The chat is one of them. The other is put beside it, as a comparison puts its panes.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream

PUT_BESIDE = """async ([path, name]) => {
    const answer = await (await fetch(path)).text()
    const chat = new DOMParser().parseFromString(answer, "text/html").querySelector("#chat")
    const pane = document.createElement("section")
    pane.ariaLabel = name
    const { conversation, version } = chat.dataset
    Object.assign(pane.dataset, { thread: "", name, conversation, version })
    pane.append(chat.querySelector("[data-behavior=transcript]"), chat.querySelector("[data-errors]"))
    pane.querySelector(".message--system").remove()
    document.querySelector(".app").append(pane)
    htmx.process(pane)
    document.dispatchEvent(new CustomEvent("content-added"))
}"""
HEAR = """() => {
    window.heard = []
    document.addEventListener("announce", ({ detail }) => heard.push(detail.words))
}"""


@pytest.fixture
def put_beside(visitor: Visitor) -> Callable[[str], Locator]:
    def put(path: str) -> Locator:
        visitor.evaluate(PUT_BESIDE, [path, "Pane 2"])
        return visitor.page.get_by_role("region", name="Pane 2")

    return put


@pytest.fixture
def other_path(visitor: Visitor) -> str:
    """A conversation of one turn. The page then shows another one, of one turn too."""
    visitor.asks("mirror", "Over there")
    visitor.sees_answer("Over there")
    path = visitor.path
    visitor.asks("mirror", "Here")
    visitor.sees_answer("Here")
    return path


def texts(place: Locator) -> Locator:
    return place.locator("article [data-part=text]")


def test_what_is_sent_is_shown_in_its_own_thread_only(
    visitor: Visitor, other_path: str, put_beside: Callable[[str], Locator]
) -> None:
    pane, chat = put_beside(other_path), visitor.page.locator("#chat")
    visitor.sends("More here")
    expect(texts(chat)).to_have_text(["Here", "Here", "More here", "More here"])
    elsewhere = visitor.opens_a_second_tab().opens(other_path)
    elsewhere.sends("More there")
    expect(texts(pane)).to_have_text(["Over there", "Over there", "More there", "More there"])
    expect(texts(chat)).to_have_count(4)
    expect(visitor.questions).to_have_count(4)


def test_commands_say_what_their_own_thread_shows_and_take_its_settings_only(
    visitor: Visitor, other_path: str, put_beside: Callable[[str], Locator], upstream: Upstream
) -> None:
    pane, chat = put_beside(other_path), visitor.page.locator("#chat")
    visitor.number("Temperature").fill("0.3")
    visitor.button("Regenerate", pane.get_by_role("article").last).press("Enter")
    expect(pane.get_by_role("article").last.get_by_role("status")).to_have_text("2 / 2")
    visitor.sees_status("finished", pane.get_by_role("article").last)
    assert "temperature" not in upstream.requests[-1].body
    assert upstream.requests[-1].body["messages"] == [{"role": "user", "content": "Over there"}]
    visitor.button("Regenerate", chat.get_by_role("article").last).press("Enter")
    expect(chat.get_by_role("article").last.get_by_role("status")).to_have_text("2 / 2")
    visitor.sees_status("finished", chat.get_by_role("article").last)
    assert upstream.requests[-1].body["temperature"] == 0.3
    visitor.button("Delete", pane.get_by_role("article").last).press("Enter")
    expect(texts(pane)).to_have_text(["Over there", "Over there"])
    visitor.button("Undo").click()
    expect(pane.get_by_role("article").last.get_by_role("status")).to_have_text("2 / 2")
    expect(texts(chat)).to_have_text(["Here", "Here"])


def test_an_answer_elsewhere_forbids_no_message_and_stop_ends_it(
    visitor: Visitor, other_path: str, put_beside: Callable[[str], Locator], upstream: Upstream
) -> None:
    pane = put_beside(other_path)
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="mirror")
    visitor.button("Regenerate", pane.get_by_role("article").last).press("Enter")
    visitor.sees_status("running", pane.get_by_role("article").last)
    visitor.sends("And here")
    expect(texts(visitor.page.locator("#chat")).last).to_have_text("And here")
    visitor.presses("Escape")
    visitor.sees_status("stopped", pane.get_by_role("article").last)
    gate.open()
    expect(visitor.button("Stop")).to_be_hidden()


def test_a_fed_thread_that_answers_is_named_and_so_is_its_end(
    visitor: Visitor, other_path: str, put_beside: Callable[[str], Locator], upstream: Upstream
) -> None:
    pane = put_beside(other_path)
    visitor.evaluate(HEAR)
    pane.evaluate("pane => (pane.dataset.fed = '')")
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="mirror")
    visitor.button("Regenerate", pane.get_by_role("article").last).press("Enter")
    visitor.sees_status("running", pane.get_by_role("article").last)
    visitor.sends("And here")
    visitor.sees("Pane 2 is still answering. Stop it, wait for the end, or unlink it.")
    gate.open()
    visitor.sees_status("finished", pane.get_by_role("article").last)
    first, last = visitor.evaluate("heard")
    assert first == "Pane 2: answering"
    assert re.fullmatch(r"Pane 2 finished, \d+ tokens", last)


def test_a_thread_that_leaves_the_page_is_followed_no_longer(
    visitor: Visitor, other_path: str, put_beside: Callable[[str], Locator], upstream: Upstream
) -> None:
    said: list[str] = []
    visitor.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: said.append(str(frame))))
    visitor.reloads()
    pane = put_beside(other_path)
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="mirror")
    visitor.button("Regenerate", pane.get_by_role("article").last).press("Enter")
    visitor.sees_status("running", pane.get_by_role("article").last)
    expect(visitor.button("Stop")).to_be_visible()
    pane.evaluate("pane => pane.remove()")
    expect(visitor.button("Stop")).to_be_hidden()
    conversation = other_path.split("/")[2]
    assert any('"unfollow"' in frame and conversation in frame for frame in said)
    assert any('"leave"' in frame for frame in said)
    gate.open()
    visitor.sends("Still here")
    expect(texts(visitor.page.locator("#chat")).last).to_have_text("Still here")


def test_each_picker_asks_about_its_own_conversation(
    visitor: Visitor, other_path: str, put_beside: Callable[[str], Locator]
) -> None:
    """It has a list of its own, and tells whose model was chosen."""
    pane = put_beside(other_path)
    pane.evaluate("""async (pane, path) => {
        const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html")
        pane.append(page.querySelector("[data-behavior=picker]"))
        for (const field of pane.querySelectorAll("[data-field]")) field.setAttribute("form", "composer")
        window.chosen = []
        document.addEventListener("model-chosen", ({ detail }) => chosen.push([detail.model, detail.conversation]))
        document.dispatchEvent(new CustomEvent("content-added"))
    }""", other_path)  # fmt: skip
    model = pane.get_by_role("combobox", name="Model")
    model.click()
    model.fill("tokens-9")
    model.press("Enter")
    expect(model).to_have_value("tokens-9")
    expect(visitor.page.locator("#chat").get_by_role("combobox", name="Model")).to_have_value("mirror")
    visitor.page.wait_for_function("() => window.chosen.length > 0")
    assert visitor.evaluate("chosen") == [["tokens-9", other_path.split("/")[2]]]
    expect(visitor.settings.get_by_role("heading", name=re.compile("mirror"))).to_be_visible()
    ids: list[str] = visitor.evaluate("[...document.querySelectorAll('.picker [id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids))
