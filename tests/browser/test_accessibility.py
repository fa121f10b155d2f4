"""axe-core finds nothing to complain about, on any page, in any state, in the light or in the dark."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.side_by_side import compares, link, opens_menu, pane, prepares, sees_all
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Gate, Upstream, reply, stream

AXE = (Path(__file__).parent.parent / "vendor/axe.min.js").read_text()
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PROSE = """# One

Text, `code`, [a link](https://example.org).

| a | b |
|---|---|
| 1 | 2 |

```py
if 1: 2  # c
```

$$x^2$$
"""


# As models like to answer: no heading of the first level, and one table like the other.
LIKE_A_REPORT = """## Prices

| Model | Price |
|---|---|
| a | 1 |

#### Of the second

| Model | Price |
|---|---|
| b | 2 |

## In the end
"""


def complaints(visitor: Visitor) -> list[str]:
    """One line for each element that breaks a rule."""
    visitor.evaluate(AXE)
    found: list[dict[str, Any]] = visitor.evaluate(
        "rules => axe.run(rules).then(({violations}) => violations)", RULES
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


@pytest.fixture(params=["light", "dark"])
def visitor(server: Server, invite: Callable[..., Visitor], request: pytest.FixtureRequest) -> Visitor:
    return invite(server, color_scheme=request.param, reduced_motion="reduce")


def test_an_empty_chat(visitor: Visitor) -> None:
    visitor.opens()
    assert complaints(visitor) == []


def test_a_chat_with_answers_of_every_ending(visitor: Visitor, upstream: Upstream) -> None:
    upstream.script(stream(PROSE), model="mirror")
    visitor.asks("mirror")
    visitor.sees_answer()
    for model, status in (
        ("error-500", "failed"),
        ("tokens-9-cut-5", "interrupted"),
        ("tokens-50-reasoning-5-hang-5", "stopped"),
    ):
        count = visitor.answers.count()
        visitor.chooses(model)
        visitor.sends(f"Now {model}")
        expect(visitor.answers).to_have_count(count + 1)
        if status == "stopped":
            visitor.sees_text_growing()
            assert complaints(visitor) == []
            visitor.stops()
        visitor.sees_answer(status=status)
    assert complaints(visitor) == []
    visitor.does("Show raw", visitor.answers.first)
    visitor.does("Regenerate", visitor.answers.last)
    visitor.sees_status("running")
    visitor.does("Edit", visitor.questions.first)
    expect(visitor.field("Edit message")).to_be_focused()
    assert complaints(visitor) == []
    visitor.stops()


def test_answers_with_tables_that_are_alike_and_headings_that_skip_a_level(
    visitor: Visitor, upstream: Upstream
) -> None:
    for _ in range(2):
        upstream.script(stream(LIKE_A_REPORT), model="mirror")
    compares(visitor, "mirror", "mirror", text="Compare them")
    sees_all(visitor, "finished", 2)
    first = pane(visitor, 1)
    expect(first.get_by_role("group", name="Table: Model, Price")).to_have_count(2)
    for name, level in (("Prices", "3"), ("Of the second", "4"), ("In the end", "3")):
        expect(first.get_by_role("heading", name=name)).to_have_attribute("aria-level", level)
    assert complaints(visitor) == []


def test_a_comparison_that_is_being_prepared(visitor: Visitor) -> None:
    prepares(visitor, "mirror", "no-such-model", prompt="Hello")
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert complaints(visitor) == []


def test_a_comparison_while_it_answers_and_after(visitor: Visitor, upstream: Upstream) -> None:
    compares(visitor, "mirror", "mirror", "mirror")
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="mirror")
    upstream.script(stream(PROSE), model="mirror")
    upstream.script(reply(401, {"error": {"message": "Not with this key."}}), model="mirror")
    visitor.sends("Hello")
    for status in ("running", "finished", "failed"):
        expect(visitor.page.locator(f"article[data-status={status}] .facts").first).to_be_visible()
    assert complaints(visitor) == []
    visitor.button("More of pane 2").click()
    expect(visitor.page.get_by_role("menuitem").first).to_be_visible()
    assert complaints(visitor) == []
    visitor.page.get_by_role("menuitem", name="Maximise").click()
    assert complaints(visitor) == []
    opens_menu(pane(visitor, 2), "Show all panes")
    gate.open()
    sees_all(visitor, "finished", 1)
    link(pane(visitor, 3), "Input").click()
    visitor.button("Settings of pane 1").click()
    visitor.number("Temperature").fill("9")
    expect(visitor.settings.get_by_text("From 0 to 2.")).to_be_visible()
    assert complaints(visitor) == []


def test_a_comparison_on_a_phone(server: Server, invite: Callable[..., Visitor]) -> None:
    visitor = invite(server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    compares(visitor, "mirror", "mirror", text="Hello")
    sees_all(visitor, "finished", 2)
    assert complaints(visitor) == []


def test_the_picker_open(visitor: Visitor) -> None:
    visitor.opens()
    visitor.page.get_by_role("combobox", name="Model").click()
    expect(visitor.page.get_by_role("option").first).to_be_visible()
    assert complaints(visitor) == []


def test_a_panel_with_an_error_and_a_refused_message(visitor: Visitor) -> None:
    visitor.opens()
    visitor.number("Temperature").fill("9")
    visitor.sends("Hello")
    expect(visitor.page.get_by_role("alert").first).to_be_visible()
    assert complaints(visitor) == []


def test_a_toast(visitor: Visitor) -> None:
    visitor.asks("mirror", "To be deleted")
    visitor.sees_answer()
    visitor.button("Delete To be deleted").first.press("Enter")
    expect(visitor.button("Undo")).to_be_visible()
    assert complaints(visitor) == []


def test_the_settings_page_with_errors(visitor: Visitor) -> None:
    visitor.opens("/settings/")
    form = visitor.page.get_by_role("form", name="Add a provider")
    form.get_by_label("Name").fill("Typo")
    form.get_by_label("Base URL").fill("ftp://nowhere")
    form.get_by_role("button", name="Add provider").click()
    expect(form.get_by_role("alert")).to_be_visible()
    visitor.page.locator("summary").filter(has_text="OpenAI").click()
    visitor.page.get_by_role("button", name="Test connection").first.click()
    visitor.sees("It answers")
    assert complaints(visitor) == []


def test_a_page_that_is_not_there(visitor: Visitor) -> None:
    visitor.opens("/c/nowhere/")
    assert complaints(visitor) == []


@pytest.mark.parametrize("width", [390])
def test_drawers_on_a_phone(server: Server, invite: Callable[..., Visitor], width: int) -> None:
    visitor = invite(server, viewport={"width": width, "height": 844})
    visitor.opens()
    assert complaints(visitor) == []
    for drawer in ("history", "settings"):
        visitor.page.get_by_role("link", name=f"Open {drawer}").click()
        assert complaints(visitor) == []
        visitor.page.get_by_role("link", name=f"Close {drawer}").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_page(
    start_server: Callable[..., Server], invite: Callable[..., Visitor], scheme: str
) -> None:
    visitor = invite(start_server({"PLAYGROUND_ACCOUNTS": "1"}), color_scheme=scheme)
    visitor.opens()
    expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert complaints(visitor) == []
    visitor.page.get_by_label("Name").fill("nobody")
    visitor.page.get_by_label("Password").fill("nothing")
    visitor.button("Sign in").click()
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert complaints(visitor) == []


def test_the_history_with_its_menus_and_the_palette(visitor: Visitor) -> None:
    visitor.asks("mirror", "To be put in order")
    visitor.sees_answer()
    visitor.button("More for this conversation").click()
    expect(visitor.page.get_by_role("menuitem", name="Archive")).to_be_visible()
    assert complaints(visitor) == []
    visitor.page.get_by_role("menuitem", name="Tags…").click()
    expect(visitor.page.get_by_role("dialog", name="About this conversation")).to_be_visible()
    visitor.page.locator("#tags-typed").fill("tidy")
    visitor.presses("Enter")
    assert complaints(visitor) == []
    visitor.button("Save", visitor.page.get_by_role("dialog")).click()
    expect(visitor.page.get_by_role("link", name="tidy")).to_be_visible()
    visitor.presses("Control+k")
    expect(visitor.page.get_by_role("option", name="Notes…")).to_be_visible()
    assert complaints(visitor) == []
    visitor.opens("/history/all/")
    visitor.page.get_by_role("checkbox", name="Select all shown").click()
    assert complaints(visitor) == []
    visitor.button("Tag…").click()
    assert complaints(visitor) == []
    visitor.opens("/folders/")
    assert complaints(visitor) == []
