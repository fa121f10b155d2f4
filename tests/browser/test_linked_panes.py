"""What linked panes share, and what the others keep to themselves."""

import pytest
from playwright.sync_api import APIResponse, Route, expect

from tests.browser.side_by_side import calls, compares, link, pane, said, sees_answers, texts
from tests.browser.visitor import Visitor
from tests.crash.site import wait_for
from tests.upstream import Upstream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def test_settings_of_a_pane_are_those_of_the_linked_panes(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    for name in ("System", "Settings"):
        link(pane(visitor, 3), name).click()
        expect(link(pane(visitor, 3), name)).to_have_attribute("aria-pressed", "false")
    visitor.button("Settings of pane 1").click()
    visitor.number("Temperature").fill("0.3")
    visitor.field("System prompt").fill("Be brief.")
    for number in (1, 2):
        expect(pane(visitor, number)).to_contain_text("Temperature0.3")
        expect(pane(visitor, number)).to_contain_text("System~")
    expect(pane(visitor, 3)).to_contain_text("Systemnone")
    visitor.button("Close settings").click()
    expect(visitor.button("Settings of pane 1")).to_be_focused()
    before = len(calls(upstream))
    visitor.sends("Hello")
    sees_answers(visitor, "Hello", "Hello", "Hello")
    bodies = {call.model: call.body for call in calls(upstream)[before:]}
    assert {model: body.get("temperature") for model, body in bodies.items()} == {
        "mirror": 0.3, "echo": 0.3, "parrot": None
    }  # fmt: skip
    assert bodies["echo"]["messages"][0] == {"role": "system", "content": "Be brief."}
    assert bodies["parrot"]["messages"] == [{"role": "user", "content": "Hello"}]


def test_settings_that_were_typed_a_moment_ago_are_sent(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "echo")
    visitor.button("Settings of pane 2").click()
    visitor.number("Temperature").fill("0.7")
    before = len(calls(upstream))
    visitor.sends("At once")
    sees_answers(visitor, "At once", "At once")
    assert [call.body["temperature"] for call in calls(upstream)[before:]] == [0.7, 0.7]


def test_a_pane_that_is_not_linked_is_passed_by_and_has_a_composer_of_its_own(
    visitor: Visitor, upstream: Upstream
) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    estimate = visitor.page.get_by_role("list", name="Estimate")
    expect(estimate).to_have_text("To 3 of 3 panes")
    link(pane(visitor, 2), "Input").click()
    expect(estimate).to_contain_text("To 2 of 3 panes")
    expect(visitor.message).to_have_attribute("placeholder", "Write to panes 1 and 3")
    visitor.sends("To the linked")
    for number in (1, 3):
        expect(texts(pane(visitor, number))).to_have_text(["To the linked", "To the linked"])
    own = visitor.field("Message to pane 2")
    own.fill("To you alone")
    visitor.reloads()
    expect(own).to_have_value("To you alone")
    own.press("Enter")
    expect(texts(pane(visitor, 2))).to_have_text(["To you alone", "To you alone"])
    expect(own).to_have_value("")
    assert said(calls(upstream)[-1]) == [("user", "To you alone")]
    assert calls(upstream)[-1].model == "echo"
    link(pane(visitor, 2), "Input").click()
    expect(own).to_be_hidden()
    before = len(calls(upstream))
    visitor.sends("To all")
    sees_answers(visitor, "To all", "To all", "To all")
    assert len(calls(upstream)) == before + 3


def test_figures_that_come_late_do_not_link_a_pane_again(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    held: list[tuple[Route, APIResponse]] = []
    visitor.page.route("**/figures/", lambda route: held.append((route, route.fetch())), times=1)
    with visitor.page.expect_request("**/figures/"):
        visitor.sends("Hello")
    sees_answers(visitor, "Hello", "Hello")
    wait_for(lambda: visitor.evaluate("1") and held)
    came: list[str] = []
    visitor.page.on("response", lambda response: came.append(response.url))
    link(pane(visitor, 2), "Input").click()
    expect(link(pane(visitor, 2), "Input")).to_have_attribute("aria-pressed", "false")
    pane(visitor, 2).evaluate("""pane => {
        window.fed = []
        new MutationObserver(() => fed.push("fed" in pane.dataset)).observe(pane, { attributes: true })
    }""")
    route, response = held[0]
    route.fulfill(response=response)
    # The late ones, and those that were asked for because of the link.
    wait_for(lambda: visitor.evaluate("1") and sum(url.endswith("/figures/") for url in came) == 2)
    expect(visitor.page.get_by_role("list", name="Estimate")).to_contain_text("To 1 of 2 panes")
    assert True not in visitor.evaluate("fed")


def test_where_no_pane_is_linked_nothing_is_sent(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    for number in (1, 2):
        link(pane(visitor, number), "Input").click()
    expect(visitor.message).to_have_attribute("placeholder", "No pane is linked: write in the panes")
    visitor.sends("Into the void")
    visitor.sees("No pane is linked to the composer.")
    expect(visitor.message).to_have_value("Into the void")
