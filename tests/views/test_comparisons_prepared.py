"""Comparisons prepared over HTTP, by a link or by hand: nothing is stored, nothing is sent."""

import re
from html import unescape
from typing import Any

import pytest

from chat.models import LanguageModel, Provider
from tests.upstream import Upstream

from .asking import Browser, all_answered, visit
from .comparing import nothing_is_there

pytestmark = pytest.mark.django_db(transaction=True)


def models_in(response: Any) -> list[str]:
    """Which models the pickers hold."""
    page = response.content.decode()
    return [unescape(name) for name in re.findall(r'data-field="model" value="([^"]*)"', page)]


def said_in(response: Any) -> list[str]:
    """The refusals and notes of a page."""
    return [unescape(words) for words in re.findall(r'role="alert">([^<]+)<', response.content.decode())]


def prompt_in(response: Any) -> str:
    page = response.content.decode()
    return unescape(re.findall(r'<textarea id="message"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)[0])


# Prepared by a link


def test_a_link_opens_with_its_models_and_words_and_does_nothing(
    alice: Any, provider: Provider, upstream: Upstream
) -> None:
    for name in ("a", "b/c"):
        LanguageModel.objects.create(provider=provider, name=name, type="chat")

    async def act(browser: Browser) -> None:
        response = await browser.get("/compare/", models="b/c,a,a", prompt="Why <i>is</i>\nthe sky blue?")
        assert response.status_code == 200
        assert models_in(response) == ["b/c", "a", "a"]
        assert prompt_in(response) == "Why <i>is</i>\nthe sky blue?"
        assert said_in(response) == []
        await all_answered()
        assert await nothing_is_there()

    visit(alice, act)
    assert upstream.requests == []


def test_without_a_word_it_opens_with_two_panes(alice: Any, provider: Provider) -> None:
    LanguageModel.objects.create(provider=provider, name="zweites", type="chat")

    async def act(browser: Browser) -> None:
        response = await browser.get("/compare/")
        assert models_in(response) == ["scripted", "zweites"]
        assert prompt_in(response) == ""

    visit(alice, act)


@pytest.mark.parametrize(
    ("models", "count", "words"),
    [
        ("scripted,gone", 2, "No provider lists “gone”"),
        (",".join(["scripted"] * 17), 16, "The link names 17 models"),
        ("scripted,<script>alert(1)</script>", 2, "No provider lists “<script>alert(1)</script>”"),
        ('scripted,"><img src=x onerror=alert(1)>', 2, "onerror"),
        ("scripted,a\0b", 2, "Choose another model for pane 2"),
        ("scripted," + "x" * 100_000, 2, "No provider lists “xxx"),
        ("scripted,bobs", 2, "No provider lists “bobs”"),
    ],
)
def test_what_of_a_link_cannot_be_had_is_said_and_the_rest_stays(
    alice: Any, bob: Any, provider: Provider, models: str, count: int, words: str
) -> None:
    private = Provider.objects.create(name="Bob's", base_url="https://bob.test/v1", owner=bob)
    LanguageModel.objects.create(provider=private, name="bobs", type="chat")

    async def act(browser: Browser) -> None:
        response = await browser.get("/compare/", models=models, prompt="Stays")
        assert response.status_code == 200
        assert len(models_in(response)) == count
        assert models_in(response)[0] == "scripted"
        assert prompt_in(response) == "Stays"
        [note] = said_in(response)
        assert words in note
        assert b"<script>alert" not in response.content
        assert b"<img" not in response.content
        assert await nothing_is_there()

    visit(alice, act)


@pytest.mark.parametrize(
    "prompt",
    ["</textarea><script>alert(1)</script>", "\r\n\r tricky \u2028", "x" * 100_000, "{{name}}", "{% now %}"],
)
def test_the_words_of_a_link_stand_in_the_page_to_the_letter(
    alice: Any, provider: Provider, prompt: str
) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.get("/compare/", prompt=prompt)
        assert prompt_in(response) == prompt
        assert b"<script>alert" not in response.content

    visit(alice, act)


@pytest.mark.parametrize(
    "query",
    [
        "models=%00&prompt=%00",
        "models=%FF%FE&prompt=%ED%A0%80",
        "models=,,,&prompt",
        "models=a&models=b",
        "prompt=%",
    ],
)
def test_an_odd_link_opens_too(alice: Any, provider: Provider, query: str) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.client.get(f"/compare/?{query}")
        assert response.status_code == 200
        assert len(models_in(response)) == 2

    visit(alice, act)


# Prepared by hand


async def prepare(browser: Browser, provider: Provider, models: list[str], **more: str) -> Any:
    return await browser.post(
        "/compare/setup/", provider=[str(provider.pk)] * len(models), model=models, **more
    )


def test_panes_are_added_and_taken_out_while_it_is_prepared(alice: Any, provider: Provider) -> None:
    async def act(browser: Browser) -> None:
        assert models_in(await prepare(browser, provider, ["a", "b"], add="1")) == ["a", "b", "scripted"]
        assert models_in(await prepare(browser, provider, ["a", "b", "c"], remove="1")) == ["a", "c"]
        assert models_in(await prepare(browser, provider, ["a", "b"], remove="1")) == ["a", "b"]
        assert len(models_in(await prepare(browser, provider, ["a"] * 16, add="1"))) == 16
        assert await nothing_is_there()

    visit(alice, act)


@pytest.mark.parametrize("place", ["-1", "3", "x", "", "²", "٣", "1.0", "9" * 5000, "\0"])
def test_a_place_that_is_none_takes_nothing_out(alice: Any, provider: Provider, place: str) -> None:
    async def act(browser: Browser) -> None:
        assert models_in(await prepare(browser, provider, ["a", "b", "c"], remove=place)) == ["a", "b", "c"]

    visit(alice, act)
