"""With no key at all: the demo models answer, and the page says how to connect a real one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.servers import Server


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server]) -> Server:
    return start_server({})


def test_the_page_says_that_demo_models_answer_and_how_to_connect_a_provider(visitor: Visitor) -> None:
    visitor.opens()
    visitor.sees("Two demo models answer right away")
    visitor.sees("TOGETHER_API_KEY")
    expect(visitor.message).to_be_focused()


def test_the_demo_model_answers_at_once(visitor: Visitor) -> None:
    visitor.opens()
    visitor.sends("The value of a list is")
    visitor.sees_answer()
    assert visitor.text_of(visitor.answers.last).inner_text()
    assert visitor.path.startswith("/c/")


def test_the_tour_shows_a_table_code_and_a_formula(visitor: Visitor) -> None:
    visitor.opens()
    visitor.page.get_by_role("button", name="A tour").click()
    visitor.message.press("Enter")
    visitor.sees_answer()
    text = visitor.text_of(visitor.answers.last)
    expect(text.locator("table td").first).to_be_visible()
    expect(text.locator("pre code").first).to_be_visible()
    expect(text.locator(".katex").first).to_be_visible()
