"""A transcript that one owns: messages are added, moved, muted, edited; and two tabs that do so at once."""

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor


def texts(visitor: Visitor) -> Locator:
    return visitor.page.locator("#chat article [data-part=text]")


def chooses(visitor: Visitor, item: str, message: Locator) -> None:
    visitor.does("More", message)
    visitor.page.get_by_role("menuitem", name=item).click()


def rewrites(visitor: Visitor, message: Locator, text: str) -> None:
    visitor.does("Edit", message)
    visitor.field("Edit message").fill(text)


def test_a_message_is_added_moved_by_key_and_muted(visitor: Visitor) -> None:
    visitor.asks("mirror", "Hello")
    visitor.sees_answer("Hello")
    chooses(visitor, "Add above", visitor.questions.first)
    visitor.field("New message").fill("Be kind")
    visitor.page.get_by_role("form", name="New message above").get_by_role("combobox").select_option("system")
    visitor.button("Add").click()
    expect(texts(visitor)).to_have_text(["Be kind", "Hello", "Hello"])
    added = visitor.page.get_by_role("article", name="System message")
    visitor.button("Move", added).focus()
    visitor.presses("Alt+ArrowDown")
    expect(texts(visitor)).to_have_text(["Hello", "Be kind", "Hello"])
    expect(visitor.button("Move", added)).to_be_focused()
    visitor.sees("Moved: now message 2 of 3")
    chooses(visitor, "Do not send", added)
    expect(added).to_contain_text("not sent")
    visitor.reloads()
    expect(texts(visitor)).to_have_text(["Hello", "Be kind", "Hello"])
    chooses(visitor, "Send again", added)
    expect(added).not_to_contain_text("not sent")


def test_a_message_is_dragged_to_its_place(visitor: Visitor) -> None:
    visitor.asks("mirror", "Hello")
    visitor.sees_answer("Hello")
    answer = visitor.answers.last
    answer.hover()
    visitor.button("Move", answer).drag_to(visitor.questions.first, target_position={"x": 200, "y": 4})
    expect(visitor.page.locator("#chat article").first).to_have_attribute("aria-label", "Assistant message")


def test_only_the_last_move_is_taken_back_and_once(visitor: Visitor) -> None:
    visitor.asks("mirror", "one")
    visitor.sees_answer("one")
    visitor.sends("two")
    visitor.sees_answer("two")
    articles = visitor.page.locator("#chat article")
    visitor.button("Move", articles.nth(2)).focus()
    for place in (2, 1):
        visitor.presses("Alt+ArrowUp")
        visitor.sees(f"Moved: now message {place} of 4")
    expect(texts(visitor)).to_have_text(["two", "one", "one", "two"])
    toasts = visitor.page.locator(".toast")
    expect(toasts).to_have_count(1)
    visitor.button("Undo", toasts).focus()
    visitor.presses("Enter")
    expect(texts(visitor)).to_have_text(["one", "two", "one", "two"])
    expect(toasts).to_have_count(0)
    expect(visitor.message).to_be_focused()
    visitor.reloads()
    expect(texts(visitor)).to_have_text(["one", "two", "one", "two"])


def test_a_chat_begins_with_messages_that_nobody_answers(visitor: Visitor) -> None:
    visitor.opens("/")
    visitor.chooses("mirror")
    visitor.writes("Be kind")
    visitor.button("Add without sending").click()
    visitor.page.get_by_role("menuitem", name="Add as a system message").click()
    expect(texts(visitor)).to_have_text(["Be kind"])
    expect(visitor.message).to_have_value("")
    visitor.sends("Hello")
    visitor.sees_answer("Hello")
    expect(texts(visitor)).to_have_text(["Be kind", "Hello", "Hello"])


def test_of_two_tabs_that_edit_one_message_one_is_told_and_keeps_its_text(visitor: Visitor) -> None:
    visitor.asks("mirror", "Hello")
    visitor.sees_answer("Hello")
    other = visitor.opens_a_second_tab()
    rewrites(other, other.questions.first, "Theirs")
    rewrites(visitor, visitor.questions.first, "Mine")
    visitor.button("Save").click()
    expect(texts(visitor).first).to_have_text("Mine")
    other.button("Save").click()
    other.sees("Not saved: these words were changed since you opened them. Yours are still here.")
    expect(other.field("Edit message")).to_have_value("Theirs")
    other.page.get_by_text("See the newer words").click()
    other.sees("Mine")
    # Whoever comes back to what they typed still saves it over nothing that they have not seen.
    other.reloads()
    other.does("Edit", other.questions.first)
    expect(other.field("Edit message")).to_have_value("Theirs")
    other.button("Save").click()
    other.sees("Not saved: these words were changed since you opened them.")
    other.button("Save mine over them").click()
    expect(texts(other).first).to_have_text("Theirs")
    expect(texts(visitor).first).to_have_text("Theirs")


def test_what_one_tab_does_the_other_shows(visitor: Visitor) -> None:
    visitor.asks("mirror", "one")
    visitor.sees_answer("one")
    visitor.sends("two")
    expect(texts(visitor)).to_have_text(["one", "one", "two", "two"])
    visitor.sees_answer("two")
    other = visitor.opens_a_second_tab()
    chooses(visitor, "Move down", visitor.questions.first)
    expect(visitor.answers.first).to_be_visible()
    for tab in (visitor, other):
        expect(tab.page.locator("#chat article").first).to_have_attribute("aria-label", "Assistant message")
    chooses(other, "Do not send", other.questions.first)
    expect(visitor.questions.first).to_contain_text("not sent")
    rewrites(other, other.answers.last, "Otherwise")
    other.button("Save").click()
    expect(texts(visitor).last).to_have_text("Otherwise")


def test_the_original_is_put_back(visitor: Visitor) -> None:
    visitor.asks("mirror", "Hello")
    visitor.sees_answer("Hello")
    rewrites(visitor, visitor.answers.last, "My words")
    visitor.button("Save").click()
    expect(texts(visitor).last).to_have_text("My words")
    visitor.answers.last.get_by_text("edited", exact=True).click()
    visitor.button("Restore the original").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Restore the original").click()
    expect(texts(visitor).last).to_have_text("Hello")
