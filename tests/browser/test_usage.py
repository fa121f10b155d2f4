"""What it costs, before, while and after: the estimate, the budgets that hold, and the usage page."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from chat.estimates import BYTES_AROUND_A_MESSAGE, Rate, bytes_of
from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.crash.site import Site, wait_for
from tests.servers import Server
from tests.upstream import Gate, Hang, Head, Script, Upstream, stream
from tests.upstream.steps import Tokens

# USD per million tokens, as Together lists them: a token is a tenth of a cent.
PRICES = {"input": 1000, "output": 1000}
LISTED = {
    "object": "list",
    "data": [{"id": "dear", "type": "chat", "context_length": 400, "pricing": PRICES}],
}


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], upstream: Upstream) -> Iterator[Server]:
    usual, upstream.models = upstream.models, LISTED
    running = start_server()
    with Site(running) as site:
        wait_for(lambda: site.knows("dear"))
    yield running
    upstream.models = usual


def estimate_in(visitor: Visitor) -> str:
    place = visitor.page.locator("[data-estimate]")
    expect(place).to_be_visible()
    return str(place.text_content())


def expected(*texts: str) -> int:
    return Rate().tokens(sum(bytes_of(text) + BYTES_AROUND_A_MESSAGE for text in texts))


def test_the_estimate_grows_with_what_is_typed(visitor: Visitor) -> None:
    visitor.opens()
    visitor.chooses("dear")
    visitor.field("System prompt").fill("Sei nett, 简短 👩‍👩‍👧.")
    visitor.writes("Grüße aus 東京! " * 9)
    tokens = expected("Sei nett, 简短 👩‍👩‍👧.", "Grüße aus 東京! " * 9)
    place = visitor.page.locator("[data-estimate]")
    expect(place).to_have_text(f"~{tokens} tokens in · ~${tokens / 1000:.4f}")
    visitor.writes("x" * 2000)
    expect(place).to_contain_text("tokens in: more than the 400 that dear takes")
    place.focus()
    visitor.presses("Enter")
    visitor.sees(re.compile("4.0 bytes of text to a token"))
    visitor.presses("Escape")
    expect(visitor.page.locator("#estimate-method")).not_to_be_visible()


def test_the_totals_of_a_conversation_follow_its_answers(visitor: Visitor) -> None:
    visitor.asks("dear", "One two three")
    visitor.sees_answer()
    totals = visitor.page.get_by_role("list", name="This conversation")
    expect(totals).to_contain_text("1 answer")
    visitor.sends("Four")
    expect(totals).to_contain_text("2 answers")
    expect(totals).to_contain_text(re.compile(r"\$\d"))
    expect(visitor.answers.last).to_contain_text("in all")


def test_how_it_is_estimated_stays_open_when_the_figures_change(visitor: Visitor, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream(gate, "end"), model="dear")
    visitor.asks("dear")
    visitor.sees_status("running")
    visitor.writes("More")
    visitor.page.locator("[data-estimate]").click()
    method = visitor.page.locator("#estimate-method")
    expect(method).to_be_visible()
    with visitor.page.expect_response("**/tally/*"):
        gate.open()
    expect(visitor.page.get_by_role("list", name="This conversation")).to_contain_text("1 answer")
    expect(method).to_be_visible()
    visitor.presses("Escape")
    expect(method).to_be_hidden()


def test_a_budget_refuses_stops_and_is_kept(visitor: Visitor, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Tokens(["word "] * 5000, 400, 1), Hang()]), model="dear")
    visitor.opens()
    visitor.chooses("dear")
    visitor.number("Budget of this conversation, $").fill("0.5")
    visitor.sends("Hello")
    visitor.sees_text_growing()
    visitor.sees_status("stopped")
    visitor.sees("Stopped at the budget of $0.5000 of this conversation.")
    expect(visitor.page.get_by_role("list", name="This conversation")).to_contain_text("of $0.5000")
    asked = len(upstream.requests)
    visitor.sends("And now?")
    visitor.sees(re.compile(r"Not sent, to keep the budget of \$0.5000 of this conversation"))
    expect(visitor.message).to_have_value("And now?")
    assert len(upstream.requests) == asked
    visitor.reloads()
    expect(visitor.number("Budget of this conversation, $")).to_have_value("0.5")
    visitor.number("Budget of this conversation, $").fill("50")
    visitor.message.press("Enter")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("now?")


def test_the_usage_page_shows_it_and_keeps_a_day_to_its_budget(visitor: Visitor) -> None:
    visitor.asks("dear", "Hello")
    visitor.sees_answer()
    visitor.history.get_by_role("link", name="Usage", exact=True).click()
    expect(visitor.page.get_by_role("heading", name="Usage")).to_be_visible()
    expect(visitor.page.locator(".usage-chart canvas")).to_have_count(5)
    visitor.page.get_by_role("link", name="Model", exact=True).click()
    expect(visitor.page.get_by_role("row", name=re.compile("^dear"))).to_be_visible()
    field = visitor.number("Budget a day, $")
    field.fill("0.001")
    field.press("Enter")
    visitor.sees("of $0.0010 a day")
    visitor.opens()
    visitor.chooses("dear")
    visitor.sends("Hello")
    visitor.sees(re.compile(r"Not sent, to keep the budget of \$0.0010 a day"))
    visitor.opens("/usage/")
    field.fill("")
    field.press("Enter")
    expect(visitor.page.get_by_text("of $0.0010 a day")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(server: Server, invite: Callable[..., Visitor], scheme: str, width: int) -> None:
    visitor = invite(
        server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    visitor.asks("dear", "x" * 3000)
    visitor.sees_answer()
    visitor.writes("More")
    assert "more than the 400" in estimate_in(visitor)
    assert complaints(visitor) == []
    visitor.page.locator("[data-estimate]").click()
    assert complaints(visitor) == []
    visitor.opens("/usage/")
    expect(visitor.page.locator(".usage-chart canvas").first).to_be_visible()
    assert complaints(visitor) == []
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
