"""Editing, answering again, alternatives, deleting and taking back."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Upstream, stream


def edit(visitor: Visitor, message: Locator, text: str, ending: str) -> None:
    visitor.does("Edit", message)
    visitor.field("Edit message").fill(text)
    visitor.button(ending, message).click()
    expect(visitor.field("Edit message")).to_have_count(0)


def test_save_changes_the_words_in_place(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("mirror", "frist")
    visitor.sees_answer("frist")
    before = len(upstream.requests)
    edit(visitor, visitor.questions.first, "first", "Save")
    expect(visitor.text_of(visitor.questions.first)).to_have_text("first")
    edit(visitor, visitor.answers.first, "**Other** words", "Save")
    expect(visitor.text_of(visitor.answers.first)).to_have_text("Other words")
    expect(visitor.answers.first).to_contain_text("edited")
    assert len(upstream.requests) == before
    visitor.sends("next")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("next")
    said = [turn["content"] for turn in upstream.requests[-1].body["messages"]]
    assert said == ["first", "**Other** words", "next"]


def test_cancel_and_escape_leave_the_words_alone(visitor: Visitor) -> None:
    visitor.asks("mirror", "as it was")
    visitor.sees_answer("as it was")
    edit(visitor, visitor.questions.first, "other", "Cancel")
    expect(visitor.text_of(visitor.questions.first)).to_have_text("as it was")
    visitor.does("Edit", visitor.questions.first)
    visitor.field("Edit message").press("Escape")
    expect(visitor.text_of(visitor.questions.first)).to_have_text("as it was")


def test_save_and_run_makes_an_alternative_and_keeps_the_first_one(visitor: Visitor) -> None:
    visitor.asks("mirror", "one")
    visitor.sees_answer("one")
    edit(visitor, visitor.questions.first, "two", "Save and run")
    expect(visitor.questions).to_have_count(1)
    visitor.sees_answer("two")
    expect(visitor.questions.first.get_by_role("status")).to_have_text("2 / 2")
    visitor.does("Previous alternative", visitor.questions.first)
    expect(visitor.text_of(visitor.questions.first)).to_have_text("one")
    expect(visitor.text_of(visitor.answers.first)).to_have_text("one")


def test_regenerating_makes_alternatives_to_go_through(visitor: Visitor, upstream: Upstream) -> None:
    for answer in ("First", "Second", "Third"):
        upstream.script(stream(answer), model="mirror")
    visitor.asks("mirror")
    visitor.sees_answer("First")
    for answer in ("Second", "Third"):
        visitor.does("Regenerate", visitor.answers.last)
        visitor.sees_answer(answer)
    place = visitor.answers.last.get_by_role("status")
    expect(place).to_have_text("3 / 3")
    visitor.does("Previous alternative", visitor.answers.last)
    expect(place).to_have_text("2 / 3")
    expect(visitor.text_of(visitor.answers.last)).to_have_text("Second")
    visitor.reloads()
    expect(place).to_have_text("2 / 3")
    visitor.does("Next alternative", visitor.answers.last)
    expect(place).to_have_text("3 / 3")
    expect(visitor.answers).to_have_count(1)


def test_a_second_tab_follows_edits_and_alternatives(visitor: Visitor, upstream: Upstream) -> None:
    upstream.script(stream("First"), model="mirror")
    upstream.script(stream("Second"), model="mirror")
    visitor.asks("mirror")
    visitor.sees_answer("First")
    other = visitor.opens_a_second_tab()
    visitor.does("Regenerate", visitor.answers.last)
    other.sees_answer("Second")
    expect(other.answers).to_have_count(1)
    visitor.sees_answer("Second")
    other.does("Previous alternative", other.answers.last)
    expect(visitor.text_of(visitor.answers.last)).to_have_text("First")


def test_a_deleted_message_can_be_taken_back(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("mirror", "stays")
    visitor.sees_answer("stays")
    visitor.sends("goes")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("goes")
    visitor.does("Delete", visitor.answers.last)
    expect(visitor.answers).to_have_count(1)
    visitor.button("Undo").click()
    expect(visitor.answers).to_have_count(2)
    expect(visitor.text_of(visitor.answers.last)).to_have_text("goes")
    visitor.does("Delete", visitor.questions.first)
    expect(visitor.questions).to_have_count(1)
    visitor.sends("after")
    expect(visitor.answers).to_have_count(3)
    visitor.sees_answer("after")
    said = [turn["content"] for turn in upstream.requests[-1].body["messages"]]
    assert said == ["stays", "goes", "goes", "after"]


def test_a_deleted_conversation_can_be_taken_back(visitor: Visitor) -> None:
    visitor.asks("mirror", "Not for ever")
    visitor.sees_answer()
    row = visitor.history.get_by_role("listitem").filter(has_text="Not for ever")
    visitor.button("Delete Not for ever").press("Enter")
    expect(row).to_have_count(0)
    visitor.button("Undo").click()
    expect(row).to_have_count(1)
    visitor.reloads()
    visitor.sees_answer("Not for ever")


def test_what_is_taken_back_can_be_opened_though_a_search_does_not_list_it(visitor: Visitor) -> None:
    visitor.asks("mirror", "Kept after all")
    visitor.sees_answer()
    visitor.opens()
    visitor.button("Delete Kept after all").press("Enter")
    visitor.page.get_by_role("searchbox", name="Search conversations").fill("nothing")
    visitor.sees("Nothing found for nothing.")
    visitor.button("Undo").click()
    visitor.sees("“Kept after all” is back")
    visitor.page.get_by_role("link", name="Open", exact=True).click()
    visitor.sees_answer("Kept after all")


def test_a_conversation_is_renamed(visitor: Visitor) -> None:
    visitor.asks("mirror", "Some words")
    visitor.sees_answer()
    visitor.button("Rename").click()
    title = visitor.field("Title")
    title.fill("A <b>better</b> name")
    title.press("Enter")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("A <b>better</b> name")
    expect(visitor.history.get_by_role("link", name="A <b>better</b> name")).to_be_visible()
    visitor.button("Rename").click()
    visitor.field("Title").press("Escape")
    expect(visitor.button("Rename")).to_be_focused()
    visitor.reloads()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("A <b>better</b> name")


def test_history_is_searched_and_pinned(visitor: Visitor) -> None:
    for words in ("Apples and pears", "Oranges", "Pears alone"):
        visitor.asks("mirror", words)
        visitor.sees_answer(words)
    links = visitor.history.get_by_role("listitem")
    visitor.page.get_by_role("searchbox", name="Search conversations").fill("pears")
    expect(links).to_have_count(2)
    expect(links.first).to_contain_text("Pears alone")
    visitor.page.get_by_role("searchbox", name="Search conversations").fill("")
    expect(links.filter(has_text="Oranges")).to_have_count(1)
    visitor.button("Pin Apples and pears").press("Enter")
    expect(visitor.history.get_by_role("heading", name="Pinned")).to_be_visible()
    expect(links.first).to_contain_text("Apples and pears")
    visitor.reloads()
    expect(links.first).to_contain_text("Apples and pears")
    expect(visitor.history.locator("[aria-current=page]")).to_contain_text("Pears alone")


def test_without_javascript_history_and_messages_can_be_read(
    visitor: Visitor, server: Server, invite: Callable[..., Visitor], upstream: Upstream
) -> None:
    upstream.script(stream("Plain *words*"), model="mirror")
    visitor.asks("mirror", "Read me without scripts")
    visitor.sees_answer()
    reader = invite(server, java_script_enabled=False).opens()
    reader.history.get_by_role("link", name="Read me without scripts").click()
    expect(reader.text_of(reader.answers.last)).to_have_text("Plain *words*")
    expect(reader.text_of(reader.questions.last)).to_have_text("Read me without scripts")
    # Nothing is offered that needs them.
    expect(reader.answers.get_by_role("button")).to_have_count(0)
