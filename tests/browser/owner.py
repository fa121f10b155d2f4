"""Somebody who shares what they have."""

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


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
