"""The history: pinning from it."""

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_pinning_keeps_what_is_searched_for_and_who_stands_in_the_list(visitor: Visitor) -> None:
    for text in ("Wombats at dusk", "Quokkas at noon"):
        visitor.asks("mirror", text)
        visitor.sees_answer(text)
    # Nothing is to be heard of an answer while somebody searches.
    visitor.opens("/")
    rows = visitor.history.get_by_role("listitem")
    visitor.page.get_by_role("searchbox", name="Search conversations").fill("wombat")
    expect(rows).to_have_count(1)
    visitor.button("Pin Wombats at dusk").press("Enter")
    expect(visitor.history.get_by_role("heading", name="Pinned")).to_be_visible()
    expect(rows).to_have_count(1)
    expect(rows.get_by_role("link", name="Wombats at dusk")).to_be_focused()
    visitor.button("Unpin Wombats at dusk").press("Enter")
    expect(visitor.history.get_by_role("heading", name="Pinned")).to_have_count(0)
    expect(rows).to_have_count(1)
