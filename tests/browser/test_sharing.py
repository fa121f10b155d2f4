"""Share: chosen and previewed, copied, changed, ended."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.owner import Owner
from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.servers import Server

KEY = "sk-proj-abcdefghijklmnopqrstuv"
EVERY_LOOK = [(width, scheme) for width in (1440, 768, 390) for scheme in ("light", "dark")]


def test_what_is_previewed_is_what_a_reader_sees(owner: Owner, reader: Visitor) -> None:
    owner.opens()
    owner.field("System prompt").fill("Be brief.")
    owner.chooses("mirror")
    owner.sends("Show **this** and `that`")
    owner.sees_answer()
    owner.begins_to_share()
    expect(owner.preview.locator(".prose strong")).to_have_count(2)
    expect(owner.preview).not_to_contain_text("Be brief.")
    owner.ticks("System prompt")
    expect(owner.preview).to_contain_text("Be brief.")
    previewed = owner.preview.get_by_role("article").all_inner_texts()
    path = owner.creates()
    reader.opens(path)
    expect(reader.page.locator(".prose strong").nth(1)).to_be_visible()
    assert reader.page.get_by_role("article").all_inner_texts() == previewed
    assert reader.context.cookies() == []
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("Show **this** and `that")


def test_a_link_is_copied_and_told_no_more(owner: Owner) -> None:
    owner.asks("mirror")
    owner.sees_answer()
    owner.begins_to_share()
    path = owner.creates()
    expect(owner.copies).to_be_focused()
    owner.presses("Enter")
    expect(owner.dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert owner.evaluate("navigator.clipboard.readText()") == owner.url + path
    owner.button("Back to the choices").click()
    owner.sees("The link shows just this")
    assert path not in owner.page.content()


def test_a_scan_warns_and_a_message_is_hidden_by_a_press(owner: Owner, reader: Visitor) -> None:
    owner.asks("mirror", f"My key is {KEY}")
    owner.sees_answer()
    owner.message.fill("Something else")
    owner.presses("Enter")
    expect(owner.answers).to_have_count(2)
    owner.sees_answer("Something else")
    owner.begins_to_share()
    owner.sees("Look at this before you share it")
    owner.button("Create link", owner.dialog).click()
    expect(owner.dialog.get_by_role("alert")).to_contain_text("looks like a key")
    owner.dialog.get_by_role("button", name="Hide this message").first.click()
    expect(owner.preview.get_by_role("article")).to_have_count(3)
    owner.dialog.get_by_role("button", name="Hide this message").first.click()
    expect(owner.dialog.get_by_text("Look at this before you share it")).to_have_count(0)
    expect(owner.preview).not_to_contain_text(KEY)
    path = owner.creates()
    reader.opens(path)
    expect(reader.page.get_by_role("article")).to_have_count(2)
    assert KEY not in reader.page.content()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("A shared conversation")


def test_what_looks_like_a_secret_is_shared_knowingly(owner: Owner, reader: Visitor) -> None:
    owner.asks("mirror", f"My key is {KEY}")
    owner.sees_answer()
    owner.begins_to_share()
    owner.ticks("I know, and share it all the same")
    reader.opens(owner.creates())
    reader.sees(re.compile(KEY))


def test_an_update_shows_on_the_same_link_and_revoking_ends_it(owner: Owner, reader: Visitor) -> None:
    owner.asks("mirror", "Before")
    owner.sees_answer()
    owner.begins_to_share()
    path = owner.creates()
    owner.button("Done").click()
    owner.sends("After")
    expect(owner.answers).to_have_count(2)
    owner.sees_answer("After")
    reader.opens(path)
    expect(reader.page.get_by_text("After")).to_have_count(0)
    owner.begins_to_share()
    owner.sees("Changed since it was shared")
    owner.button("Update the page").click()
    owner.sees("The link shows it as it is now")
    reader.reloads()
    expect(reader.page.get_by_text("After").first).to_be_visible()
    owner.button("Back to the choices").click()
    owner.button("Revoke").click()
    owner.sees("the link is dead")
    reader.reloads()
    reader.sees("There is nothing here")
    owner.button("Undo", owner.dialog).click()
    owner.sees("It ends on")
    reader.reloads()
    expect(reader.page.get_by_text("After").first).to_be_visible()


def test_deleting_a_message_ends_the_link_and_undo_brings_it_back(owner: Owner, reader: Visitor) -> None:
    owner.asks("mirror", "To be deleted")
    owner.sees_answer()
    owner.begins_to_share()
    path = owner.creates()
    owner.button("Done").click()
    owner.does("Delete", owner.answers.last)
    expect(owner.answers).to_have_count(0)
    reader.opens(path)
    reader.sees("There is nothing here")
    owner.button("Undo").click()
    expect(owner.answers).to_have_count(1)
    reader.reloads()
    reader.sees("To be deleted")


def test_the_list_of_links_tells_and_ends_them(owner: Owner, reader: Visitor) -> None:
    owner.asks("mirror", "In the list")
    owner.sees_answer()
    owner.begins_to_share()
    path = owner.creates()
    owner.opens("/shares/")
    row = (
        owner.page.get_by_role("listitem").filter(has_text="In the list").filter(has_text="Open until").first
    )
    expect(row).to_contain_text("0 views")
    row.get_by_role("combobox").select_option("never")
    expect(owner.page.get_by_text("without an end").first).to_be_visible()
    row = owner.page.get_by_role("listitem").filter(has_text="without an end").first
    owner.button("Revoke", row).click()
    owner.sees("Link revoked")
    reader.opens(path)
    reader.sees("There is nothing here")
    owner.page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(owner.page.get_by_text("without an end").first).to_be_visible()
    reader.reloads()
    reader.sees("In the list")


def test_the_dialog_by_keyboard_alone(owner: Owner) -> None:
    owner.asks("mirror")
    owner.sees_answer()
    owner.button("Share").focus()
    owner.presses("Enter")
    expect(owner.dialog).to_be_visible()
    owner.dialog.get_by_role("checkbox", name="Model names").focus()
    owner.presses("Space")
    expect(owner.preview).not_to_contain_text("mirror")
    owner.button("Create link", owner.dialog).focus()
    owner.presses("Enter")
    expect(owner.copies).to_be_focused()
    owner.presses("Escape")
    expect(owner.dialog).to_have_count(0)
    expect(owner.button("Share")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), EVERY_LOOK)
def test_axe_finds_nothing(server: Server, invite: Callable[..., Owner], width: int, scheme: str) -> None:
    look: dict[str, Any] = {
        "color_scheme": scheme, "viewport": {"width": width, "height": 900}, "reduced_motion": "reduce",
    }  # fmt: skip
    owner = invite(server, Owner, **look)
    owner.asks(
        "mirror",
        "# A heading\n\nMail mira@example.org\n\n```py\nprint('x')\n```",
    )
    owner.sees_answer()
    owner.begins_to_share()
    for words in ("System prompt", "Facts: times, tokens, how it ended", "Settings and provider"):
        owner.ticks(words)
    expect(owner.preview).to_contain_text("tok/s")
    assert complaints(owner) == []
    owner.ticks("I know, and share it all the same")
    path = owner.creates()
    assert complaints(owner) == []
    for page in (path, f"{path}code/", f"{path}continue/", "/s/nothing/", "/shares/"):
        reader = invite(server, **look).opens(page)
        expect(reader.page.get_by_role("heading", level=1).first).to_be_visible()
        assert complaints(reader) == []
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
