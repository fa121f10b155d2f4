"""The model lists of the providers, kept in the database."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat import catalogue
from chat.completions import Client, Limits, ListedModel
from chat.models import LanguageModel, Provider
from tests.upstream import Hang, Head, Script, Upstream, reply

QUICK = Limits(connect=1, first_token=1, silence=1, total=1, retries=0)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row(upstream: Upstream) -> Provider:
    return Provider.objects.create(name="Scripted", base_url=upstream.base_url, dialect="openai")


def with_client(act: Callable[[Client], Any]) -> Any:
    async def play() -> Any:
        client = Client(QUICK)
        try:
            return await act(client)
        finally:
            await client.aclose()

    return asyncio.run(play())


def refresh(provider: Provider) -> str:
    trouble: str = with_client(lambda client: catalogue.refresh(client, provider))
    provider.refresh_from_db()
    return trouble


def names(provider: Provider) -> set[str]:
    return set(provider.language_models.filter(listed=True).values_list("name", flat=True))


def test_a_list_is_read_into_rows(row: Provider, upstream: Upstream) -> None:
    upstream.models = {
        "data": [
            {"id": "big", "context_length": 131072, "pricing": {"input": 0.5, "output": 1.5}, "type": "chat"},
            {"id": "small"},
        ]
    }
    assert refresh(row) == ""
    assert names(row) == {"big", "small"}
    big = row.language_models.get(name="big")
    assert (big.context_length, big.price_input, big.price_output, big.type) == (131072, 0.5, 1.5, "chat")
    assert row.refreshed_at is not None
    assert row.trouble == ""


def test_a_provider_that_is_down_keeps_its_list_and_says_what_is_wrong(
    row: Provider, upstream: Upstream
) -> None:
    refresh(row)
    before = names(row)
    upstream.script(reply(503, {"error": {"message": "Down for repairs."}}))
    trouble = refresh(row)
    assert trouble
    assert row.trouble == trouble
    assert names(row) == before != set()


def test_a_provider_that_is_well_again_has_no_trouble(row: Provider, upstream: Upstream) -> None:
    upstream.script(reply(500, "oops"))
    assert refresh(row)
    assert refresh(row) == row.trouble == ""


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, "<html>Welcome to nginx!</html>", {"Content-Type": "text/html"}),
        reply(200, {"object": "error"}),
        reply(401, {"error": {"message": "Invalid key"}}),
        reply(404, "not here"),
        Script([Head(), Hang()]),
    ],
    ids=["page", "object", "key", "missing", "silence"],
)
def test_whatever_a_provider_answers_is_told_in_words(
    row: Provider, upstream: Upstream, answer: Script
) -> None:
    upstream.script(answer, repeat=True)
    trouble = refresh(row)
    assert trouble.endswith((".", "?"))
    assert row.trouble == trouble


def test_models_that_are_no_longer_listed_stay_as_rows(row: Provider, upstream: Upstream) -> None:
    upstream.models = {"data": [{"id": "old"}, {"id": "both"}]}
    refresh(row)
    old = row.language_models.get(name="old")
    upstream.models = {"data": [{"id": "both"}, {"id": "new"}]}
    refresh(row)
    assert names(row) == {"both", "new"}
    assert LanguageModel.objects.get(pk=old.pk).listed is False


def test_a_model_that_is_listed_again_is_the_same_row(row: Provider, upstream: Upstream) -> None:
    upstream.models = {"data": [{"id": "m"}]}
    refresh(row)
    id = row.language_models.get().pk
    upstream.models = {"data": []}
    refresh(row)
    upstream.models = {"data": [{"id": "m", "context_length": 7}]}
    refresh(row)
    again = row.language_models.get()
    assert (again.pk, again.listed, again.context_length) == (id, True, 7)


def test_an_empty_list_is_a_list(row: Provider, upstream: Upstream) -> None:
    upstream.models = {"data": []}
    assert refresh(row) == ""
    assert names(row) == set()


def test_ten_thousand_models_are_stored_quickly(row: Provider) -> None:
    listed = [ListedModel(id=f"m-{number}", name="", type="chat") for number in range(10_000)]
    catalogue.store(row, listed)
    catalogue.store(row, listed[:10])
    assert row.language_models.count() == 10_000
    assert row.language_models.filter(listed=True).count() == 10


def test_the_key_is_sent_with_the_question(row: Provider, upstream: Upstream) -> None:
    row.key = "sk-0123456789abcdef"
    row.save()
    refresh(row)
    assert upstream.requests[0].headers["authorization"] == "Bearer sk-0123456789abcdef"


def test_a_key_that_cannot_be_unsealed_is_trouble_and_nothing_is_sent(
    row: Provider, upstream: Upstream
) -> None:
    row.sealed_key = "damaged"
    row.save()
    assert "enter it again" in refresh(row)
    assert upstream.requests == []


def test_an_address_that_may_not_be_called_is_trouble(row: Provider) -> None:
    row.base_url = "nonsense"
    row.save()
    assert refresh(row)


@pytest.mark.parametrize(
    ("minutes", "trouble", "removed", "due"),
    [
        (None, "", False, True),
        (30, "", False, False),
        (61, "", False, True),
        (1, "It was down.", False, False),
        (3, "It was down.", False, True),
        (61, "", True, False),
    ],
)
def test_lists_are_read_again_when_they_are_due(
    row: Provider, minutes: int | None, trouble: str, removed: bool, due: bool
) -> None:
    row.refreshed_at = minutes and timezone.now() - timedelta(minutes=minutes)
    row.trouble, row.removed = trouble, removed
    row.save()
    assert (catalogue.stale() == [row]) is due


def test_all_that_are_due_are_read(row: Provider, upstream: Upstream) -> None:
    Provider.objects.create(name="Nobody", base_url="http://127.0.0.1:1/v1")
    with_client(catalogue.refresh_stale)
    assert names(row) == {"mirror"}
    assert Provider.objects.get(name="Nobody").trouble
    assert catalogue.stale() == []


def test_a_list_that_breaks_something_here_holds_up_no_other(
    row: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    Provider.objects.create(name="Breaks", base_url=row.base_url.replace("127.0.0.1", "localhost"))
    whole = catalogue.store

    def store(provider: Provider, listed: list[ListedModel]) -> None:
        assert provider.name != "Breaks"
        whole(provider, listed)

    monkeypatch.setattr(catalogue, "store", store)
    with_client(catalogue.refresh_stale)
    assert names(row) == {"mirror"}


def test_what_no_list_has_is_unknown_but_allowed(row: Provider) -> None:
    assert catalogue.model_of(row, "never-heard-of") is None
    assert catalogue.model_of(None, "m") is None
    assert catalogue.model_of(row, "") is None
