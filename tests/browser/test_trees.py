"""The tree of a chat: walked, drawn, compared in, starred in; for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.gardener import Gardener
from tests.browser.long_talk import put_long_talk
from tests.browser.test_accessibility import complaints
from tests.servers import Server
from tests.upstream import Upstream, stream

NASTY = "<img src=x onerror=alert(1)> </script><script>alert(2)</script> & \u2028 bold"

# The tree


def test_the_tree_is_walked_by_keys(gardener: Gardener) -> None:
    gardener.grows()
    gardener.opens_the_tree()
    expect(gardener.tree.get_by_role("treeitem")).to_have_count(8)
    gardener.stands_on("assistant: other")
    gardener.presses("Home")
    gardener.stands_on("user: one")
    gardener.presses("ArrowDown", "ArrowDown")
    gardener.stands_on("user: other, alternative 2 of 2 (shown)")
    gardener.presses("ArrowLeft")
    gardener.stands_on("user: two, alternative 1 of 2")
    gardener.presses("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "End")
    gardener.stands_on("assistant: other")
    assert gardener.tree.locator("[tabindex='0']").count() == 1
    gardener.presses("Escape")
    expect(gardener.tree).to_have_count(0)
    expect(gardener.button("More for this conversation")).to_be_focused()


def test_a_message_is_starred_in_the_tree_and_at_itself(gardener: Gardener) -> None:
    gardener.grows()
    gardener.opens_the_tree()
    gardener.presses("Home", "s")
    gardener.stands_on("user: one (starred, shown)")
    gardener.reloads()
    star = gardener.questions.first.get_by_text("Starred")
    expect(star).to_be_attached()
    expect(gardener.questions.first.locator(".star")).to_be_visible()
    gardener.does("More", gardener.questions.first)
    gardener.page.get_by_role("menuitem", name="Remove the star").click()
    expect(gardener.questions.first.locator(".star")).to_be_hidden()
    gardener.does("More", gardener.questions.first)
    gardener.page.get_by_role("menuitem", name="Star", exact=True).click()
    expect(gardener.questions.first.locator(".star")).to_be_visible()


def test_one_jumps_to_a_message_of_another_branch(gardener: Gardener) -> None:
    gardener.grows()
    gardener.presses("Escape")
    gardener.page.get_by_role("log", name="Messages").focus()
    gardener.presses("t")
    gardener.stands_on("assistant: other")
    gardener.presses("Home", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowDown")
    gardener.stands_on("assistant: two")
    gardener.presses("Enter")
    gardener.sees_questions("one", "two", "three")
    expect(gardener.answers.nth(1)).to_be_focused()
    assert "?at=" in gardener.path
    gardener.opens(gardener.path.partition("?")[0])
    gardener.sees_questions("one", "two", "three")


def test_two_messages_of_the_tree_are_compared(gardener: Gardener) -> None:
    gardener.grows()
    gardener.opens_the_tree()
    compare = gardener.button("Compare", gardener.page.get_by_role("toolbar", name="Drawing"))
    gardener.presses("Home", "c")
    expect(compare).to_be_disabled()
    gardener.presses("ArrowDown", "ArrowDown", "ArrowLeft", "c")
    compare.click()
    expect(gardener.page.get_by_role("deletion")).to_have_text("one")
    expect(gardener.page.get_by_role("insertion")).to_have_text("two")
    expect(gardener.page.get_by_role("combobox", name="A")).to_contain_text("User message 1")
    expect(gardener.page.get_by_role("combobox", name="B")).to_contain_text("User message 3")


def test_two_messages_are_compared_from_where_they_stand(gardener: Gardener) -> None:
    gardener.grows()
    for question in (0, 1):
        gardener.does("More", gardener.questions.nth(question))
        gardener.page.get_by_role("menuitem", name="Compare with…").click()
        if not question:
            gardener.sees("Marked. Now choose Compare with…")
    expect(gardener.page.get_by_role("insertion")).to_have_text("other")


def test_the_drawing_is_zoomed_by_buttons_wheel_and_keys(gardener: Gardener) -> None:
    gardener.grows()
    gardener.opens_the_tree()
    before = gardener.scale()
    gardener.button("Zoom in").click()
    assert gardener.scale() == pytest.approx(before * 1.25, abs=1)
    gardener.button("Zoom out").click()
    gardener.piece("user: one").focus()
    gardener.presses("-", "-")
    assert gardener.scale() < before
    gardener.presses("0")
    assert gardener.scale() == before
    wheel = "frame => frame.dispatchEvent(new WheelEvent('wheel', {deltaY: -200, ctrlKey: true, cancelable: true}))"
    gardener.page.locator("[data-frame]").evaluate(wheel)
    assert gardener.scale() > before


def test_the_drawing_is_moved_by_hand(gardener: Gardener) -> None:
    gardener.grows()
    gardener.opens_the_tree()
    box = gardener.piece("user: one").bounding_box()
    frame = gardener.page.locator("[data-frame]").bounding_box()
    assert box
    assert frame
    mouse = gardener.page.mouse
    mouse.move(frame["x"] + 20, frame["y"] + frame["height"] - 20)
    mouse.down()
    mouse.move(frame["x"] + 90, frame["y"] + frame["height"] - 60, steps=4)
    mouse.up()
    after = gardener.piece("user: one").bounding_box()
    assert after
    assert (after["x"] - box["x"], after["y"] - box["y"]) == pytest.approx((70, -40), abs=1)
    gardener.piece("user: two, alternative 1 of 2").click()
    gardener.stands_on("user: two, alternative 1 of 2")


def test_a_long_run_is_folded_and_opens(gardener: Gardener, server: Server) -> None:
    path, message = put_long_talk(server, "A long row", 600, 300)
    gardener.opens(f"{path}tree/")
    expect(gardener.tree.get_by_role("treeitem")).to_have_count(3)
    gardener.presses("ArrowUp")
    gardener.stands_on("598 messages in a row, folded")
    gardener.presses("Enter")
    expect(gardener.tree.get_by_role("treeitem")).to_have_count(600)
    gardener.stands_on("Answer 1")
    gardener.presses("f")
    expect(gardener.tree.get_by_role("treeitem")).to_have_count(3)
    gardener.opens(f"{path}tree/?at={message}")
    gardener.stands_on("Question 300")
    expect(gardener.here).to_be_in_viewport()


def test_what_was_set_otherwise_stands_at_the_answer(gardener: Gardener) -> None:
    gardener.asks("mirror", "one")
    gardener.sees_answer("one")
    gardener.number("Temperature").fill("0.5")
    gardener.does("Regenerate", gardener.answers.last)
    gardener.sees("2 / 2")
    gardener.sees_answer("one")
    gardener.opens_the_tree()
    drawn = gardener.page.locator(".tree__drawing")
    expect(drawn.get_by_text("Temperature 0.5")).to_be_visible()
    expect(drawn.get_by_text("mirror")).to_have_count(2)
    expect(gardener.page.get_by_role("complementary", name="About this message")).to_contain_text(
        "Temperature 0.5"
    )


def test_words_of_a_model_are_text(gardener: Gardener, upstream: Upstream) -> None:
    upstream.script(stream(NASTY), model="mirror")
    gardener.asks("mirror", NASTY)
    gardener.sees_answer("bold")
    gardener.opens_the_tree()
    expect(gardener.piece("assistant: <img src=x onerror=alert(1)> </script>")).to_be_visible()
    assert gardener.page.locator(".tree img, .tree b").count() == 0


def test_on_a_phone_one_taps_and_opens(server: Server, invite: Callable[..., Gardener]) -> None:
    gardener = invite(
        server, Gardener, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    gardener.grows()
    gardener.picks("Tree")
    expect(gardener.here).to_have_count(1)
    gardener.button("Fit").tap()
    gardener.piece("user: one").tap()
    expect(gardener.page.get_by_role("complementary", name="About this message")).to_contain_text("one")
    assert gardener.evaluate("document.documentElement.scrollWidth <= innerWidth")
    gardener.button("Open").tap()
    expect(gardener.questions.first).to_be_focused()


def test_two_fingers_zoom(server: Server, invite: Callable[..., Gardener]) -> None:
    gardener = invite(
        server, Gardener, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    gardener.asks("mirror", "one")
    gardener.sees_answer("one")
    gardener.picks("Tree")
    expect(gardener.here).to_have_count(1)
    gardener.button("Zoom out").tap()
    gardener.button("Zoom out").tap()
    before = gardener.scale()
    fingers = gardener.context.new_cdp_session(gardener.page)
    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80), ("touchEnd", 0)):
        points = (
            [{"x": 195 + by, "y": 400, "id": id} for id, by in ((0, -apart), (1, apart))] if apart else []
        )
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert gardener.scale() == pytest.approx(before * 2, rel=0.1)


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(server: Server, invite: Callable[..., Gardener], scheme: str, width: int) -> None:
    gardener = invite(server, Gardener, color_scheme=scheme, reduced_motion="reduce")
    gardener.grows()
    gardener.page.set_viewport_size({"width": width, "height": 844})
    path = gardener.path
    gardener.reloads()
    expect(gardener.button("3 later messages on the other branch")).to_be_visible()
    assert complaints(gardener) == []
    gardener.opens_the_tree()
    gardener.presses("Home", "s", "c")
    gardener.stands_on("starred")
    assert complaints(gardener) == []
    gardener.opens(f"{path}tree/")
    expect(gardener.here).to_have_count(1)
    assert complaints(gardener) == []
    gardener.presses("b")
    expect(gardener.page.get_by_role("radio").first).to_be_visible()
    assert complaints(gardener) == []
