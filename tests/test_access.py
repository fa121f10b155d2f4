"""Who may see what: every query starts from its owner."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from chat import access
from chat.models import Conversation, Generation, LanguageModel, Message, Provider

pytestmark = pytest.mark.django_db
FINDERS: dict[str, Callable[[Any, Any], Any]] = {
    "conversation": access.conversation,
    "message": access.message,
    "generation": access.generation,
    "provider": access.provider,
    "changeable_provider": access.changeable_provider,
}


@pytest.fixture
def rows(alice: Any) -> dict[str, Any]:
    provider = Provider.objects.create(name="Hers", base_url="https://hers.test/v1", owner=alice)
    LanguageModel.objects.create(provider=provider, name="m")
    conversation = Conversation.objects.create(owner=alice)
    return {
        "conversation": conversation,
        "message": Message.objects.create(conversation=conversation, role="user"),
        "generation": Generation.objects.create(owner=alice, conversation=conversation, model="m"),
        "provider": provider,
        "changeable_provider": provider,
    }


@pytest.mark.parametrize("name", FINDERS)
def test_the_owner_finds_it(rows: dict[str, Any], alice: Any, name: str) -> None:
    assert FINDERS[name](alice, rows[name].pk) == rows[name]


@pytest.mark.parametrize("name", FINDERS)
def test_a_stranger_and_a_wrong_id_find_nothing(
    rows: dict[str, Any], alice: Any, bob: Any, operator: Any, name: str
) -> None:
    for user, id in ((bob, rows[name].pk), (operator, rows[name].pk), (alice, uuid4())):
        with pytest.raises(Http404):
            FINDERS[name](user, id)


@pytest.mark.parametrize("name", ["conversation", "message", "generation"])
def test_nothing_of_a_deleted_conversation_is_found(rows: dict[str, Any], alice: Any, name: str) -> None:
    rows["conversation"].delete_for_now()
    with pytest.raises(Http404):
        FINDERS[name](alice, rows[name].pk)


def test_a_deleted_conversation_is_found_where_it_is_brought_back(
    rows: dict[str, Any], alice: Any, bob: Any
) -> None:
    talk = rows["conversation"]
    with pytest.raises(Http404):
        access.deleted_conversation(alice, talk.pk)
    talk.delete_for_now()
    assert access.deleted_conversation(alice, talk.pk) == talk
    with pytest.raises(Http404):
        access.deleted_conversation(bob, talk.pk)


def test_a_deleted_message_is_found_where_it_is_brought_back(
    rows: dict[str, Any], alice: Any, bob: Any
) -> None:
    message = rows["message"]
    message.delete_for_now()
    with pytest.raises(Http404):
        access.message(alice, message.pk)
    assert access.message(alice, message.pk, deleted=True) == message
    with pytest.raises(Http404):
        access.message(bob, message.pk, deleted=True)


def test_lists_hold_ones_own_and_what_is_shared(rows: dict[str, Any], alice: Any, bob: Any) -> None:
    shared = Provider.objects.create(name="Shared", base_url="https://shared.test/v1")
    LanguageModel.objects.create(provider=shared, name="s")
    assert set(access.providers(alice)) == {rows["provider"], shared}
    assert set(access.providers(bob)) == {shared}
    assert {model.name for model in access.language_models(bob)} == {"s"}
    assert set(access.conversations(alice)) == {rows["conversation"]}
    assert not access.conversations(bob)


def test_what_was_removed_is_in_no_list(rows: dict[str, Any], alice: Any) -> None:
    Provider.objects.update(removed=True)
    assert not access.providers(alice)
    assert not access.language_models(alice)
    with pytest.raises(Http404):
        access.provider(alice, rows["provider"].pk)


@pytest.mark.parametrize(
    ("who", "owner", "source", "may"),
    [
        ("alice", "alice", "added", True),
        ("alice", None, "added", False),
        ("alice", None, "environment", False),
        ("operator", None, "added", True),
        ("operator", None, "environment", True),
        ("operator", None, "found", True),
        ("operator", None, "built-in", False),
        ("operator", "alice", "added", False),
        ("bob", "alice", "added", False),
    ],
)
def test_who_may_change_a_provider(
    request: pytest.FixtureRequest, who: str, owner: str | None, source: str, may: bool
) -> None:
    owned_by = request.getfixturevalue(owner) if owner else None
    row = Provider.objects.create(name="P", base_url="https://p.test/v1", owner=owned_by, source=source)
    assert access.may_change(request.getfixturevalue(who), row) is may
