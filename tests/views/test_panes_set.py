"""What is set in a pane is heard by the other tabs of its comparison."""

import pytest

from chat.models import Comparison

from .asking import Browser, visit
from .comparing import Tab, well

pytestmark = pytest.mark.django_db(transaction=True)


def test_other_tabs_hear_of_what_was_set_and_not_of_what_was_set_already(comparison: Comparison) -> None:
    async def version() -> int:
        return (await Comparison.objects.aget(pk=comparison.pk)).version

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        heard = [await version()]
        for fields in ({"temperature": "0.7"}, {"system_prompt": "Be brief."}, {"budget": "2"}):
            for _ in range(2):
                well(await tab.set(tab.panes[0], **fields))
                heard.append(await version())
        first = heard[0]
        assert heard == [first, first + 1, first + 1, first + 2, first + 2, first + 3, first + 3]
        assert (await tab.set(tab.panes[0], temperature="hot")).status_code == 422
        assert await version() == first + 3

    visit(comparison.owner, act)


def test_a_tab_that_posts_one_setting_leaves_those_of_another_tab(comparison: Comparison) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, comparison).look()
        first, second, _ = tab.panes
        well(await tab.set(first, system_prompt="Be brief."))
        well(await tab.set(second, temperature="0.7"))
        for pane in (await tab.look()).panes:
            assert (pane.conversation.system_prompt, pane.conversation.settings) == (
                "Be brief.",
                {"temperature": 0.7},
            )

    visit(comparison.owner, act)
