"""Providers and their models: who may use them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from chat.models import LanguageModel, Provider

pytestmark = pytest.mark.django_db


def make(name: str, **fields: Any) -> Provider:
    provider = Provider.objects.create(name=name, base_url=f"https://{name}.test/v1", **fields)
    LanguageModel.objects.create(provider=provider, name=f"{name}-model")
    return provider


def test_one_uses_ones_own_and_the_operators_that_are_still_there(alice: Any, bob: Any) -> None:
    shared, mine = make("shared"), make("mine", owner=alice)
    make("bobs", owner=bob)
    make("removed", removed=True)
    assert set(Provider.objects.usable_by(alice)) == {shared, mine}
    names = set(LanguageModel.objects.usable_by(alice).values_list("name", flat=True))
    assert names == {"shared-model", "mine-model"}


def test_models_that_are_no_longer_listed_are_not_offered(alice: Any) -> None:
    make("shared").language_models.update(listed=False)
    assert not LanguageModel.objects.usable_by(alice)


def test_only_models_that_chat_are_offered_for_a_chat() -> None:
    provider = make("shared")
    for type in ("chat", "language", "code", "embedding", "image"):
        LanguageModel.objects.create(provider=provider, name=type, type=type)
    names = set(LanguageModel.objects.that_chat().values_list("name", flat=True))
    assert names == {"shared-model", "chat", "language", "code"}


def test_an_address_is_shared_once() -> None:
    make("shared")
    with pytest.raises(IntegrityError), transaction.atomic():
        make("shared")


def test_an_address_may_be_private_to_several_and_used_again_after_a_removal(alice: Any, bob: Any) -> None:
    make("same", removed=True)
    make("same")
    make("same", owner=alice)
    make("same", owner=bob)
    assert Provider.objects.count() == 4


def test_a_model_is_listed_once_by_each_provider() -> None:
    provider = make("shared")
    with pytest.raises(IntegrityError), transaction.atomic():
        LanguageModel.objects.create(provider=provider, name="shared-model")
