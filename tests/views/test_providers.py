"""Providers and keys: whose they are, what is shown of them, where a key may go."""

import asyncio
from typing import Any

import pytest

from chat.forms import ProviderForm
from chat.models import Provider

from .asking import Browser, visit
from .providing import FORM, KEY, only

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_operator_adds_one_for_everybody(operator: Any, alice: Any, as_user: Any) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.post("/settings/providers/", **FORM)
        row = await only()
        assert (response.status_code, response["Location"]) == (302, f"/settings/#provider-{row.pk}")
        assert row.owner_id is None
        assert row.key == KEY

    visit(operator, act)
    assert b"Example" in as_user(alice).get("/settings/").content


def test_anybody_else_adds_one_for_themselves(alice: Any, bob: Any, as_user: Any) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM)
        assert (await only()).owner_id == alice.pk

    visit(alice, act)
    assert b'id="provider-' in as_user(alice).get("/settings/").content
    assert b'id="provider-' not in as_user(bob).get("/settings/").content


def test_a_key_is_shown_as_its_last_four_characters(operator: Any) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM)
        page = (await browser.get("/settings/")).content.decode()
        assert "…cdef" in page
        assert "0123456789" not in page
        assert (await only()).sealed_key not in page

    visit(operator, act)


def test_a_key_that_is_refused_is_not_written_back(operator: Any) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.post("/settings/providers/", **{**FORM, "base_url": "nonsense"})
        assert response.status_code == 422
        page = response.content.decode()
        assert KEY not in page
        assert 'value="Example"' in page
        assert 'value="nonsense"' in page
        assert await Provider.objects.acount() == 0

    visit(operator, act)


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("", "Enter the base URL."),
        ("api.example.com", "must begin with http"),
        ("https://user:pass@example.com", "user name or password"),
        ("https://example.com/v1?key=1", "leave out"),
        ("javascript:alert(1)", "must begin with http"),
    ],
)
def test_what_is_no_base_url_is_told_beside_it(operator: Any, base_url: str, words: str) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.post("/settings/providers/", **{**FORM, "base_url": base_url})
        assert response.status_code == 422
        assert words in response.content.decode()

    visit(operator, act)


def test_another_host_forgets_the_key_and_another_path_keeps_it(operator: Any) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM)
        path = f"/settings/providers/{(await only()).pk}/"
        await browser.post(path, **{**FORM, "key": "", "base_url": "https://api.example.com/v2"})
        assert (await only()).key == KEY
        await browser.post(path, **{**FORM, "key": "", "base_url": "https://evil.example.com/v2"})
        moved = await only()
        assert (moved.key, moved.key_hint, moved.base_url) == ("", "", "https://evil.example.com/v2")

    visit(operator, act)


def test_a_key_can_be_forgotten_and_a_provider_removed(operator: Any) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM)
        path = f"/settings/providers/{(await only()).pk}/"
        await browser.post(path, **{**FORM, "key": "", "forget": "on"})
        assert (await only()).sealed_key == ""
        await browser.post(path, **FORM)
        await browser.post(path, **FORM, remove="on")
        gone = await only()
        assert (gone.removed, gone.sealed_key, gone.key_hint) == (True, "", "")
        assert (await browser.post(path, **FORM)).status_code == 404

    visit(operator, act)


def test_an_address_that_is_there_already_is_told(operator: Any) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM)
        response = await browser.post("/settings/providers/", **{**FORM, "name": "Another"})
        assert response.status_code == 422
        assert "already" in response.content.decode()

    visit(operator, act)


@pytest.mark.parametrize("who", ["operator", "alice"])
def test_a_form_that_is_sent_twice_adds_one(who: str, request: pytest.FixtureRequest) -> None:
    async def act(browser: Browser) -> None:
        first = await browser.post("/settings/providers/", **FORM)
        second = await browser.post("/settings/providers/", **FORM)
        assert (second.status_code, second["Location"]) == (302, first["Location"])
        assert await Provider.objects.acount() == 1

    visit(request.getfixturevalue(who), act)


@pytest.mark.parametrize("who", ["operator", "alice"])
def test_a_form_that_is_sent_twice_at_once_adds_one(who: str, request: pytest.FixtureRequest) -> None:
    async def act(browser: Browser) -> None:
        replies = await asyncio.gather(*(browser.post("/settings/providers/", **FORM) for _ in range(4)))
        row = await only()
        assert {reply["Location"] for reply in replies} == {f"/settings/#provider-{row.pk}"}

    visit(request.getfixturevalue(who), act)


@pytest.mark.parametrize("different", [{"name": "Another"}, {"key": "sk-another"}, {"key": ""}])
def test_another_form_for_the_same_address_is_no_second_press(
    operator: Any, different: dict[str, str]
) -> None:
    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM)
        assert (await browser.post("/settings/providers/", **{**FORM, **different})).status_code == 422
        assert (await only()).key == KEY

    visit(operator, act)


def test_of_two_that_take_an_address_at_once_one_is_told(
    operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before the save saw nothing: the database has the last word."""
    monkeypatch.setattr(ProviderForm, "at_same_address", lambda form, address: None)

    async def act(browser: Browser) -> None:
        await browser.post("/settings/providers/", **FORM)
        response = await browser.post("/settings/providers/", **{**FORM, "name": "Another"})
        assert response.status_code == 422
        assert "already" in response.content.decode()

    visit(operator, act)


def test_what_is_wrong_is_tied_to_its_field(operator: Any) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.post("/settings/providers/", **{**FORM, "base_url": "nonsense"})
        page = response.content.decode()
        assert 'aria-invalid="true" aria-describedby="base_url-new-error"' in page
        assert 'id="base_url-new-error" role="alert"' in page

    visit(operator, act)


def test_only_the_operator_changes_what_all_share(alice: Any, provider: Provider) -> None:
    async def act(browser: Browser) -> None:
        path = f"/settings/providers/{provider.pk}/"
        assert (await browser.post(path, **FORM)).status_code == 404
        assert (await browser.delete(path)).status_code == 404
        row = await only()
        assert (row.name, row.removed) == ("Scripted", False)
        assert f'action="{path}"' not in (await browser.get("/settings/")).content.decode()

    visit(alice, act)


def test_nobody_changes_the_built_in_one(operator: Any) -> None:
    async def act(browser: Browser) -> None:
        row = await Provider.objects.acreate(name="Demo", base_url="http://demo.test/v1", source="built-in")
        path = f"/settings/providers/{row.pk}/"
        assert (await browser.post(path, **FORM)).status_code == 404
        assert (await browser.delete(path)).status_code == 404

    visit(operator, act)


def test_the_operator_does_not_see_what_others_added_for_themselves(operator: Any, alice: Any) -> None:
    async def act(browser: Browser) -> None:
        row = await Provider.objects.acreate(name="Private", base_url="https://p.test/v1", owner=alice)
        assert "Private" not in (await browser.get("/settings/")).content.decode()
        assert (await browser.delete(f"/settings/providers/{row.pk}/")).status_code == 404

    visit(operator, act)


def test_no_page_shows_any_key(operator: Any, provider: Provider) -> None:
    provider.key = KEY
    provider.save()

    async def act(browser: Browser) -> None:
        for path in ("/", "/settings/", "/models/", "/history/"):
            assert "0123456789" not in (await browser.get(path)).content.decode()

    visit(operator, act)
