"""Ctrl+K: every command of the page, and conversations by their words."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.servers import Server


def palette(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Commands and search")


def field(visitor: Visitor) -> Locator:
    return palette(visitor).get_by_role("combobox")


def active(visitor: Visitor) -> Locator:
    return palette(visitor).get_by_role("option", selected=True)


def test_it_opens_anywhere_and_gives_the_focus_back(visitor: Visitor) -> None:
    visitor.opens()
    visitor.message.focus()
    visitor.presses("Control+k")
    expect(field(visitor)).to_be_focused()
    visitor.presses("Escape")
    expect(palette(visitor)).to_have_count(0)
    expect(visitor.message).to_be_focused()
    visitor.presses("Control+k", "Control+k")
    expect(palette(visitor)).to_have_count(0)


def test_a_command_is_found_by_its_words_and_done(visitor: Visitor) -> None:
    visitor.opens()
    visitor.presses("Control+k")
    field(visitor).press_sequentially("leader")
    expect(active(visitor)).to_have_text("Leaderboard")
    visitor.presses("Enter")
    expect(visitor.page.get_by_role("heading", name="Leaderboard", level=1)).to_be_visible()
    # What was done last comes first, on every page.
    visitor.presses("Control+k")
    expect(palette(visitor).get_by_role("group", name="Recent", exact=True)).to_contain_text("Leaderboard")


def test_only_what_is_there_is_listed(visitor: Visitor) -> None:
    visitor.opens("/settings/")
    visitor.presses("Control+k")
    expect(palette(visitor).get_by_role("option", name="New chat")).to_be_visible()
    expect(palette(visitor).get_by_role("option", name="Rename")).to_have_count(0)
    expect(palette(visitor).get_by_role("option", name="Write a message")).to_have_count(0)
    visitor.presses("Escape")
    visitor.asks("mirror", "Something to name")
    visitor.sees_answer()
    visitor.presses("Control+k")
    field(visitor).press_sequentially("rename")
    visitor.presses("Enter")
    expect(visitor.field("Title")).to_be_focused()


def test_the_acts_of_the_menu_are_commands(visitor: Visitor) -> None:
    visitor.asks("mirror", "Kept for later")
    visitor.sees_answer()
    visitor.presses("Control+k")
    field(visitor).press_sequentially("notes")
    expect(active(visitor)).to_have_text("Notes…")
    visitor.presses("Enter")
    expect(
        visitor.page.get_by_role("dialog", name="About this conversation").locator("textarea")
    ).to_be_focused()


def test_arrows_walk_and_a_screen_reader_hears_where(visitor: Visitor) -> None:
    visitor.opens()
    visitor.presses("Control+k")
    options = palette(visitor).get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    visitor.presses("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    visitor.presses("ArrowDown", "ArrowDown")
    second = options.nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field(visitor)).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")


def test_a_conversation_is_found_and_opened(visitor: Visitor) -> None:
    visitor.asks("mirror", "Platypus facts for children")
    visitor.sees_answer()
    visitor.opens()
    visitor.presses("Control+k")
    field(visitor).press_sequentially("platypus")
    option = palette(visitor).get_by_role("option").filter(has_text="Platypus facts").first
    expect(option).to_be_visible()
    option.click()
    visitor.sees_answer("Platypus facts for children")


def test_a_finger_opens_it_too(server: Server, invite: Callable[..., Visitor]) -> None:
    visitor = invite(server, viewport={"width": 390, "height": 844}, has_touch=True)
    visitor.opens()
    visitor.page.get_by_role("link", name="Open history").click()
    visitor.button("Commands").click()
    expect(field(visitor)).to_be_focused()


def test_settings_are_closed_and_opened_as_a_column_too(
    server: Server, invite: Callable[..., Visitor]
) -> None:
    visitor = invite(server, viewport={"width": 1440, "height": 900})
    visitor.opens()
    visitor.presses("Control+k")
    field(visitor).press_sequentially("settings")
    palette(visitor).get_by_role("option", name="Close settings").click()
    expect(visitor.settings).to_be_hidden()
    expect(visitor.page.get_by_role("link", name="Open settings")).to_be_focused()
    # They stay so, until they are opened.
    visitor.reloads()
    expect(visitor.message).to_be_visible()
    expect(visitor.settings).to_be_hidden()
    visitor.presses("Control+k")
    field(visitor).press_sequentially("settings")
    palette(visitor).get_by_role("option", name="Open settings").click()
    expect(visitor.settings).to_be_visible()


def test_a_drawer_that_is_closed_is_not_offered_to_be_closed(
    server: Server, invite: Callable[..., Visitor]
) -> None:
    visitor = invite(server, viewport={"width": 390, "height": 844})
    visitor.opens()
    visitor.presses("Control+k")
    field(visitor).press_sequentially("settings")
    expect(palette(visitor).get_by_role("option", name="Open settings")).to_be_visible()
    expect(palette(visitor).get_by_role("option", name="Close settings")).to_have_count(0)
