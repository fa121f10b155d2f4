"""What of a link could not be had is said of the pane that it is about, however the panes change."""

import re
from html import unescape
from typing import Any

import pytest

from chat.models import Provider
from tests.views.asking import Browser, visit

pytestmark = pytest.mark.django_db(transaction=True)


async def notes_after(browser: Browser, provider: Provider, unlisted: list[str], **change: str) -> list[str]:
    """One pane for each of these; only those without a name have a model."""
    models = ["" if name else "scripted" for name in unlisted]
    providers = ["" if name else str(provider.pk) for name in unlisted]
    response = await browser.post(
        "/compare/setup/", provider=providers, model=models, unlisted=unlisted, **change
    )
    assert response.status_code == 200
    found = re.findall(r'data-note-of="(\d+)" role="alert">([^<]+)<', response.content.decode())
    return [f"{number}: {unescape(words)}" for number, words in found]


def said_of(name: str, number: int) -> str:
    return f"{number}: No provider lists “{name}”. Choose another model for pane {number}."


def test_a_note_moves_with_its_pane_and_goes_with_it(alice: Any, provider: Provider) -> None:
    async def act(browser: Browser) -> None:
        unlisted = ["gone", "", "<b>"]
        both = [said_of("gone", 1), said_of("<b>", 3)]
        assert await notes_after(browser, provider, unlisted, add="1") == both
        assert await notes_after(browser, provider, unlisted, remove="0") == [said_of("<b>", 2)]
        assert await notes_after(browser, provider, unlisted, remove="1") == [
            said_of("gone", 1),
            said_of("<b>", 2),
        ]

    visit(alice, act)


def test_of_a_pane_with_a_model_nothing_is_said(alice: Any, provider: Provider) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.post(
            "/compare/setup/", provider=[str(provider.pk)] * 2, model=["a", "b"], unlisted=["gone", ""]
        )
        assert b"No provider lists" not in response.content

    visit(alice, act)


@pytest.mark.parametrize("unlisted", [[], ["x"] * 40, ["\0" * 5, "x" * 100_000]])
def test_odd_names_are_no_trouble(alice: Any, provider: Provider, unlisted: list[str]) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.post(
            "/compare/setup/", provider=["", ""], model=["", ""], unlisted=unlisted, add="1"
        )
        assert response.status_code == 200
        assert len(response.content) < 40_000

    visit(alice, act)
