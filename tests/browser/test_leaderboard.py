"""Votes become a leaderboard: by tag, with a vote taken back, on a wide screen and on a phone."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor
from tests.servers import Server

CAST = """
from chat.models import Vote
from chat.who import local_owner
for models, best, tag in {votes}:
    contestants = [dict(model=model, provider="Scripted") for model in models]
    Vote.objects.create(owner=local_owner(), contestants=contestants, best=best, tag=tag)
"""
CODE = [(("swift", "deep"), 0, "code"), (("deep", "swift"), 0, "code"), (("swift", "deep"), None, "code")]
PROSE = [(("swift", "deep", "a-model-with-quite-a-long-name-of-its-own"), 1, "prose")]


@pytest.fixture
def server(server: Server) -> Iterator[Server]:
    """Votes begin anew with each story."""
    yield server
    server.manage("shell", "-c", "from chat.models import Vote; Vote.objects.all().delete()")


def cast(server: Server, votes: list[tuple[tuple[str, ...], int | None, str]]) -> None:
    written = json.dumps(votes).replace("null", "None")
    server.manage("shell", "-c", CAST.format(votes=written))


def test_votes_are_rated_by_tag_and_can_be_taken_back(visitor: Visitor, server: Server) -> None:
    visitor.opens()
    visitor.history.get_by_role("link", name="Leaderboard", exact=True).click()
    visitor.sees("No vote was cast yet")
    cast(server, CODE + PROSE)
    visitor.reloads()
    first = visitor.page.get_by_role("row", name=re.compile("^1 deep Scripted"))
    expect(first).to_be_visible()
    visitor.page.get_by_role("link", name="code 3").click()
    expect(visitor.page.get_by_role("row", name=re.compile("^1 (deep|swift) Scripted 1000"))).to_have_count(2)
    visitor.sees(re.compile("Bradley–Terry ratings from 3 votes"))
    visitor.page.get_by_text("How it is computed").click()
    visitor.sees(re.compile("drawn anew, with replacement, 1,000 times"))

    votes = visitor.page.get_by_role("listitem").filter(has_text=" over ")
    lost = votes.filter(has_text="deep over swift").get_by_role("button")
    lost.click()
    visitor.sees("Delete this vote?")
    visitor.button("Cancel").click()
    expect(votes).to_have_count(2)
    lost.click()
    visitor.button("Delete", visitor.page.get_by_role("dialog")).click()
    expect(votes).to_have_count(1)
    expect(visitor.page.get_by_role("link", name="code 2")).to_have_attribute("aria-current", "true")
    expect(visitor.page.get_by_role("row", name=re.compile("^1 swift Scripted 1"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(server: Server, invite: Callable[..., Visitor], scheme: str, width: int) -> None:
    visitor = invite(
        server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    visitor.opens("/leaderboard/")
    assert complaints(visitor) == []
    cast(server, [*CODE, *PROSE, (("alone", "apart"), 0, "")])
    visitor.reloads()
    visitor.page.get_by_text("How it is computed").click()
    visitor.sees("Never compared with those above, so their ratings say nothing about each other")
    assert complaints(visitor) == []
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
