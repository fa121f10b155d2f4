"""What a comparison tells: figures side by side, an estimate before, and words for those who listen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import ENDS_ONE_BY_ONE, QUICK, compares, figure, link, pane, sees_all
from tests.browser.visitor import Visitor
from tests.crash.site import wait_for
from tests.upstream import Gate, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")
HEAR = """() => {
    window.heard = []
    document.addEventListener("announce", ({ detail }) => heard.push(detail.words))
}"""


def test_the_best_of_each_row_is_marked_and_the_whole_is_added_up(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, *ENDS_ONE_BY_ONE[:2], text="Hello")
    sees_all(visitor, "finished", 2)
    cheap, dear = pane(visitor, 1), pane(visitor, 2)
    expect(figure(cheap, "Cost")).to_contain_text("best")
    expect(figure(dear, "Cost")).to_contain_text("$")
    expect(figure(dear, "Cost")).not_to_contain_text("best")
    expect(figure(cheap, "Out")).to_have_text("20 tok")
    expect(figure(dear, "Out")).to_have_text("30 tok")
    expect(figure(cheap, "Finish")).to_have_text("stop")
    for row in ("First token", "Speed", "Duration"):
        marks = visitor.page.locator(".pane__facts > div").filter(has_text=row).get_by_text("best")
        assert marks.count() in (1, 2), row
    total = visitor.page.get_by_role("list", name="This comparison").get_by_role("listitem")
    expect(total).to_have_text(["2 answers", "14 in", "50 out", re.compile(r"^\$0\.\d+$")])


def test_the_estimate_is_of_the_panes_that_are_fed(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    estimate = visitor.page.get_by_role("list", name="Estimate").get_by_role("listitem")
    visitor.writes("a word " * 20)
    expect(estimate).to_have_text(
        ["To 3 of 3 panes", re.compile(r"~\d+ tokens in"), re.compile(r"~\$0\.\d+")]
    )
    tokens = re.compile(r"~([\d,]+) tokens")

    def told() -> int:
        return int(tokens.search(estimate.nth(1).inner_text())[1].replace(",", ""))  # type: ignore[index]

    all_three = told()
    link(pane(visitor, 3), "Input").click()
    expect(estimate.first).to_have_text("To 2 of 3 panes")
    assert told() == pytest.approx(all_three * 2 / 3, abs=2)
    link(pane(visitor, 3), "Input").click()
    visitor.writes("a word " * 4000)
    expect(estimate.last).to_have_text("more than panes 1, 2 and 3 can take")


def test_what_a_screen_reader_hears_names_the_panes(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, QUICK, "echo")
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="echo")
    visitor.evaluate(HEAR)
    visitor.sends("Hello")
    wait_for(lambda: "Pane 1 finished, 340 tokens" in visitor.evaluate("heard"))
    gate.open()
    wait_for(lambda: "Pane 2 finished, 2 tokens" in visitor.evaluate("heard"))
    heard = visitor.evaluate("heard")
    assert {"Pane 1: answering", "Pane 2: answering"} <= set(heard)
    announcer = visitor.page.locator("[data-behavior=announcer]")
    expect(announcer).to_contain_text("Pane 2 finished, 2 tokens")
