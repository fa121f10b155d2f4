"""A comparison in a browser, in the words of somebody who looks at its panes."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.upstream import Request, Upstream

SLOW = "tokens-400-speed-40-seed-3"
QUICK = "tokens-340-seed-4"
ENDS_ONE_BY_ONE = tuple(f"tokens-{count}-seed-{count}" for count in (20, 30, 40))
# What the scripted upstream lists: all but the last few say back what was said to them.
LISTED = ("mirror", "echo", "parrot", "chorus", SLOW, QUICK, "error-500", "error-429", *ENDS_ONE_BY_ONE)


def listed(models: Sequence[str] = LISTED) -> dict[str, Any]:
    """With prices that rise from one to the next, so that there is a cheapest one."""
    rows = [
        {"id": name, "context_length": 4096, "pricing": {"input": number, "output": number}}
        for number, name in enumerate(models, start=1)
    ]
    return {"object": "list", "data": rows}


def prepares(visitor: Visitor, *models: str, prompt: str = "") -> None:
    """By a link, as one sends it to somebody."""
    visitor.opens(f"/compare/?{urlencode({'models': ','.join(models), 'prompt': prompt})}")


def compares(visitor: Visitor, *models: str, text: str = "") -> None:
    """A comparison of these models. Text is sent to all of them."""
    prepares(visitor, *models)
    if text:
        visitor.sends(text)
    else:
        visitor.button("Open without sending").click()
    visitor.page.wait_for_url(re.compile(r"/compare/[0-9a-f-]{36}/$"))
    expect(panes(visitor)).to_have_count(len(models))


def panes(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name=re.compile(r"^Pane \d+$"))


def pane(visitor: Visitor, number: int) -> Locator:
    return visitor.page.get_by_role("region", name=f"Pane {number}", exact=True)


def questions(place: Locator) -> Locator:
    return place.get_by_role("article", name="User message")


def answers(place: Locator) -> Locator:
    return place.get_by_role("article", name="Assistant message")


def texts(place: Locator) -> Locator:
    return place.locator("article [data-part=text]")


def sees_answers(visitor: Visitor, *said: str, status: str = "finished") -> None:
    """Pane by pane: what the last answer says, and how it ended."""
    for number, text in enumerate(said, start=1):
        last = answers(pane(visitor, number)).last
        expect(last).to_have_attribute("data-status", status)
        expect(texts(pane(visitor, number)).last).to_contain_text(text)


def sees_all(visitor: Visitor, status: str, count: int) -> None:
    for number in range(1, count + 1):
        expect(answers(pane(visitor, number)).last).to_have_attribute("data-status", status)


def figure(place: Locator, label: str) -> Locator:
    """One of the facts beneath a pane."""
    row = place.locator(".pane__facts > div").filter(has=place.page.get_by_text(label, exact=True))
    return row.locator("dd")


def link(place: Locator, name: str) -> Locator:
    """Input, System, Settings or Scroll."""
    return place.get_by_role("group", name=re.compile("^Links of")).get_by_role(
        "button", name=name, exact=True
    )


def chooses_in(place: Locator, model: str) -> None:
    field = place.get_by_role("combobox", name="Model")
    field.click()
    field.fill(model)
    field.press("Enter")
    expect(place.locator("[data-field=model]")).to_have_value(model)


def opens_menu(place: Locator, item: str) -> None:
    """An item of its menu."""
    place.get_by_role("button", name=re.compile("^More of pane")).click()
    place.get_by_role("menuitem", name=item, exact=True).click()


def calls(upstream: Upstream, since: int = 0) -> list[Request]:
    return [request for request in upstream.requests[since:] if request.method == "POST"]


def said(request: Request) -> list[tuple[str, str]]:
    """The turns that a request held."""
    return [(turn["role"], turn["content"]) for turn in request.body["messages"]]


def models(visitor: Visitor) -> list[str]:
    """From left to right."""
    expect(panes(visitor).first).to_be_visible()
    return [field.input_value() for field in panes(visitor).get_by_role("combobox", name="Model").all()]


def expect_models(visitor: Visitor, *expected: str) -> None:
    expect(panes(visitor)).to_have_count(len(expected))
    for number, model in enumerate(expected, start=1):
        expect(pane(visitor, number).get_by_role("combobox", name="Model")).to_have_value(model)
    assert models(visitor) == list(expected)
