"""What a reader does with a link: read with and without JavaScript, turned, laid side by side, gone on from."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.owner import Owner
from tests.browser.visitor import Visitor
from tests.servers import Server


def test_without_javascript_it_is_a_good_page(
    owner: Owner, server: Server, invite: Callable[..., Visitor]
) -> None:
    owner.asks("mirror", "First line\n\n- a list\n- of two")
    owner.sees_answer()
    owner.begins_to_share()
    path = owner.creates()
    reader = invite(server, java_script_enabled=False).opens(path)
    expect(reader.text_of(reader.questions)).to_have_text(
        "First line\n\n- a list\n- of two", use_inner_text=True
    )
    expect(reader.button("Copy")).to_have_count(0)
    reader.page.get_by_role("link", name="View code").click()
    reader.page.get_by_role("link", name="cURL").click()
    expect(reader.page.get_by_role("region", name="Code")).to_contain_text('"model": "mirror"')
    assert reader.context.cookies() == []


def test_a_reader_goes_on_in_their_own_history(owner: Owner, reader: Visitor) -> None:
    owner.asks("mirror", "Take me further")
    owner.sees_answer()
    owner.begins_to_share()
    reader.opens(owner.creates())
    reader.page.get_by_role("link", name="Continue from here").first.click()
    reader.sees("goes into your own history: 2 messages")
    reader.button("Copy it and continue").click()
    expect(reader.page).to_have_url(re.compile("/c/[0-9a-f-]{36}/$"))
    expect(reader.questions).to_have_count(1)
    reader.sends("Further")
    expect(reader.answers).to_have_count(2)
    reader.sees_answer("Further")


def test_alternatives_are_turned_by_a_reader(owner: Owner, reader: Visitor) -> None:
    owner.asks("mirror", "Once more")
    owner.sees_answer()
    owner.does("Regenerate", owner.answers.last)
    expect(owner.page.get_by_text("2 / 2")).to_be_visible()
    owner.sees_answer()
    owner.begins_to_share()
    owner.ticks("Alternatives, with all that was said below them")
    expect(owner.preview.get_by_text("2 / 2")).to_be_visible()
    reader.opens(owner.creates())
    reader.page.get_by_role("link", name="Previous alternative").click()
    expect(reader.page.get_by_text("1 / 2")).to_be_visible()
    reader.page.get_by_role("link", name="Next alternative").click()
    expect(reader.page.get_by_text("2 / 2")).to_be_visible()


def compares(owner: Owner) -> str:
    """The link to a comparison of two panes."""
    owner.opens("/compare/?models=mirror,mirror&prompt=Which")
    owner.message.press("Control+Enter")
    expect(owner.page).to_have_url(re.compile("/compare/[0-9a-f-]{36}/$"))
    expect(owner.page.locator("article[data-status=finished]").filter(has_text="Which")).to_have_count(4)
    owner.begins_to_share()
    return owner.creates()


def test_a_comparison_is_shared_side_by_side(
    owner: Owner, server: Server, invite: Callable[..., Visitor]
) -> None:
    path = compares(owner)
    reader = invite(server).opens(path)
    panes = [reader.page.get_by_role("region", name=f"Pane {number}", exact=True) for number in (1, 2)]
    boxes = [pane.bounding_box() or {} for pane in panes]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]
    phone = invite(server, viewport={"width": 390, "height": 844}).opens(path)
    second = phone.page.get_by_role("navigation", name="Panes").get_by_role("link").nth(1)
    second.click()
    expect(second).to_have_attribute("aria-current", "true")
    expect(phone.page.get_by_role("region", name="Pane 2", exact=True)).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
