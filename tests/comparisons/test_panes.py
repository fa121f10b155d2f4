"""Comparisons are made, and their panes added, copied, moved and taken out."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from chat.comparisons.panes import (
    add_empty_pane,
    add_pane,
    bring_back_pane,
    compare,
    compare_chat,
    copy_pane,
    move_pane,
    numbered,
    remove_pane,
)
from chat.models import Comparison, Conversation, Generation, Message, Pane, Role
from chat.models.branch import path_to
from chat.models.copying import copy_settings
from chat.models.message import text_part
from chat.refusals import Refused

pytestmark = pytest.mark.django_db


def made(owner: Any, count: int, **fields: Any) -> Comparison:
    return compare(owner, [Conversation(owner=owner, **fields) for _ in range(count)])


def panes_of(comparison: Comparison) -> list[Pane]:
    return Comparison.objects.get(pk=comparison.pk).shown_panes()


def say(conversation: Conversation, text: str, role: Role = Role.USER, **fields: Any) -> Message:
    message = Message.objects.create(
        conversation=conversation, parent=conversation.tip, role=role, parts=[text_part(text)], **fields
    )
    conversation.show(message)
    return message


def texts(pane: Pane) -> list[str]:
    return [message.text for message in path_to(Conversation.objects.get(pk=pane.conversation_id).tip_id)]


@pytest.mark.parametrize("count", [2, 3, 16])
def test_a_comparison_has_its_conversations_in_order(alice: Any, count: int) -> None:
    conversations = [Conversation(owner=alice, model=f"m{number}") for number in range(count)]
    comparison = compare(alice, conversations, "A title")
    assert [pane.conversation for pane in panes_of(comparison)] == conversations
    assert [pane.position for pane in panes_of(comparison)] == list(range(count))
    assert comparison.title == "A title"
    assert all(pane.linked_input and pane.linked_settings for pane in panes_of(comparison))


@pytest.mark.parametrize("count", [0, 1, 17, 500])
def test_fewer_than_two_and_more_than_sixteen_are_refused(alice: Any, count: int) -> None:
    with pytest.raises(Refused) as refused:
        made(alice, count)
    assert refused.value.status == 422
    assert "at least 2" in str(refused.value) or f"{count} panes, and a comparison has at most 16" in str(
        refused.value
    )
    assert not Comparison.objects.exists()
    assert not Conversation.objects.exists()


def test_what_was_made_for_it_is_not_listed_and_what_was_there_before_is(alice: Any) -> None:
    chat = Conversation.objects.create(owner=alice, title="Was there")
    compare(alice, [chat, Conversation(owner=alice)])
    assert [row.title for row in Conversation.objects.filter(listed=True)] == ["Was there"]


def test_a_chat_goes_on_in_the_first_pane_and_is_copied_into_the_second(conversation: Conversation) -> None:
    conversation.settings = {"seed": 7}
    conversation.save()
    say(conversation, "q")
    say(conversation, "a", Role.ASSISTANT)
    comparison = compare_chat(conversation)
    first, second = panes_of(comparison)
    assert first.conversation == conversation
    assert (first.conversation.listed, second.conversation.listed) == (True, False)
    assert texts(first) == texts(second) == ["q", "a"]
    assert second.conversation.settings == {"seed": 7}
    assert comparison.title == conversation.title


def test_an_empty_pane_is_set_as_the_last_one_and_stands_at_the_end(conversation: Conversation) -> None:
    say(conversation, "q")
    comparison = compare(
        conversation.owner, [Conversation(owner=conversation.owner), copy_settings(conversation)]
    )
    added = add_empty_pane(comparison)
    assert panes_of(comparison)[-1] == added
    assert added.conversation.model == conversation.model
    assert texts(added) == []


def test_where_all_chats_were_deleted_an_empty_pane_can_still_be_added(alice: Any) -> None:
    chats = [Conversation.objects.create(owner=alice) for _ in range(2)]
    comparison = compare(alice, chats)
    for chat in chats:
        chat.delete_for_now()
    added = add_empty_pane(comparison)
    assert panes_of(comparison) == [added]


def test_a_copy_stands_beside_the_original_with_its_words_and_links(alice: Any) -> None:
    comparison = made(alice, 3)
    first, second, third = panes_of(comparison)
    say(second.conversation, "q")
    second.linked_input = second.linked_settings = second.linked_scrolling = False
    second.save()
    copy = copy_pane(Pane.objects.get(pk=second.pk))
    assert panes_of(comparison) == [first, second, copy, third]
    assert [pane.position for pane in panes_of(comparison)] == [0, 1, 2, 3]
    assert texts(copy) == ["q"]
    copy.refresh_from_db()
    links = (copy.linked_input, copy.linked_system_prompt, copy.linked_settings, copy.linked_scrolling)
    assert links == (False, True, False, False)


def test_a_copy_of_one_that_runs_has_what_is_finished(conversation: Conversation) -> None:
    say(conversation, "q")
    call = Generation.objects.create(owner=conversation.owner, conversation=conversation, model="m")
    say(conversation, "so f", Role.ASSISTANT, generation=call)
    comparison = compare(conversation.owner, [conversation, copy_settings(conversation)])
    copy = copy_pane(panes_of(comparison)[0])
    assert texts(copy) == ["q"]
    call.refresh_from_db()
    assert (call.status, call.stop_requested) == ("running", False)


@pytest.mark.parametrize(
    "more",
    [add_empty_pane, lambda comparison: copy_pane(panes_of(comparison)[3])],
    ids=["empty", "copy"],
)
def test_the_seventeenth_is_refused(alice: Any, more: Callable[[Comparison], Pane]) -> None:
    comparison = made(alice, 15)
    more(comparison)
    before = panes_of(comparison)
    with pytest.raises(Refused, match="at most 16 panes") as refused:
        more(comparison)
    assert refused.value.status == 409
    assert panes_of(comparison) == before
    assert Conversation.objects.count() == 16


def test_at_least_two_stay(alice: Any) -> None:
    comparison = made(alice, 3)
    first, second, third = panes_of(comparison)
    remove_pane(second)
    with pytest.raises(Refused, match="at least 2 panes"):
        remove_pane(third)
    assert panes_of(comparison) == [first, third]


def test_removed_twice_is_removed_once(alice: Any) -> None:
    """In two tabs at once: the second must not be told that there are too few."""
    comparison = made(alice, 3)
    second = panes_of(comparison)[1]
    stale = Pane.objects.get(pk=second.pk)
    remove_pane(second)
    remove_pane(stale)
    assert len(panes_of(comparison)) == 2


def test_what_was_removed_comes_back_to_its_place_and_once(alice: Any) -> None:
    comparison = made(alice, 4)
    before = panes_of(comparison)
    remove_pane(before[1])
    stale = Pane.objects.get(pk=before[1].pk)
    bring_back_pane(before[1])
    bring_back_pane(stale)
    assert panes_of(comparison) == before


def test_it_stays_away_where_its_place_was_taken(alice: Any) -> None:
    comparison = made(alice, 16)
    removed = panes_of(comparison)[1]
    remove_pane(removed)
    add_empty_pane(comparison)
    with pytest.raises(Refused, match="at most 16"):
        bring_back_pane(Pane.objects.get(pk=removed.pk))
    assert len(panes_of(comparison)) == 16


@pytest.mark.parametrize(
    ("moved", "place", "order"),
    [(0, 0, "abcd"), (0, 1, "bacd"), (0, 3, "bcda"), (3, 0, "dabc"), (2, 1, "acbd"), (1, 1000, "acdb")],
)
def test_a_pane_moves_to_its_place(alice: Any, moved: int, place: int, order: str) -> None:
    comparison = made(alice, 4)
    names = dict(zip("abcd", panes_of(comparison), strict=True))
    move_pane(list(names.values())[moved], place)
    assert panes_of(comparison) == [names[name] for name in order]
    assert [pane.position for pane in panes_of(comparison)] == [0, 1, 2, 3]


def test_panes_are_numbered_as_they_stand(alice: Any) -> None:
    comparison = made(alice, 3)
    _, second, third = panes_of(comparison)
    move_pane(third, 0)
    remove_pane(second)
    shown = numbered(comparison)
    assert (shown[0].number, shown[0]) == (1, third)
    assert [pane.number for pane in shown] == [1, 2]


def test_other_tabs_are_behind_whenever_panes_change(alice: Any) -> None:
    comparison = made(alice, 3)
    second = panes_of(comparison)[1]

    def version() -> int:
        return Comparison.objects.get().version

    for number, change in enumerate(
        [
            lambda: add_empty_pane(comparison),
            lambda: copy_pane(second),
            lambda: move_pane(second, 0),
            lambda: remove_pane(second),
            lambda: bring_back_pane(Pane.objects.get(pk=second.pk)),
        ]
    ):
        assert version() == number
        change()
    assert version() == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("before", "change", "after", "refused"),
    [(15, "add", 16, 1), (3, "remove", 2, 1), (14, "add", 16, 0), (4, "remove", 2, 0)],
)
def test_two_at_once_see_one_another(alice: Any, before: int, change: str, after: int, refused: int) -> None:
    comparison = made(alice, before)
    panes = panes_of(comparison)
    acts: list[Callable[[], object]] = [
        (lambda: add_pane(comparison, Conversation(owner=alice)))
        if change == "add"
        else (lambda pane=panes[number]: remove_pane(pane))  # type: ignore[misc]
        for number in range(2)
    ]

    def in_a_thread(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    async def both() -> list[object]:
        return await asyncio.gather(
            *(sync_to_async(in_a_thread, thread_sensitive=False)(act) for act in acts)
        )

    results = asyncio.run(both())
    assert sum(isinstance(result, Refused) for result in results) == refused
    assert len(panes_of(comparison)) == after
    assert len({pane.position for pane in panes_of(comparison)}) == after, "two in one place"
