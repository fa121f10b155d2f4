"""How many requests a provider is to have at once: kept, shown, and held by those who wait."""

from typing import Any

import pytest
from django.test import override_settings

from chat.models import Conversation, Provider
from tests.generation.playing import until
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, visit
from .providing import FORM, only

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("typed", "stored"), [("", None), (" 3 ", 3), ("1", 1), ("1000", 1000)])
def test_a_limit_is_kept_and_shown(operator: Any, typed: str, stored: int | None) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM, most_at_once=typed)
        row = await only()
        assert row.most_at_once == stored
        page = (await browser.get("/settings/")).content.decode()
        assert ("at once</span>" in page) is (stored is not None)
        assert stored is None or f"at most {stored:,} at once" in page
        field = page.split(f'id="most_at_once-{row.pk}"')[1].split(">")[0]
        assert f'value="{stored or ""}"' in field
        assert 'max="1000"' in field

    visit(operator, act)


@pytest.mark.parametrize("typed", ["0", "-1", "1001", "2.5", "many", "1e2", "99999999999999999999", "\0"])
def test_what_is_no_limit_is_told_beside_it_and_changes_nothing(operator: Any, typed: str) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM, most_at_once="7")
        row = await only()
        response = await browser.post(f"/settings/providers/{row.pk}/", **FORM, most_at_once=typed)
        assert response.status_code == 422
        page = response.content.decode()
        assert "A limit is a whole number from 1 to 1,000. Leave it empty for none." in page
        assert f'aria-describedby="most_at_once-{row.pk}-help most_at_once-{row.pk}-error"' in page
        assert (await only()).most_at_once == 7

    visit(operator, act)


@pytest.mark.parametrize("typed", ["", "8", "nonsense"])
def test_a_form_with_another_limit_is_no_second_press(operator: Any, typed: str) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM, most_at_once="7")
        response = await browser.post("/settings/providers/", **FORM, most_at_once=typed)
        assert response.status_code == 422
        assert (await only()).most_at_once == 7

    visit(operator, act)


def test_a_limit_that_is_raised_lets_in_who_waits(
    operator: Any, alice: Any, provider: Provider, upstream: Upstream
) -> None:
    upstream.script(stream("Hel", Gate(), "lo"), repeat=True)
    form = {"name": "Scripted", "base_url": provider.base_url, "dialect": "openai", "most_at_once": "1"}

    async def act(browser: Browser) -> None:
        path = f"/settings/providers/{provider.pk}/"
        await browser.post(path, **form)
        for _ in range(4):
            chat = await Conversation.objects.acreate(owner=operator, provider=provider, model="scripted")
            await browser.send(chat)
        await until(lambda: len(upstream.requests) == 1)
        assert (await browser.post(path, **{**form, "most_at_once": "3"})).status_code == 302
        await until(lambda: len(upstream.requests) == 3)
        # A form that is refused changes nothing.
        assert (await browser.post(path, **{**form, "most_at_once": "0"})).status_code == 422
        assert (await browser.post(path, **{**form, "most_at_once": ""})).status_code == 302
        await until(lambda: len(upstream.requests) == 4)

    visit(operator, act)


def test_of_several_processes_the_page_says_that_each_counts_by_itself(operator: Any, as_user: Any) -> None:
    words = b"Each process of this server counts by itself."
    with override_settings(REDIS_URL=""):
        assert words not in as_user(operator).get("/settings/").content
    with override_settings(REDIS_URL="redis://nowhere"):
        assert words in as_user(operator).get("/settings/").content
