"""Saved prompts: written, saved twice, compared, used in a chat with values; nothing that was typed is lost."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Upstream

FIRST = "You write for {{audience}}. Be brief.\n\n{ {{{not}}} }"
SECOND = "You write for {{audience}}, in {{n}} words.\n\n{ {{{not}}} }"


class Author(Visitor):
    """Somebody who keeps prompts."""

    @property
    def text(self) -> Locator:
        return self.field("Prompt text")

    @property
    def versions(self) -> Locator:
        return self.page.get_by_role("region", name="Versions")

    @property
    def card(self) -> Locator:
        return self.page.locator(".message--system")

    def variable(self, name: str) -> Locator:
        """How it is described, in the editor."""
        return self.page.get_by_role("group", name=name, exact=True)

    def makes(self, name: str, text: str = FIRST, kind: str = "System prompt") -> None:
        self.opens("/prompts/")
        self.page.get_by_role("link", name="New prompt").click()
        self.field("Name").fill(name)
        self.page.get_by_role("combobox", name="Kind").select_option(label=kind)
        self.text.fill(text)
        self.saves("First")
        self.sees("Saved as v1.")

    def saves(self, note: str) -> None:
        self.field("Note").fill(note)
        self.button("Save version").click()

    def uses(self) -> None:
        self.page.get_by_role("link", name="Use in a chat").click()

    def sees_path(self, path: str) -> None:
        self.page.wait_for_function("path => location.pathname.startsWith(path)", arg=path)


@pytest.fixture
def visitor(server: Server, invite: Callable[..., Author]) -> Author:
    return invite(server, Author)


def system_sent(upstream: Upstream) -> str:
    return str(upstream.requests[-1].body["messages"][0]["content"])


def test_from_the_first_word_to_the_rendered_request(visitor: Author, upstream: Upstream) -> None:
    visitor.makes("Summary")
    marks = visitor.page.locator(".marked mark")
    expect(marks).to_have_text(["{{audience}}"])
    visitor.text.fill(SECOND)
    expect(marks).to_have_text(["{{audience}}", "{{n}}"])
    visitor.variable("n").get_by_role("combobox", name="Type").select_option("number")
    visitor.saves("With a length")
    visitor.sees("Saved as v2.")
    expect(visitor.button("Save version")).to_be_focused()
    expect(visitor.versions.get_by_role("listitem")).to_have_count(2)

    visitor.versions.get_by_role("radio", name="Compare from v1").check()
    visitor.versions.get_by_role("radio", name="Compare to v2").check()
    visitor.button("Compare").click()
    visitor.sees("Changes from v1 to v2")
    expect(visitor.page.locator(".diff ins")).to_have_text(", in {{n}} words")

    visitor.uses()
    visitor.sees("From prompt Summary v2")
    visitor.chooses("mirror")
    visitor.field("audience").fill("the board {{n}}")
    visitor.field("n").fill("many")
    visitor.sends("Begin")
    expect(visitor.page.locator("[data-errors]")).to_contain_text("n: must be a number")
    expect(visitor.card.get_by_text("n must be a number.")).to_be_visible()
    visitor.field("n").fill("")
    visitor.message.press("Enter")
    expect(visitor.page.locator("[data-errors]")).to_contain_text("n: has no value")
    expect(visitor.field("n")).to_be_focused()
    assert visitor.path.startswith("/?prompt=")
    visitor.field("n").fill("50")
    visitor.message.press("Enter")
    visitor.sees_answer()
    assert system_sent(upstream) == "You write for the board {{n}}, in 50 words.\n\n{ {{{not}}} }"
    visitor.reloads()
    expect(visitor.field("audience")).to_have_value("the board {{n}}")
    expect(visitor.field("System prompt")).to_have_value(SECOND)


def test_a_chat_takes_the_newer_version_and_lets_go_of_it(visitor: Author, upstream: Upstream) -> None:
    visitor.makes("Growing", "For {{audience}}.")
    editor = visitor.page.url
    visitor.uses()
    visitor.field("audience").fill("us")
    visitor.chooses("mirror")
    visitor.sends("One")
    visitor.sees_answer()
    chat = visitor.page.url
    visitor.page.goto(editor)
    visitor.text.fill("New for {{audience}}.")
    visitor.saves("")
    visitor.sees("Saved as v2.")
    visitor.page.goto(chat)
    visitor.button("Use v2").click()
    visitor.sees("From prompt Growing v2")
    expect(visitor.field("audience")).to_have_value("us")
    visitor.button("Preview").click()
    expect(visitor.page.get_by_role("region", name="Rendered prompt")).to_have_text("New for us.")
    visitor.presses("Escape")

    visitor.field("System prompt").fill("New for {{audience}} and {{other}}.")
    visitor.sends("Two")
    expect(visitor.page.locator("[data-errors]")).to_contain_text("{{other}} is no variable")
    visitor.button("Save as new version").click()
    visitor.field("Note").fill("From the chat")
    visitor.presses("Enter")
    visitor.sees("From prompt Growing v3")
    visitor.field("other").fill("them")
    visitor.button("Detach").click()
    expect(visitor.field("System prompt")).to_have_value("New for us and them.")
    visitor.message.press("Enter")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer()
    assert system_sent(upstream) == "New for us and them."
    visitor.reloads()
    expect(visitor.field("System prompt")).to_have_value("New for us and them.")
    expect(visitor.button("Save as prompt")).to_be_visible()


def test_a_message_is_written_into_the_composer_and_not_sent(visitor: Author, upstream: Upstream) -> None:
    visitor.opens("/")
    visitor.writes("Typed before")
    visitor.makes("Ask", "Why is {{thing}} so?", kind="Message")
    before = len(upstream.requests)
    visitor.uses()
    visitor.sees("used in v1")
    visitor.uses()
    visitor.sees("thing has no value.")
    visitor.field("thing").fill("<b>it</b>")
    visitor.uses()
    expect(visitor.message).to_have_value("Typed before\n\nWhy is <b>it</b> so?")
    visitor.reloads()
    expect(visitor.message).to_have_value("Typed before\n\nWhy is <b>it</b> so?")
    assert len(upstream.requests) == before


def test_values_that_are_typed_survive_a_reload_until_they_are_used(visitor: Author) -> None:
    visitor.makes("Greeting", "Hello {{who}}.", kind="Message")
    visitor.versions.get_by_role("link", name="v1").click()
    version = visitor.path
    visitor.field("who").fill("world")
    visitor.reloads()
    expect(visitor.field("who")).to_have_value("world")
    visitor.uses()
    expect(visitor.message).to_have_value("Hello world.")
    visitor.opens(version)
    expect(visitor.field("who")).to_have_value("")
    visitor.makes("Tone", "Be {{how}}.")
    visitor.versions.get_by_role("link", name="v1").click()
    visitor.field("how").fill("kind")
    visitor.reloads()
    visitor.uses()
    expect(visitor.field("how")).to_have_value("kind")


def test_a_system_prompt_becomes_a_saved_one(visitor: Author) -> None:
    visitor.opens("/")
    expect(visitor.button("Save as prompt")).to_be_hidden()
    visitor.field("System prompt").fill("Be {{how}}.")
    visitor.button("Save as prompt").click()
    visitor.button("Save", visitor.card).click()
    visitor.sees("Give the prompt a name.")
    visitor.field("Name").fill("Tone")
    visitor.presses("Enter")
    visitor.sees("From prompt Tone v1")
    visitor.field("how").fill("kind")
    visitor.reloads()
    expect(visitor.field("how")).to_have_value("kind")


def test_what_is_typed_and_not_saved_survives_a_reload_and_another_tab(visitor: Author) -> None:
    visitor.makes("Draft", "One")
    visitor.text.fill("Mine")
    visitor.reloads()
    expect(visitor.text).to_have_value("Mine")
    visitor.text.fill("Mine {{x}}")
    visitor.variable("x").get_by_role("textbox", name="Default").fill("1\n2")
    visitor.variable("x").get_by_role("checkbox", name="Required").uncheck()
    visitor.reloads()
    expect(visitor.variable("x").get_by_role("textbox", name="Default")).to_have_value("1\n2")
    expect(visitor.variable("x").get_by_role("checkbox", name="Required")).not_to_be_checked()
    visitor.text.fill("Mine")
    other = visitor.opens_a_second_tab()
    other.field("Prompt text").fill("Theirs")
    other.button("Save version").click()
    other.sees("Saved as v2.")
    visitor.saves("Mine")
    visitor.sees("Saved as v3. v2 was saved meanwhile, in another place")
    visitor.reloads()
    expect(visitor.text).to_have_value("Mine")
    expect(visitor.page.get_by_text("not saved yet")).to_be_hidden()
    visitor.button("Save version").click()
    visitor.sees("Nothing has changed since v3, so no version was made.")


def test_an_old_version_is_restored_and_a_prompt_deleted_and_back(visitor: Author) -> None:
    visitor.makes("Old", "One")
    visitor.text.fill("Two")
    visitor.saves("")
    visitor.sees("Saved as v2.")
    visitor.versions.get_by_role("link", name="v1").click()
    visitor.button("Restore").click()
    visitor.sees("v1 is restored, as v3.")
    expect(visitor.text).to_have_value("One")
    visitor.opens("/prompts/")
    visitor.button("Delete Old").click()
    expect(visitor.page.get_by_role("link", name="Old", exact=True)).to_have_count(0)
    visitor.button("Undo").click()
    expect(visitor.page.get_by_role("link", name="Old", exact=True)).to_be_visible()


def test_a_prompt_is_back_though_a_search_has_taken_the_list_away(visitor: Author) -> None:
    visitor.makes("Alone", "One")
    visitor.opens("/prompts/")
    visitor.button("Delete Alone").click()
    visitor.page.get_by_role("searchbox", name="Search prompts").fill("nothing")
    visitor.sees("No name holds “nothing”.")
    visitor.button("Undo").click()
    visitor.sees("“Alone” is back")
    visitor.page.get_by_role("link", name="Open", exact=True).click()
    expect(visitor.text).to_have_value("One")


def test_a_pasted_call_is_imported(visitor: Author) -> None:
    body = {"messages": [{"role": "system", "content": "From {{where}}"}], "temperature": 1}
    visitor.opens("/prompts/import/")
    visitor.field("Text").fill("nothing of the kind")
    visitor.button("Import").click()
    visitor.sees("This is neither JSON")
    expect(visitor.field("Text")).to_have_value("nothing of the kind")
    visitor.field("Text").fill(f"curl https://x -H 'Authorization: Bearer sk-1' -d '{json.dumps(body)}'")
    visitor.button("Import").click()
    visitor.sees("Imported. Not imported: temperature.")
    expect(visitor.text).to_have_value("From {{where}}")
    visitor.sees_path("/prompts/0")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Export").click()
    exported = json.loads(download.value.path().read_text())
    assert exported["versions"][0]["text"] == "From {{where}}"
    assert "sk-1" not in json.dumps(exported)


def test_the_text_below_the_field_breaks_where_the_field_does(visitor: Author) -> None:
    visitor.makes("Long", "word {{name}} " * 200 + "\n\n" + "x" * 400 + "\n")
    heights = visitor.evaluate("""() => [...document.querySelectorAll(".marked > *")]
        .map((element) => [element.scrollHeight, element.clientWidth])""")
    assert heights[0] == heights[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(server: Server, invite: Callable[..., Author], scheme: str, width: int) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}, "reduced_motion": "reduce"}
    visitor = invite(server, Author, **look)

    def looks_well() -> None:
        assert complaints(visitor) == []
        assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")

    visitor.makes(f"Look {scheme} {width}")
    visitor.text.fill(SECOND)
    visitor.variable("n").get_by_role("combobox", name="Type").select_option("choice")
    visitor.button("Save version").click()
    visitor.sees("n needs at least one choice.")
    looks_well()
    visitor.variable("n").get_by_role("textbox", name="Choices, one on a line").fill("1\n2")
    visitor.button("Save version").click()
    visitor.sees("Saved as v2.")
    visitor.versions.get_by_role("link", name="v2").click()
    visitor.page.get_by_role("link", name="Changes").click()
    visitor.button("Preview").click()
    visitor.sees("audience has no value.")
    looks_well()
    visitor.uses()
    visitor.field("audience").fill("us")
    visitor.page.get_by_role("combobox", name="n", exact=True).select_option("2")
    visitor.button("Preview").click()
    expect(visitor.page.get_by_role("dialog", name="Preview")).to_be_visible()
    looks_well()
    for path in ("/prompts/", "/prompts/import/", "/prompts/new/"):
        visitor.opens(path)
        looks_well()
