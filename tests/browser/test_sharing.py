"""Share: chosen and previewed, opened by somebody else with and without JavaScript, changed, ended, gone on from."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.servers import Server

KEY = "sk-proj-abcdefghijklmnopqrstuv"
EVERY_LOOK = [(width, scheme) for width in (1440, 768, 390) for scheme in ("light", "dark")]


class Owner(Visitor):
    """Somebody who shares what they have."""

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog.share-dialog[open]")

    @property
    def preview(self) -> Locator:
        return self.dialog.get_by_role("region", name="As the reader sees it")

    @property
    def copies(self) -> Locator:
        """The button beside the link."""
        return self.button("Copy", self.dialog.locator(".share-link"))

    def begins_to_share(self) -> None:
        self.button("Share").click()
        expect(self.dialog).to_be_visible()

    def ticks(self, words: str) -> None:
        self.dialog.get_by_role("checkbox", name=words, exact=True).check()

    def creates(self) -> str:
        self.button("Create link", self.dialog).click()
        return self.link()

    def link(self) -> str:
        """The path of the one that is shown once."""
        return self.dialog.get_by_role("textbox", name="Link").input_value().removeprefix(self.url)


@pytest.fixture
def owner(server: Server, invite: Callable[..., Visitor]) -> Owner:
    came = invite(server, permissions=["clipboard-read", "clipboard-write"])
    came.page.close()
    return Owner(came.context, came.url, came.troubles)


@pytest.fixture
def reader(server: Server, invite: Callable[..., Visitor]) -> Visitor:
    """In a browser that has never been here."""
    return invite(server)


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
def test_axe_finds_nothing(
    owner: Owner, server: Server, invite: Callable[..., Visitor], width: int, scheme: str
) -> None:
    look: dict[str, Any] = {
        "color_scheme": scheme, "viewport": {"width": width, "height": 900}, "reduced_motion": "reduce",
    }  # fmt: skip
    came = invite(server, **look)
    came.page.close()
    owner = Owner(came.context, came.url, came.troubles)
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
