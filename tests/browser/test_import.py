"""Importing: a file is chosen, and what was in it stands in the history. What was not kept is said."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.imports.test_chatgpt import branched, conversation, node, root


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Of ChatGPT: a talk with branches, and one with an image that is not in the file."""
    image = {
        "content_type": "multimodal_text",
        "parts": ["Look at this", {"content_type": "image_asset_pointer"}],
    }
    pictured = conversation(root("q"), node("q", "root", content=image), current="q") | {"title": "A picture"}
    return written(tmp_path / "conversations.json", [branched(), pictured])


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value) if not isinstance(value, str) else value)
    return path


def imports(visitor: Visitor, file: Path) -> Any:
    visitor.opens("/transfers/")
    expect(visitor.page.locator("form[data-mounted]")).to_be_visible()
    visitor.page.get_by_label("File to import").set_input_files(file)
    row = visitor.page.locator(".transfer").first
    expect(row).not_to_have_attribute("data-status", "running", timeout=20_000)
    return row


def test_an_export_of_chatgpt_is_imported_and_gone_on_with(visitor: Visitor, export: Path) -> None:
    row = imports(visitor, export)
    expect(row).to_contain_text("ChatGPT")
    expect(row).to_contain_text("2 conversations, 6 messages")
    row.get_by_text("Not kept, or repaired (1)").click()
    expect(row).to_contain_text("An image was left out")
    visitor.history.get_by_role("link", name="Weather").click()
    answers = visitor.page.get_by_role("article", name="Assistant message")
    expect(answers).to_have_count(1)
    expect(answers).to_contain_text("Yes.")
    expect(answers).to_contain_text("gpt-5-thinking")
    expect(answers).to_contain_text("imported")
    visitor.button("Next alternative").last.click()
    expect(answers).to_contain_text("No.")


def test_a_file_that_is_something_else_says_so(visitor: Visitor, tmp_path: Path) -> None:
    row = imports(visitor, written(tmp_path / "page.json", "<html>"))
    expect(row).to_have_attribute("data-status", "failed")
    expect(row).to_contain_text("The file is not JSON")


def test_undo_asks_and_takes_all_of_it_back(visitor: Visitor, tmp_path: Path) -> None:
    row = imports(visitor, written(tmp_path / "storms.json", [branched() | {"title": "Storms"}]))
    expect(visitor.history.get_by_role("link", name="Storms")).to_be_visible()
    row.get_by_role("button", name="Undo import").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Undo import").click()
    expect(visitor.page.locator(".transfer").first).to_contain_text("Undone.")
    expect(visitor.history.get_by_role("link", name="Storms")).to_have_count(0)


def test_a_long_file_comes_in_pieces_although_the_line_breaks(visitor: Visitor, tmp_path: Path) -> None:
    turns = [{"from": "human", "value": "x" * 300_000}] * 20
    file = written(tmp_path / "long.json", [{"conversations": turns}])
    broken: list[str] = []

    def once_broken(route: Any) -> None:
        if len(broken) < 1 and "at=4194304" in route.request.url:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    visitor.page.route("**/pieces/**", once_broken)
    row = imports(visitor, file)
    expect(row).to_contain_text("1 conversation, 20 messages")
    assert broken


def test_the_keyboard_reaches_it_and_a_drop_is_taken(visitor: Visitor, export: Path) -> None:
    visitor.opens("/transfers/")
    visitor.page.get_by_label("File to import").focus()
    expect(visitor.page.get_by_label("File to import")).to_be_focused()
    content = export.read_text()
    drop = """(content) => {
      const data = new DataTransfer()
      data.items.add(new File([content], "dropped.json"))
      const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
      document.querySelector("[data-drop]").dispatchEvent(drop)
    }"""
    visitor.page.evaluate(drop, content)
    expect(visitor.page.locator(".transfer").first).to_contain_text("2 conversations", timeout=20_000)
