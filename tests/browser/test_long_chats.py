"""A conversation of hundreds of messages: it opens anywhere, and only what is near is in the page."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.long_talk import put_long_talk
from tests.browser.visitor import Visitor
from tests.servers import Server

NUMBERS = """() => [...document.querySelectorAll("article [data-part=text]")]
    .map(part => Number(/(?:Question|Answer) (\\d+)/.exec(part.textContent)[1]))"""
MOST_IN_THE_PAGE = 250


@pytest.fixture(scope="module")
def long_talk(server: Server) -> tuple[str, str]:
    path, message = put_long_talk(server, "Six hundred", 600, 300)
    return path, str(message)


@pytest.fixture
def log(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("log", name="Messages")


def numbers(visitor: Visitor) -> list[int]:
    """Of the messages in the page. They stand in their order, without a gap."""
    found: list[int] = visitor.evaluate(NUMBERS)
    assert found == list(range(found[0], found[0] + len(found)))
    return found


def scrolls_until(visitor: Visitor, log: Locator, pixels: int, number: int) -> list[int]:
    """Until this message is in the page. Returns how many there were each time."""
    counts = []
    for _ in range(400):
        found = numbers(visitor)
        counts.append(len(found))
        if number in found:
            return counts
        log.evaluate("(log, pixels) => (log.scrollTop += pixels)", pixels)
        visitor.page.wait_for_function(
            "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true), 30)))"
        )
    raise AssertionError(f"Message {number} never came.")


def test_one_reads_all_of_it_up_and_down_and_only_what_is_near_is_in_the_page(
    visitor: Visitor, long_talk: tuple[str, str], log: Locator
) -> None:
    visitor.opens(long_talk[0])
    visitor.sees_answer("Answer 599")
    assert len(numbers(visitor)) <= 100
    up = scrolls_until(visitor, log, -2500, 0)
    down = scrolls_until(visitor, log, 2500, 599)
    assert max(up + down) < MOST_IN_THE_PAGE


def test_it_opens_at_the_message_that_the_address_names(visitor: Visitor, long_talk: tuple[str, str]) -> None:
    path, message = long_talk
    visitor.opens(f"{path}?at={message}")
    named = visitor.page.locator(f"#message-{message}")
    expect(named).to_be_focused()
    expect(named).to_be_in_viewport()
    expect(named).to_contain_text("Question 300")
    assert 599 not in numbers(visitor)


def test_one_jumps_from_there_to_the_latest(visitor: Visitor, long_talk: tuple[str, str]) -> None:
    path, message = long_talk
    visitor.opens(f"{path}?at={message}")
    visitor.button("Jump to latest").click()
    visitor.sees_answer("Answer 599")
    expect(visitor.answers.last).to_be_in_viewport()
    expect(visitor.button("Jump to latest")).to_be_hidden()


def test_what_is_sent_from_there_goes_to_the_end_and_is_shown(visitor: Visitor, server: Server) -> None:
    path, message = put_long_talk(server, "Two hundred", 200, 50)
    visitor.opens(f"{path}?at={message}")
    visitor.sends("And now")
    visitor.sees_answer("And now")
    expect(visitor.questions.last).to_be_in_viewport()
    expect(visitor.page.get_by_text("Answer 199")).to_have_count(1)


def test_what_another_tab_sends_does_not_move_who_reads_far_above(visitor: Visitor, server: Server) -> None:
    path, message = put_long_talk(server, "Two hundred more", 200, 50)
    visitor.opens(f"{path}?at={message}")
    named = visitor.page.locator(f"#message-{message}")
    expect(named).to_be_in_viewport()
    before = numbers(visitor)
    elsewhere = visitor.opens_a_second_tab().opens(path)
    elsewhere.sends("From elsewhere")
    elsewhere.sees_answer("From elsewhere")
    later = visitor.page.locator("[data-later]")
    tip = elsewhere.answers.last.get_attribute("data-message")
    expect(later).to_have_attribute("data-message", tip or "")
    assert numbers(visitor) == before
    expect(named).to_be_in_viewport()
    visitor.button("Jump to latest").click()
    visitor.sees_answer("From elsewhere")
