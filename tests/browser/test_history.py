"""The history: its list beside every page, folders, tags, notes, and what is done to several at once."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.servers import Server


def asks_each(visitor: Visitor, *texts: str) -> None:
    for text in texts:
        visitor.asks("mirror", text)
        visitor.sees_answer(text)


def rows(visitor: Visitor, words: str) -> Locator:
    return visitor.history.locator("#history-list").get_by_role("listitem").filter(has_text=words)


def entries(visitor: Visitor, words: str) -> Locator:
    return visitor.page.locator(".entry").filter(has_text=words)


def chooses_act(visitor: Visitor, opener: Locator, act: str) -> None:
    """From the menu of a row, by keyboard."""
    opener.press("Enter")
    item = visitor.page.get_by_role("menuitem", name=act)
    expect(item).to_be_visible()
    item.press("Enter")


def test_pinning_leaves_who_stands_in_the_list_where_they_are(visitor: Visitor) -> None:
    asks_each(visitor, "Wombats at dusk", "Quokkas at noon")
    visitor.opens("/")
    visitor.button("Pin Wombats at dusk").press("Enter")
    expect(visitor.history.get_by_role("heading", name="Pinned")).to_be_visible()
    expect(visitor.button("Unpin Wombats at dusk")).to_be_visible()
    visitor.button("Unpin Wombats at dusk").press("Enter")
    expect(visitor.history.get_by_role("heading", name="Pinned")).to_have_count(0)


def test_a_folder_is_made_shown_and_left_by_keyboard(visitor: Visitor) -> None:
    asks_each(visitor, "Ferns indoors", "Moss outdoors")
    chooses_act(visitor, visitor.button("More for Ferns indoors"), "Move to folder…")
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Folder")).to_be_focused()
    visitor.presses("Tab")
    visitor.page.keyboard.type("Garden")
    visitor.presses("Enter")
    expect(visitor.page.locator(".toast")).to_have_text("Saved")
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    # The list is narrowed to it, and stays so on the next page.
    show = visitor.history.get_by_role("button", name="Showing: All conversations")
    show.press("Enter")
    expect(visitor.page.get_by_role("menuitemradio", name="All conversations")).to_be_focused()
    visitor.page.keyboard.type("g")
    expect(visitor.page.get_by_role("menuitemradio", name="Garden")).to_be_focused()
    visitor.presses("Enter")
    expect(rows(visitor, "Moss")).to_have_count(0)
    expect(rows(visitor, "Ferns")).to_have_count(1)
    visitor.opens("/settings/")
    expect(rows(visitor, "Ferns")).to_have_count(1)
    expect(rows(visitor, "Moss")).to_have_count(0)
    # A folder that is deleted narrows nothing any more.
    visitor.opens("/folders/")
    visitor.button("Delete the folder Garden").click()
    visitor.sees("Its conversations stay.")
    visitor.button("Cancel").click()
    visitor.reloads()
    visitor.button("Delete the folder Garden").click()
    visitor.button("Delete", visitor.page.get_by_role("dialog")).click()
    expect(visitor.button("Delete the folder Garden")).to_have_count(0)
    expect(rows(visitor, "Moss")).to_have_count(1)
    expect(visitor.history.get_by_role("button", name="Showing: All conversations")).to_be_visible()


def test_tags_are_typed_completed_and_taken_off(visitor: Visitor) -> None:
    asks_each(visitor, "Rivers of Europe")
    chooses_act(visitor, visitor.button("More for this conversation"), "Tags…")
    dialog = visitor.page.get_by_role("dialog")
    field = dialog.get_by_role("combobox", name="Tags")
    expect(field).to_be_focused()
    field.press_sequentially("Long Rivers,")
    field.press_sequentially("water")
    field.press("Enter")
    expect(dialog.get_by_role("listitem")).to_have_text(["long-rivers×", "water×"])
    visitor.button("Remove water").click()
    expect(field).to_be_focused()
    visitor.button("Save", dialog).click()
    expect(visitor.page.get_by_role("link", name="long-rivers")).to_be_visible()
    chooses_act(visitor, visitor.button("More for this conversation"), "Tags…")
    expect(visitor.page.locator("#tags-known option[value=long-rivers]")).to_have_count(1)
    visitor.page.get_by_role("dialog").get_by_role("combobox", name="Tags").press("Backspace")
    visitor.button("Save", visitor.page.get_by_role("dialog")).click()
    expect(visitor.page.get_by_role("link", name="long-rivers")).to_have_count(0)


def test_a_note_stands_quietly_beside_the_conversation(visitor: Visitor) -> None:
    asks_each(visitor, "A long walk")
    chooses_act(visitor, visitor.button("More for this conversation"), "Notes…")
    visitor.field("Notes Only for you. They are never sent to a model.").fill("Shoes!\nAnd water.")
    visitor.button("Save", visitor.page.get_by_role("dialog")).click()
    visitor.sees("Shoes!")
    visitor.reloads()
    visitor.page.locator(".about__notes summary").click()
    expect(visitor.page.locator(".about__notes p")).to_have_text("Shoes!\nAnd water.")


def test_what_is_archived_is_out_of_the_list_and_comes_back(visitor: Visitor) -> None:
    asks_each(visitor, "Old newspapers")
    chooses_act(visitor, visitor.button("More for Old newspapers"), "Archive")
    expect(rows(visitor, "Old newspapers")).to_have_count(0)
    visitor.button("Undo").click()
    expect(rows(visitor, "Old newspapers")).to_have_count(1)
    visitor.sees("Undone: “Old newspapers” archived")


def test_several_are_selected_changed_and_brought_back(visitor: Visitor) -> None:
    texts = [f"Bulk {number}" for number in range(4)]
    asks_each(visitor, *texts)
    visitor.opens("/history/all/?q=Bulk")
    boxes = visitor.page.get_by_role("checkbox", name="Select Bulk")
    expect(boxes).to_have_count(4)
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    visitor.sees("3 selected")
    visitor.button("Tag…").click()
    visitor.page.get_by_label("Tag", exact=True).last.fill("Some Thing")
    visitor.presses("Enter")
    visitor.sees("3 conversations tagged “some-thing”")
    expect(visitor.page.get_by_role("link", name="some-thing")).to_have_count(3)
    visitor.button("Undo").click()
    expect(visitor.page.get_by_role("link", name="some-thing")).to_have_count(0)
    visitor.page.get_by_role("checkbox", name="Select all shown").click()
    visitor.sees("4 selected")
    visitor.button("Delete").first.click()
    expect(entries(visitor, "Bulk")).to_have_count(0)
    expect(rows(visitor, "Bulk")).to_have_count(0)
    visitor.button("Undo").last.click()
    expect(entries(visitor, "Bulk")).to_have_count(4)
    expect(rows(visitor, "Bulk")).to_have_count(4)


def test_a_name_that_is_taken_is_refused_beside_the_field(visitor: Visitor) -> None:
    visitor.opens("/folders/")
    new = visitor.field("New folder")
    for _ in range(2):
        new.fill("Twice")
        new.press("Enter")
        expect(visitor.field("Name of the folder Twice")).to_be_visible()
    expect(visitor.page.get_by_role("alert")).to_contain_text("There is a folder “Twice” already.")


def test_an_answer_that_ends_elsewhere_is_marked_until_it_is_read(visitor: Visitor) -> None:
    asks_each(visitor, "Read at once")
    visitor.opens("/")
    visitor.evaluate(
        """() => {
            const rows = [...document.querySelectorAll(".conversation-row")]
            const row = rows.find(row => row.textContent.includes("Read at once"))
            const pulse = document.createElement("span")
            pulse.className = "pulse"
            row.querySelector("a").append(pulse)
            document.dispatchEvent(new CustomEvent("history-changed"))
        }"""
    )
    expect(rows(visitor, "Read at once")).to_contain_text("new answer")
    visitor.reloads()
    expect(rows(visitor, "Read at once")).to_contain_text("new answer")
    rows(visitor, "Read at once").get_by_role("link").click()
    visitor.sees_answer("Read at once")
    expect(rows(visitor, "Read at once")).not_to_contain_text("new answer")


def test_without_scripts_all_of_it_can_be_read(
    visitor: Visitor, server: Server, invite: Callable[..., Visitor]
) -> None:
    asks_each(visitor, "Plainly there")
    reader = invite(server, java_script_enabled=False)
    reader.opens("/history/all/?q=Plainly")
    reader.page.locator(".entry__title").click()
    expect(reader.page.locator("article").first).to_contain_text("Plainly there")
