"""A conversation is taken away: by menu and by keys, as one file or several, on paper; and nothing of it runs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.side_by_side import compares, sees_all
from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("models_side_by_side")

HOSTILE = (
    "</div><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"
    "<style>*{display:none}</style><iframe src=https://tracker.example.test></iframe>"
)


def asked(visitor: Visitor, text: str) -> None:
    visitor.asks("mirror", text)
    expect(visitor.answers).to_have_attribute("data-status", "finished")


def taken(page: Page, choose: Callable[[], object]) -> tuple[str, str]:
    """Its name, and what stands in it."""
    with page.expect_download() as download:
        choose()
    return download.value.suggested_filename, Path(download.value.path()).read_text()


def test_a_chat_is_exported_by_keys_and_all_of_it_is_there(visitor: Visitor) -> None:
    asked(visitor, "Hello, export")
    visitor.button("Export").focus()
    visitor.presses("Enter")
    expect(visitor.page.get_by_role("menuitem", name="JSON everything")).to_be_focused()
    assert complaints(visitor.page) == []
    name, text = taken(visitor.page, lambda: visitor.presses("Enter"))
    assert name == "Hello, export.json"
    [chat] = json.loads(text)["conversations"]
    assert [each["role"] for each in chat["messages"]] == ["user", "assistant"]
    assert chat["messages"][0]["parts"] == [{"text": "Hello, export", "type": "text"}]


def test_in_an_exported_page_nothing_runs_and_nothing_is_loaded(visitor: Visitor, tmp_path: Path) -> None:
    asked(visitor, HOSTILE)
    visitor.button("Export").click()
    name, text = taken(visitor.page, visitor.page.get_by_role("menuitem", name="HTML").click)
    assert name.endswith(".html")
    file = tmp_path / "page.html"
    file.write_text(text)
    page = visitor.context.new_page()
    asked_for: list[str] = []
    opened: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    expect(page.locator("article.user .text")).to_have_text(HOSTILE)
    assert page.locator("script, iframe, svg, img").count() == 0
    assert asked_for == [file.as_uri()]
    assert opened == []
    # And if a script had come in, its policy would not let it run.
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s) }"
    )
    assert page.evaluate("() => window.ran") is None
    page.close()


def test_a_selection_is_one_file(visitor: Visitor) -> None:
    for text in ("First of two", "Second of two"):
        asked(visitor, text)
    visitor.opens("/history/all/")
    for text in ("First of two", "Second of two"):
        visitor.page.locator(".entry").filter(has_text=text).first.locator("[data-box]").check()
    visitor.button("Export…").click()
    dialog = visitor.page.get_by_role("dialog", name="Export the selection")
    dialog.get_by_role("combobox").select_option("jsonl")
    name, text = taken(visitor.page, visitor.button("Export", dialog).click)
    assert name == "conversations.jsonl"
    assert [json.loads(line)["messages"][0]["content"] for line in text.splitlines()] == [
        "First of two",
        "Second of two",
    ]


def test_everything_is_one_file(visitor: Visitor) -> None:
    asked(visitor, "One of everything")
    visitor.opens("/export/")
    assert complaints(visitor.page) == []
    _, text = taken(visitor.page, visitor.page.get_by_role("link", name="Markdown").click)
    assert "## User\n\nOne of everything\n" in text


def test_a_comparison_is_exported_by_keys_from_its_menu(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", text="To both")
    sees_all(visitor, "finished", 2)
    visitor.button("More for this conversation").focus()
    visitor.presses("Enter")
    expect(visitor.page.get_by_role("menuitem", name="Sweep")).to_be_focused()
    visitor.presses("e", "e")
    expect(visitor.page.get_by_role("menuitem", name="Export Markdown")).to_be_focused()
    assert complaints(visitor.page) == []
    name, text = taken(visitor.page, lambda: visitor.presses("Enter"))
    assert name == "To both.md"
    assert "## Pane 2: echo" in text
    visitor.presses("Control+k")
    visitor.page.get_by_role("dialog").get_by_role("combobox").fill("export json")
    expect(visitor.page.get_by_role("option", name="Export JSON", exact=True)).to_be_visible()
    name, _ = taken(visitor.page, lambda: visitor.presses("Enter"))
    assert name == "To both.json"


def test_paper_has_the_panes_of_a_comparison_beside_one_another(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot", text="For **paper**")
    sees_all(visitor, "finished", 3)
    visitor.context.add_init_script("window.printed = 0; window.print = () => { window.printed++ }")
    visitor.button("More for this conversation").click()
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("menuitem", name="Print or PDF").click()
    page = opened.value
    page.wait_for_function("() => window.printed === 1")
    assert complaints(page) == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # a sheet of A4
    panes = [page.get_by_role("region", name=f"Pane {number}") for number in (1, 2, 3)]
    first, second, third = (pane.bounding_box() or {} for pane in panes)
    assert first["y"] == second["y"]
    assert first["x"] == third["x"]
    assert third["y"] >= first["y"] + first["height"]
    expect(panes[2].get_by_role("article")).to_have_count(2)
    expect(panes[2].locator(".message--user strong")).to_have_text("paper")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.close()


def test_paper_has_all_of_a_chat_and_no_buttons(visitor: Visitor) -> None:
    asked(visitor, "For paper: **bold**")
    visitor.context.add_init_script("window.printed = 0; window.print = () => { window.printed++ }")
    visitor.button("Export").click()
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("menuitem", name="Print or PDF").click()
    page = opened.value
    page.wait_for_function("() => window.printed === 1")
    page.emulate_media(media="print")
    expect(page.locator(".message--user strong")).to_have_text("bold")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("article")).to_have_count(2)
    page.close()
