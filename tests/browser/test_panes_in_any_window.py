"""The panes of a comparison in a hand, one at a time, and in windows of any size."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.side_by_side import compares, link, pane, sees_all, sees_answers
from tests.browser.visitor import Visitor
from tests.servers import Server
from tests.upstream import Gate, Upstream, stream

pytestmark = pytest.mark.usefixtures("models_side_by_side")


# In a hand


@pytest.fixture
def phone(server: Server, invite: Callable[..., Visitor]) -> Visitor:
    return invite(server, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def switcher(phone: Visitor) -> Locator:
    return phone.page.get_by_role("navigation", name="Panes").get_by_role("button")


def test_a_phone_shows_one_pane_at_a_time_and_a_switcher_names_them(phone: Visitor) -> None:
    compares(phone, "mirror", "echo", "parrot", text="Hello")
    sees_answers(phone, "Hello", "Hello", "Hello")
    expect(switcher(phone)).to_have_count(3)
    for number, model in enumerate(("mirror", "echo", "parrot"), start=1):
        button = switcher(phone).nth(number - 1)
        expect(button).to_have_accessible_name(re.compile(rf"^Pane {number} {model} \d"))
        button.tap()
        expect(pane(phone, number)).to_be_in_viewport(ratio=0.9)
        expect(button).to_have_attribute("aria-current", "true")
        expect(button).to_be_in_viewport(ratio=0.9)
        for other in {1, 2, 3} - {number}:
            expect(pane(phone, other)).not_to_be_in_viewport()
        assert phone.page.locator("[data-switch] [aria-current]").count() == 1


def swipe(phone: Visitor, distance: int) -> None:
    """By one finger, over the messages."""
    session = phone.context.new_cdp_session(phone.page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": x, "y": 400} for x in at]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    begin = 195 - distance / 2
    touch("touchStart", begin)
    for step in range(1, 16):
        touch("touchMove", begin + distance * step / 15)
        phone.evaluate("new Promise(requestAnimationFrame)")
    touch("touchEnd")


def test_a_swipe_goes_to_the_pane_beside(phone: Visitor) -> None:
    compares(phone, "mirror", "echo", "parrot", text="Hello")
    sees_answers(phone, "Hello", "Hello", "Hello")
    swipe(phone, -300)
    expect(pane(phone, 2)).to_be_in_viewport(ratio=0.9)
    expect(switcher(phone).nth(1)).to_have_attribute("aria-current", "true")
    swipe(phone, 300)
    expect(pane(phone, 1)).to_be_in_viewport(ratio=0.9)
    expect(switcher(phone).nth(0)).to_have_attribute("aria-current", "true")


def test_the_switcher_says_who_is_answering(phone: Visitor, upstream: Upstream) -> None:
    compares(phone, "mirror", "echo")
    gate = Gate()
    upstream.script(stream("So ", gate, "far"), model="echo")
    phone.sends("Hello")
    expect(switcher(phone).nth(1)).to_have_accessible_name("Pane 2 echo answering")
    expect(switcher(phone).nth(0)).to_have_accessible_name(re.compile(r"^Pane 1 mirror \d"))
    gate.open()
    expect(switcher(phone).nth(1)).to_have_accessible_name(re.compile(r"^Pane 2 echo \d"))


# In windows


@pytest.mark.parametrize(("width", "height"), [(320, 600), (390, 844), (640, 400), (768, 600), (1440, 900)])
def test_a_comparison_fits_its_window(
    server: Server, invite: Callable[..., Visitor], width: int, height: int
) -> None:
    """640 × 400 is what a window of 1280 × 800 has at 200 %. The panes scroll in their own box."""
    visitor = invite(server, viewport={"width": width, "height": height})
    compares(visitor, "mirror", "echo", "parrot", text="Hello")
    sees_all(visitor, "finished", 3)
    link(pane(visitor, 1), "Input").click()
    expect(visitor.field("Message to pane 1")).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= width
    visitor.button("Settings of pane 1").click()
    expect(visitor.number("Temperature")).to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= width
    visitor.presses("Escape")
    box = pane(visitor, 1).get_by_role("log").bounding_box()
    assert box
    assert box["height"] >= 100
    visitor.button("Send").scroll_into_view_if_needed()
    for control in (visitor.message, visitor.button("Send")):
        expect(control).to_be_in_viewport(ratio=1)
