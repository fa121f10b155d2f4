"""The inspector: ask, see what was sent and what came back and when, and send it again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Upstream, stream

KEY = "sk-test-a-secret-that-no-page-may-show"
MANY = "tokens-500-reasoning-20"


class Inspector(Visitor):
    """Somebody who wants to know."""

    def inspects(self) -> None:
        self.does("Inspect", self.answers.last)
        expect(self.page.get_by_role("heading", name="Exchange")).to_be_visible()

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()

    def region(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)


@pytest.fixture
def visitor(server: Server, invite: Callable[..., Inspector]) -> Inspector:
    return invite(server, Inspector, permissions=["clipboard-read", "clipboard-write"])


def test_one_asks_inspects_and_replays(visitor: Inspector, upstream: Upstream, tmp_path: Path) -> None:
    upstream.script(stream("The first answer"), model="mirror")
    upstream.script(stream("The second answer"), model="mirror")
    visitor.asks("mirror", "Why?")
    visitor.sees_answer("The first answer")
    visitor.inspects()
    sent = upstream.requests[-1]
    body = visitor.region("Request body").locator("code")
    expect(body.locator("span[class^=token-]").first).to_be_visible()
    assert json.loads(str(body.text_content())) == sent.body
    expect(visitor.region("Request headers")).to_contain_text("authorization: Bearer …")
    visitor.button("Copy request", visitor.page.get_by_role("tabpanel")).click()
    expect(visitor.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert json.loads(visitor.evaluate("navigator.clipboard.readText()")) == sent.body

    expect(visitor.page.get_by_role("img", name="Queued")).to_be_visible()
    expect(visitor.region("Response headers")).to_be_hidden()
    visitor.page.get_by_role("tab", name="Request").press("ArrowRight")
    expect(visitor.page.get_by_role("tab", name="Response")).to_be_focused()
    expect(visitor.region("Response headers")).to_contain_text("text/event-stream")
    expect(visitor.region("Raw events")).to_contain_text("The first answer")
    visitor.tab("Timings")
    expect(visitor.page.get_by_role("row", name="Answering")).to_be_visible()

    with visitor.page.expect_download() as told:
        visitor.page.get_by_role("link", name="Download", exact=True).click()
    told.value.save_as(tmp_path / "exchange.json")
    assert json.loads((tmp_path / "exchange.json").read_text())["request"]["body"] == sent.body

    visitor.button("Replay").click()
    visitor.sees_answer("The second answer")
    assert upstream.requests[-1].raw == sent.raw
    expect(visitor.answers.last.get_by_text("2 / 2")).to_be_visible()
    visitor.inspects()
    expect(visitor.region("What differs")).to_contain_text("another")
    visitor.page.get_by_role("link", name="Inspect the earlier call").click()
    visitor.sees("Sent again:")
    visitor.page.get_by_role("link", name="Back to the conversation").click()
    visitor.sees_answer("The second answer")


def test_code_comes_in_every_language(visitor: Inspector) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.inspects()
    visitor.page.get_by_role("combobox", name="Language").select_option("curl")
    expect(visitor.region("Code")).to_contain_text("curl http")
    visitor.button("Copy code").click()
    expect(visitor.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert visitor.evaluate("navigator.clipboard.readText()").startswith("curl http")


def test_a_long_answer_shows_its_first_events_and_the_rest_when_asked(visitor: Inspector) -> None:
    visitor.asks(MANY)
    visitor.sees_answer()
    visitor.inspects()
    visitor.tab("Response")
    rows = visitor.region("Raw events").locator("tbody tr")
    expect(rows).to_have_count(201)
    visitor.page.get_by_role("button", name="Show all").click()
    expect(rows).to_have_count(523)


def test_an_error_leads_to_what_the_provider_said(visitor: Inspector) -> None:
    visitor.asks("error-400")
    visitor.sees_status("failed")
    visitor.page.get_by_role("link", name="Inspect", exact=True).click()
    visitor.tab("Response")
    expect(visitor.region("Raw events").or_(visitor.region("Raw body"))).to_contain_text(
        "Told to fail with 400"
    )


def test_a_replay_that_cannot_be_is_refused_in_words(visitor: Inspector) -> None:
    visitor.asks("tokens-100000-speed-20")
    visitor.sees_text_growing()
    visitor.inspects()
    visitor.sees("The answer is still running")
    visitor.button("Replay").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("still answering")
    visitor.page.go_back()
    visitor.stops()
    visitor.sees_status("stopped")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(server: Server, invite: Callable[..., Inspector], scheme: str, width: int) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}, "reduced_motion": "reduce"}
    visitor = invite(server, Inspector, **look)
    visitor.asks(MANY)
    visitor.sees_answer()
    visitor.inspects()
    visitor.button("Replay").click()
    visitor.sees_answer()
    visitor.inspects()
    for tab in ("Request", "Response", "Timings"):
        visitor.tab(tab)
        assert complaints(visitor) == []
        assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
