"""Searching as a person does: what is found while one types, by keyboard, and what is said of what cannot be right."""

from playwright.sync_api import Locator, expect

from .visitor import Visitor


def field(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("searchbox", name="Search conversations")


def found(visitor: Visitor) -> Locator:
    return visitor.history.get_by_role("listitem")


def said(visitor: Visitor, *texts: str) -> None:
    for text in texts:
        visitor.opens()
        visitor.asks("mirror", text)
        visitor.sees_answer(text)


def test_what_was_said_is_found_as_one_types_and_opens_at_the_message(visitor: Visitor) -> None:
    said(visitor, "Wombats dig burrows", "Quokkas smile")
    field(visitor).press_sequentially("burr")
    expect(found(visitor)).to_have_count(1)
    expect(found(visitor).locator("mark").first).to_have_text("burrows")
    expect(visitor.history.get_by_role("link", name="Quokkas smile")).to_have_count(0)
    field(visitor).press("ArrowDown")
    visitor.presses("ArrowDown")
    focused = found(visitor).get_by_role("link").nth(1)
    expect(focused).to_be_focused()
    visitor.presses("Enter")
    visitor.page.wait_for_url("**/c/*/?at=*")
    visitor.sees_answer("Wombats dig burrows")


def test_escape_brings_the_history_back(visitor: Visitor) -> None:
    said(visitor, "Lemurs", "Tarsiers")
    field(visitor).press_sequentially("lemurs")
    expect(found(visitor)).to_have_count(1)
    field(visitor).press("ArrowDown")
    visitor.presses("Escape")
    expect(field(visitor)).to_be_focused()
    visitor.presses("Escape")
    expect(field(visitor)).to_have_value("")
    expect(visitor.history.get_by_role("link", name="Tarsiers")).to_be_visible()


def test_a_filter_is_completed_and_what_is_wrong_is_said_beside_the_field(visitor: Visitor) -> None:
    said(visitor, "Bandicoots")
    field(visitor).press_sequentially("bandicoots mod")
    completions = visitor.page.get_by_role("listbox", name="Completions")
    expect(completions.get_by_role("option")).to_have_count(1)
    visitor.presses("Tab")
    expect(field(visitor)).to_have_value("bandicoots model:")
    field(visitor).press_sequentially("mirr")
    expect(completions.get_by_role("option", name="model:mirror")).to_be_visible()
    visitor.presses("ArrowDown")
    expect(completions.get_by_role("option")).to_have_attribute("aria-selected", "true")
    visitor.presses("Enter")
    expect(field(visitor)).to_have_value("bandicoots model:mirror ")
    expect(found(visitor)).to_have_count(1)
    field(visitor).press_sequentially("cost:abc")
    error = visitor.history.get_by_role("alert")
    expect(error).to_contain_text("cost: wants a number of dollars, e.g. cost:>0.01")
    expect(error.locator("mark")).to_have_text("cost:abc")
    expect(found(visitor)).to_have_count(1)
    field(visitor).fill("bandicoots")
    expect(error).to_have_count(0)


def test_that_nothing_was_found_is_not_said_of_the_next_query(visitor: Visitor) -> None:
    visitor.opens()
    field(visitor).fill("nobodysaidthis")
    nothing = visitor.history.get_by_text("Nothing found for nobodysaidthis.")
    expect(nothing).to_be_visible()
    field(visitor).fill("cost:abc")
    expect(visitor.history.get_by_role("alert")).to_contain_text("cost: wants a number of dollars")
    expect(nothing).to_have_count(0)


def test_enter_opens_a_page_of_what_was_found(visitor: Visitor) -> None:
    said(visitor, "Numbats eat <b>termites</b>")
    field(visitor).fill("termites")
    field(visitor).press("Enter")
    visitor.page.wait_for_url("**/search/?q=termites")
    results = visitor.page.get_by_role("main").locator(".search-entry")
    expect(results).to_have_count(1)
    expect(results).to_contain_text("Numbats eat <b>termites</b>")
