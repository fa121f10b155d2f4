"""The models that a person may choose, in the groups where one looks for them first."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from chat.models import Conversation, Generation, LanguageModel, PinnedModel, Provider

pytestmark = pytest.mark.django_db


def make(name: str, *models: str, **fields: Any) -> Provider:
    provider = Provider.objects.create(name=name, base_url=f"https://{name}.test/v1", **fields)
    for model in models:
        LanguageModel.objects.create(provider=provider, name=model, type="chat")
    return provider


def names(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('data-model="')[1:]]


def test_they_are_grouped_by_provider(as_user: Any, alice: Any) -> None:
    make("one", "b", "a")
    make("two", "c")
    page = as_user(alice).get("/models/").content.decode()
    assert names(page) == ["a", "b", "c"]
    assert page.count("picker__group") == 2


def test_those_of_others_and_those_no_longer_listed_are_not_there(as_user: Any, alice: Any, bob: Any) -> None:
    make("bobs", "secret", owner=bob)
    make("gone", "removed", removed=True)
    make("here", "old").language_models.update(listed=False)
    assert names(as_user(alice).get("/models/").content.decode()) == []


def test_none_at_all_says_where_to_connect_one(as_user: Any, alice: Any) -> None:
    page = as_user(alice).get("/models/").content.decode()
    assert "No model is listed yet" in page
    assert 'href="/settings/"' in page


def test_a_provider_that_is_down_shows_its_last_list_and_says_so(as_user: Any, alice: Any) -> None:
    make("down", "still-there", trouble="It does not answer.")
    page = as_user(alice).get("/models/").content.decode()
    assert names(page) == ["still-there"]
    assert "not answering" in page


def test_a_name_is_text(as_user: Any, alice: Any) -> None:
    make("odd", '"><script>alert(1)</script>')
    assert "<script>alert" not in as_user(alice).get("/models/").content.decode()


def test_a_thousand_models_cost_one_query(
    as_user: Any, alice: Any, django_assert_max_num_queries: Any
) -> None:
    provider = make("big")
    rows = [LanguageModel(provider=provider, name=f"m-{number}", type="chat") for number in range(1000)]
    LanguageModel.objects.bulk_create(rows)
    client = as_user(alice)
    with django_assert_max_num_queries(5):
        assert len(names(client.get("/models/").content.decode())) == 1000


# Groups


class _Groups(HTMLParser):
    """Each group's heading, with the names of its models."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.heading: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        found = dict(attributes)
        if found.get("class") == "picker__heading":
            self.heading = ""
        if "data-model" in found:
            self.found[list(self.found)[-1]].append(found["data-model"])

    def handle_data(self, data: str) -> None:
        if self.heading == "" and data.strip():
            self.heading = None
            self.found[data.strip()] = []


def groups(client: Any) -> dict[str, list[str]]:
    return _Groups(client.get("/models/").content.decode()).found


def ask(user: Any, provider: Provider, model: str, minutes_ago: int = 0, status: str = "finished") -> None:
    conversation = Conversation.objects.create(owner=user)
    row = Generation.objects.create(
        owner=user, conversation=conversation, provider=provider, model=model, status=status
    )
    Generation.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(minutes=minutes_ago))


def test_every_model_stands_once_where_one_looks_first(as_user: Any, alice: Any) -> None:
    one = make("one", "a", "b", "c", "tuned", "mine")
    one.language_models.filter(name="tuned").update(origin="fine-tuned")
    one.language_models.filter(name="mine").update(origin="dedicated")
    PinnedModel.objects.create(owner=alice, provider=one, model="c")
    ask(alice, one, "b", minutes_ago=2)
    ask(alice, one, "c", minutes_ago=1)
    assert groups(as_user(alice)) == {
        "Pinned": ["c"], "Recent": ["b"], "Fine-tuned": ["tuned"], "Dedicated endpoints": ["mine"], "one": ["a"],
    }  # fmt: skip


def test_recent_are_the_last_few_newest_first(as_user: Any, alice: Any) -> None:
    one = make("one", *"abcdefgh")
    for minutes, name in enumerate("hgfedcba"):
        ask(alice, one, name, minutes_ago=minutes)
        ask(alice, one, name, minutes_ago=minutes)
    assert groups(as_user(alice))["Recent"] == ["h", "g", "f", "e", "d"]


def test_an_id_that_no_list_has_is_among_the_recent_and_the_pinned(as_user: Any, alice: Any) -> None:
    one = make("one", "a")
    ask(alice, one, "typed")
    PinnedModel.objects.create(owner=alice, provider=one, model="kept")
    assert groups(as_user(alice)) == {"Pinned": ["kept"], "Recent": ["typed"], "one": ["a"]}


def test_what_failed_is_no_recent_model(as_user: Any, alice: Any) -> None:
    one = make("one", "a")
    ask(alice, one, "slip", status="failed")
    assert "Recent" not in groups(as_user(alice))


def test_what_others_used_and_pinned_is_theirs(as_user: Any, alice: Any, bob: Any) -> None:
    one = make("one", "a")
    ask(bob, one, "a")
    PinnedModel.objects.create(owner=bob, provider=one, model="a")
    assert groups(as_user(alice)) == {"one": ["a"]}


def test_what_was_used_of_a_removed_provider_is_gone(as_user: Any, alice: Any) -> None:
    gone = make("gone", "a", removed=True)
    ask(alice, gone, "a")
    PinnedModel.objects.create(owner=alice, provider=gone, model="a")
    assert groups(as_user(alice)) == {}


def test_a_row_says_what_is_known(as_user: Any, alice: Any) -> None:
    one = make("one", "a")
    one.language_models.update(
        type="code",
        context_length=131072,
        price_input=0.15,
        price_output=0.6,
        capabilities=["images", "json"],
    )
    page = as_user(alice).get("/models/").content.decode()
    for words in ("131,072", "$0.15 / $0.60", ">vision<", ">JSON<", ">code<", 'title="Takes images"'):
        assert words in page
    assert ">tools<" not in page


# Pins


def pin(client: Any, provider: Any, model: str) -> Any:
    return client.post("/models/pins/", {"of_provider": provider, "named": model})


@pytest.mark.django_db(transaction=True)
def test_a_model_is_pinned_once_and_unpinned(as_user: Any, alice: Any) -> None:
    one, client = make("one", "a", "b"), as_user(alice)
    assert [pin(client, one.pk, "b").status_code for _ in range(3)] == [204] * 3
    assert groups(client) == {"Pinned": ["b"], "one": ["a"]}
    for _ in range(2):
        place = {"of_provider": one.pk, "named": "b"}
        assert client.delete("/models/pins/", query_params=place).status_code == 204
    assert groups(client) == {"one": ["a", "b"]}


@pytest.mark.django_db(transaction=True)
def test_a_strangers_provider_cannot_be_pinned(as_user: Any, alice: Any, bob: Any) -> None:
    theirs = make("theirs", "a", owner=bob)
    assert pin(as_user(alice), theirs.pk, "a").status_code == 404
    assert pin(as_user(alice), uuid4(), "a").status_code == 404
    assert not PinnedModel.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("provider", "model"), [("", "a"), ("x", "a"), (None, ""), (None, "a\0b"), (None, "a" * 301)]
)
def test_a_pin_of_nothing_is_refused(as_user: Any, alice: Any, provider: Any, model: str) -> None:
    one = make("one", "a")
    assert pin(as_user(alice), one.pk if provider is None else provider, model).status_code == 422
    assert not PinnedModel.objects.exists()
