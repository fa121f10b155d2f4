"""Somebody with a conversation of several branches, and how they look at its tree."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


class Gardener(Visitor):
    """Somebody with a conversation of several branches."""

    def says(self, text: str) -> None:
        count = self.answers.count()
        self.sends(text)
        expect(self.answers).to_have_count(count + 1)
        self.sees_answer(text)

    def grows(self) -> None:
        """One, two, three with their answers; and beside two, other, which is shown."""
        self.asks("mirror", "one")
        self.sees_answer("one")
        self.says("two")
        self.says("three")
        self.edits(1, "other")
        self.sees_answer("other")

    def edits(self, question: int, text: str) -> None:
        """Saves and runs: an alternative."""
        self.does("Edit", self.questions.nth(question))
        self.field("Edit message").fill(text)
        self.button("Save and run").click()
        expect(self.field("Edit message")).to_have_count(0)

    def reads(self) -> list[str]:
        return self.questions.locator("[data-part=text]").all_inner_texts()

    def sees_questions(self, *texts: str) -> None:
        expect(self.questions.locator("[data-part=text]")).to_have_text([*texts])

    # The tree

    @property
    def tree(self) -> Locator:
        return self.page.get_by_role("tree", name="Messages")

    def piece(self, words: str) -> Locator:
        return self.tree.get_by_role("treeitem", name=words)

    @property
    def here(self) -> Locator:
        """What one stands on."""
        return self.tree.locator(":focus")

    def opens_the_tree(self) -> None:
        self.picks("Tree")
        expect(self.tree).to_be_visible()
        expect(self.here).to_have_count(1)

    def stands_on(self, words: str) -> None:
        expect(self.here).to_have_attribute("aria-label", re.compile(re.escape(words)))

    def scale(self) -> int:
        return int(self.page.get_by_label("Size").inner_text().split()[0])
