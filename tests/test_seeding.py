"""Providers that are there without being typed in."""

import asyncio
import logging
from typing import Any

import pytest
from django.test import override_settings

from chat import seeding
from chat.models import Conversation, LanguageModel, Provider
from chat.seeding import KNOWN, Known, find_local_servers, seed
from tests.upstream import Upstream, reply

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "sk-0123456789abcdef"


def there() -> dict[str, Provider]:
    return {provider.name: provider for provider in Provider.objects.filter(removed=False)}


def test_without_any_variable_there_is_the_demo_alone() -> None:
    seed()
    assert set(there()) == {"Demo (built in)"}
    assert there()["Demo (built in)"].source == "built-in"


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.variable)
def test_a_key_in_the_environment_makes_its_provider(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{known.variable}_API_KEY", f" {KEY} ")
    seed()
    provider = there()[known.label]
    assert (provider.base_url, provider.dialect) == (known.base_url, known.dialect)
    assert (provider.key, provider.key_hint, provider.source) == (KEY, "cdef", "environment")


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.variable)
def test_an_address_alone_makes_it_too(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{known.variable}_BASE_URL", "http://localhost:9999/v1/")
    seed()
    provider = there()[known.label]
    assert (provider.base_url, provider.key) == ("http://localhost:9999/v1", "")


def test_every_dialect_that_is_seeded_is_known() -> None:
    from chat.completions import DIALECTS

    assert {known.dialect for known in KNOWN} | {dialect for _, dialect, _ in seeding.LOCAL} <= set(DIALECTS)


def test_a_second_start_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOGETHER_API_KEY", KEY)
    seed()
    before = {name: provider.pk for name, provider in there().items()}
    seed()
    assert {name: provider.pk for name, provider in there().items()} == before


def test_a_limit_that_somebody_set_outlives_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOGETHER_API_KEY", KEY)
    seed()
    Provider.objects.filter(name="Together AI").update(most_at_once=4)
    seed()
    assert there()["Together AI"].most_at_once == 4


def test_a_variable_that_goes_takes_provider_and_key_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    seed()
    monkeypatch.delenv("GROQ_API_KEY")
    seed()
    gone = Provider.objects.get(name="Groq")
    assert (gone.removed, gone.sealed_key, gone.key_hint) == (True, "", "")


def test_a_variable_that_comes_back_brings_the_same_row_back(
    monkeypatch: pytest.MonkeyPatch, alice: Any
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    seed()
    id = there()["Groq"].pk
    talk = Conversation.objects.create(owner=alice, provider_id=id, model="m")
    monkeypatch.delenv("GROQ_API_KEY")
    seed()
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    seed()
    talk.refresh_from_db()
    assert there()["Groq"].pk == id == talk.provider_id
    assert there()["Groq"].key == KEY


def test_another_address_forgets_the_key_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    seed()
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.test/v1")
    seed()
    provider = there()["OpenAI"]
    assert (provider.base_url, provider.key) == ("https://elsewhere.test/v1", "")


def test_what_was_changed_by_hand_lasts_until_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    seed()
    Provider.objects.filter(name="OpenAI").update(base_url="https://elsewhere.test/v1")
    seed()
    assert there()["OpenAI"].base_url == "https://api.openai.com/v1"
    assert there()["OpenAI"].key == KEY


def test_a_provider_of_the_same_address_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = Provider.objects.create(name="My OpenAI", base_url="https://api.openai.com/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    seed()
    assert there()["OpenAI"].pk == typed.pk


def test_a_row_taken_back_and_one_typed_in_meanwhile_do_not_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    seed()
    monkeypatch.delenv("OPENAI_API_KEY")
    seed()
    Provider.objects.create(name="By hand", base_url="https://api.openai.com/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    seed()
    assert set(there()) == {"Demo (built in)", "OpenAI"}


def test_two_names_for_one_address_are_one_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("TOGETHER", "OPENAI"):
        monkeypatch.setenv(f"{variable}_BASE_URL", "http://localhost:1234/v1")
    for _ in range(3):
        seed()
    assert len(there()) == 2


@pytest.mark.parametrize("address", ["localhost:1234", "not a url", "ftp://example.com"])
def test_an_odd_address_is_told_and_the_others_are_there(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    monkeypatch.setenv("TOGETHER_BASE_URL", address)
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    with caplog.at_level(logging.WARNING):
        seed()
    assert set(there()) == {"Demo (built in)", "Groq"}
    assert "TOGETHER_BASE_URL" in caplog.text


def test_an_odd_key_is_told_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TOGETHER_API_KEY", "sk-“0123456789”")
    with caplog.at_level(logging.WARNING):
        seed()
    assert set(there()) == {"Demo (built in)"}
    assert "TOGETHER_API_KEY" in caplog.text
    assert "0123456789" not in caplog.text


# Local servers


def find(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    names = ("Ollama", "LM Studio")
    monkeypatch.setattr(seeding, "LOCAL", tuple(zip(names, ("ollama", "lmstudio"), ports, strict=False)))
    asyncio.run(find_local_servers())


def port_of(upstream: Upstream) -> int:
    return int(upstream.base_url.split(":")[2].split("/")[0])


def test_a_server_on_its_usual_port_is_found_with_its_models(
    monkeypatch: pytest.MonkeyPatch, upstream: Upstream
) -> None:
    upstream.models = {"data": [{"id": "llama3"}]}
    find(monkeypatch, port_of(upstream))
    provider = there()["Ollama"]
    assert (provider.base_url, provider.dialect, provider.source) == (upstream.base_url, "ollama", "found")
    assert LanguageModel.objects.get().name == "llama3"


def test_where_nobody_listens_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    find(monkeypatch, 1)
    assert there() == {}


def test_what_is_no_model_server_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch, upstream: Upstream
) -> None:
    upstream.script(reply(200, "<html>Jenkins</html>", {"Content-Type": "text/html"}), repeat=True)
    find(monkeypatch, port_of(upstream))
    assert there() == {}


def test_it_is_found_once(monkeypatch: pytest.MonkeyPatch, upstream: Upstream) -> None:
    for _ in range(2):
        find(monkeypatch, port_of(upstream))
    assert Provider.objects.count() == 1


def test_one_that_a_person_typed_in_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, upstream: Upstream
) -> None:
    Provider.objects.create(name="Mine", base_url=f"http://localhost:{port_of(upstream)}/v1")
    find(monkeypatch, port_of(upstream))
    assert set(there()) == {"Mine"}


def test_one_that_a_person_removed_is_not_found_again(
    monkeypatch: pytest.MonkeyPatch, upstream: Upstream
) -> None:
    find(monkeypatch, port_of(upstream))
    Provider.objects.update(removed=True)
    find(monkeypatch, port_of(upstream))
    assert there() == {}


def test_two_are_found_at_once(monkeypatch: pytest.MonkeyPatch, upstream: Upstream) -> None:
    with Upstream() as other:
        find(monkeypatch, port_of(upstream), port_of(other))
    assert set(there()) == {"Ollama", "LM Studio"}


def test_the_playground_does_not_find_itself(monkeypatch: pytest.MonkeyPatch, upstream: Upstream) -> None:
    with override_settings(PORT=port_of(upstream)):
        find(monkeypatch, port_of(upstream))
    assert there() == {}
    assert upstream.requests == []
