"""Comparisons when things go wrong: two tabs, a network that goes, settings that come late, little room."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.side_by_side import compares, figure, link, opens_menu, pane, panes, sees_answers
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("models_side_by_side")


def opens_settings(visitor: Visitor, number: int) -> None:
    visitor.button(f"Settings of pane {number}").click()


def whose(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Whose settings these are")


def errors_of(visitor: Visitor, number: int) -> Locator:
    return pane(visitor, number).get_by_role("alert")


def test_the_settings_of_a_pane_go_with_it_wherever_it_is_removed(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot")
    opens_settings(visitor, 3)
    expect(whose(visitor)).to_contain_text("Pane 3")
    other = visitor.opens_a_second_tab()
    other.button("Remove pane", pane(other, 3)).click()
    expect(panes(visitor)).to_have_count(2)
    expect(whose(visitor)).to_have_count(0)
    expect(visitor.message).to_be_focused()


def test_the_settings_of_a_pane_are_called_by_its_place(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    opens_settings(visitor, 1)
    expect(whose(visitor)).to_contain_text("Pane 1")
    opens_menu(pane(visitor, 1), "Move right")
    expect(whose(visitor)).to_contain_text("Pane 2")


def test_settings_that_come_late_do_not_take_the_place_of_others(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    visitor.page.route(re.compile("/drawer/$"), hold_the_first)
    opens_settings(visitor, 1)
    opens_settings(visitor, 2)
    expect(whose(visitor)).to_contain_text("Pane 2")
    with visitor.page.expect_response(re.compile("/drawer/$")):
        held[0].continue_()
    expect(visitor.button("Settings of pane 1")).to_have_attribute("aria-expanded", "false")
    expect(whose(visitor)).to_contain_text("Pane 2")


def test_settings_that_cannot_be_loaded_are_told_in_the_pane(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    visitor.context.set_offline(True)
    opens_settings(visitor, 1)
    expect(errors_of(visitor, 1)).to_contain_text("could not be loaded")
    expect(whose(visitor)).to_have_count(0)
    visitor.context.set_offline(False)
    opens_settings(visitor, 1)
    expect(whose(visitor)).to_contain_text("Pane 1")


def test_a_link_that_is_changed_is_changed_in_the_other_tab(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    other = visitor.opens_a_second_tab()
    link(pane(visitor, 1), "Input").click()
    expect(link(pane(other, 1), "Input")).to_have_attribute("aria-pressed", "false")
    expect(other.message).to_have_attribute("placeholder", "Write to pane 2")
    expect(other.field("Message to pane 1")).to_be_visible()


def test_what_could_not_be_done_is_told_until_something_can(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    visitor.context.set_offline(True)
    link(pane(visitor, 1), "Scroll").click()
    expect(errors_of(visitor, 1)).to_contain_text("no connection")
    expect(link(pane(visitor, 1), "Scroll")).to_have_attribute("aria-pressed", "true")
    visitor.context.set_offline(False)
    link(pane(visitor, 1), "Scroll").click()
    expect(errors_of(visitor, 1)).to_have_count(0)
    expect(link(pane(visitor, 1), "Scroll")).to_have_attribute("aria-pressed", "false")


def test_a_pane_that_could_not_be_fetched_is_fetched_again(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    broken: list[Route] = []

    def break_the_first(route: Route) -> None:
        broken.append(route)
        route.abort() if len(broken) == 1 else route.continue_()

    visitor.page.route(re.compile(r"/panes/[0-9a-f-]{36}/$"), break_the_first)
    visitor.button("Add pane").click()
    expect(panes(visitor)).to_have_count(3)
    assert len(broken) == 2


def test_the_order_of_panes_is_asked_for_until_it_is_heard(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    other = visitor.opens_a_second_tab()
    broken: list[Route] = []

    def break_the_first(route: Route) -> None:
        broken.append(route)
        route.abort() if len(broken) == 1 else route.continue_()

    visitor.page.route(re.compile("/order/$"), break_the_first)
    opens_menu(pane(other, 1), "Move right")
    expect(pane(visitor, 1).get_by_role("combobox", name="Model")).to_have_value("echo")
    assert len(broken) >= 2


def test_the_button_of_a_menu_closes_it_again(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    more = visitor.button("More of pane 1")
    menu = visitor.page.get_by_role("menu", name="Pane 1")
    more.click()
    expect(menu).to_be_visible()
    expect(more).to_have_attribute("aria-expanded", "true")
    more.click()
    expect(menu).to_be_hidden()
    expect(more).to_have_attribute("aria-expanded", "false")


def test_many_panes_are_counted_rather_than_listed(visitor: Visitor) -> None:
    compares(visitor, *["mirror"] * 7)
    link(pane(visitor, 1), "Input").click()
    expect(visitor.message).to_have_attribute("placeholder", "Write to 6 panes")
    for number in (2, 3):
        link(pane(visitor, number), "Input").click()
    expect(visitor.message).to_have_attribute("placeholder", "Write to panes 4, 5, 6 and 7")


def test_figures_do_not_stand_on_one_another(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo", "parrot", text="Hello")
    sees_answers(visitor, "Hello", "Hello", "Hello")
    expect(figure(pane(visitor, 1), "Finish")).to_have_text("stop")
    for width in (1440, 768):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.evaluate(
            """() => document.querySelectorAll('.pane__facts > div:nth-child(2) dd')
                .forEach(dd => { dd.firstChild.data = '10,000 tok/s' })"""
        )
        expect(figure(pane(visitor, 3), "Speed")).to_contain_text("10,000 tok/s")
        fits = visitor.evaluate(
            """() => [...document.querySelectorAll('.pane__facts > div:not(.pane__heard)')]
                .map(row => row.scrollWidth <= row.clientWidth)"""
        )
        assert fits == [True] * 3 * 7


def test_the_figures_stay_where_they_are_from_the_first_question_to_the_last_word(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    above = "() => document.querySelector('.pane__figures').getBoundingClientRect().top"
    before = visitor.evaluate(above)
    visitor.sends("Hello")
    sees_answers(visitor, "Hello", "Hello")
    expect(figure(pane(visitor, 1), "Finish")).to_have_text("stop")
    expect(visitor.page.get_by_role("list", name="This comparison")).to_contain_text("2 answers")
    assert visitor.evaluate(above) == before


def test_the_head_of_a_comparison_is_whole_where_height_is_short(visitor: Visitor) -> None:
    compares(visitor, "mirror", "echo")
    visitor.page.set_viewport_size({"width": 720, "height": 450})
    whole = visitor.evaluate(
        """() => [...document.querySelectorAll('.page--comparison > :is(.bar, .panes__switch)')]
            .map(part => [part.className, part.scrollHeight <= part.clientHeight + 1])"""
    )
    assert whole == [["bar", True], ["panes__switch", True]]


def test_the_switcher_shows_the_pane_that_is_seen(visitor: Visitor) -> None:
    compares(visitor, *["mirror"] * 9)
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.presses("Alt+Digit9")
    current = visitor.page.get_by_role("navigation", name="Panes").locator("[aria-current=true]")
    expect(current).to_contain_text("9")
    expect(current).to_be_in_viewport(ratio=0.95)
