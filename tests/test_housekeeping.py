"""What the server does by itself."""

import asyncio
import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from chat import housekeeping, seeding
from chat.comparisons.panes import compare, compare_chat
from chat.facts import facts_of
from chat.generation import engine
from chat.housekeeping import Housekeeping, clear_away, keep_answers_alive, keep_the_house
from chat.models import Charge, Command, Comparison, Conversation, Generation, Message, Pane, Provider
from chat.models.branch import path_to
from tests.generation.playing import play, run, until, until_stored
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any) -> None:
    """No local servers to find, no time to wait, a folder of its own."""
    monkeypatch.setattr(seeding, "LOCAL", ())
    monkeypatch.setattr(housekeeping, "SECONDS_BETWEEN_RECOVERIES", 0.02)
    settings.DATA = tmp_path


def test_what_was_deleted_long_enough_ago_goes_for_good(alice: Any) -> None:
    now = timezone.now()
    kept = Conversation.objects.create(owner=alice, deleted_at=now - timedelta(minutes=30))
    gone = Conversation.objects.create(owner=alice, deleted_at=now - timedelta(hours=2))
    there = Conversation.objects.create(owner=alice)
    gone.show(Message.objects.create(conversation=gone, role="user"))
    clear_away()
    assert set(Conversation.objects.all()) == {kept, there}
    assert Message.objects.count() == 0


def compared(owner: Any, *conversations: Conversation, title: str = "Named") -> Comparison:
    """With these and two that are made for it."""
    return compare(owner, [*conversations, Conversation(owner=owner), Conversation(owner=owner)], title)


def some_hours_ago(hours: float) -> None:
    """All that is there happened so much earlier."""
    for row in Comparison.objects.all():
        row.active_at -= timedelta(hours=hours)
        row.deleted_at = row.deleted_at and row.deleted_at - timedelta(hours=hours)
        row.save()
    for conversation in Conversation.objects.exclude(deleted_at=None):
        assert conversation.deleted_at
        conversation.deleted_at -= timedelta(hours=hours)
        conversation.save()
    for pane in Pane.objects.exclude(removed_at=None):
        assert pane.removed_at
        pane.removed_at -= timedelta(hours=hours)
        pane.save()


def test_a_deleted_comparison_goes_with_what_was_made_for_it_and_without_its_chat(alice: Any) -> None:
    chat = Conversation.objects.create(owner=alice)
    there = compared(alice)
    compared(alice, chat).delete_for_now()
    some_hours_ago(0.5)
    clear_away()
    assert (Comparison.objects.count(), Conversation.objects.count()) == (2, 5)
    some_hours_ago(1)
    clear_away()
    assert list(Comparison.objects.all()) == [there]
    assert set(Conversation.objects.all()) == {chat, *(pane.conversation for pane in there.shown_panes())}
    assert set(Pane.objects.all()) == set(there.shown_panes())


def test_a_removed_pane_goes_and_its_chat_stays(alice: Any) -> None:
    chat = Conversation.objects.create(owner=alice)
    comparison = compared(alice, chat, Conversation(owner=alice))
    of_chat, own, *rest = comparison.shown_panes()
    of_chat.remove()
    own.remove()
    some_hours_ago(0.5)
    clear_away()
    assert Pane.objects.count() == 4
    some_hours_ago(1)
    clear_away()
    assert set(Pane.objects.all()) == set(rest)
    assert chat in Conversation.objects.all()
    assert own.conversation not in Conversation.objects.all()


def test_what_another_comparison_shows_is_not_cleared_away(alice: Any) -> None:
    first = compared(alice)
    shared = first.shown_panes()[0].conversation
    second = compared(alice, shared)
    first.delete_for_now()
    some_hours_ago(2)
    clear_away()
    assert list(Comparison.objects.all()) == [second]
    assert shared in Conversation.objects.all()


def test_a_copied_answer_keeps_its_facts_when_the_original_is_cleared_away(
    conversation: Conversation, upstream: Upstream
) -> None:
    call = run(conversation)
    copy = compare_chat(Conversation.objects.get()).shown_panes()[1].conversation
    conversation.delete_for_now()
    some_hours_ago(2)
    clear_away()
    assert list(Conversation.objects.all()) == [copy]
    [_, answer] = path_to(copy.tip_id)
    assert answer.call == call
    assert facts_of(answer)[0] == "scripted"
    assert Charge.objects.get().conversation is None


def test_a_comparison_that_was_never_used_goes_after_a_day(alice: Any) -> None:
    chat = Conversation.objects.create(owner=alice)
    chat.show(Message.objects.create(conversation=chat, role="user"))
    compared(alice, chat, title="")
    some_hours_ago(23)
    clear_away()
    assert Comparison.objects.get().deleted_at is None
    some_hours_ago(2)
    clear_away()
    assert Comparison.objects.get().deleted_at is not None
    some_hours_ago(2)
    clear_away()
    assert not Comparison.objects.exists()
    assert list(Conversation.objects.all()) == [chat]


@pytest.mark.parametrize("used", ["name", "words", "words in what was removed", "work"])
def test_a_comparison_that_was_used_stays(alice: Any, used: str) -> None:
    comparison = compared(alice, Conversation(owner=alice), title="Named" if used == "name" else "")
    pane = comparison.shown_panes()[0]
    if used.startswith("words"):
        Message.objects.create(conversation=pane.conversation, role="user")
    if used == "words in what was removed":
        pane.remove()
    Comparison.objects.update(active_at=timezone.now() - timedelta(days=40))
    if used == "work":
        Comparison.objects.get().touch()
    clear_away()
    assert Comparison.objects.get().deleted_at is None


def test_commands_are_remembered_for_a_month(alice: Any) -> None:
    talk = Conversation.objects.create(owner=alice)
    for days in (29, 31):
        id = uuid4()
        Command.remember(alice, id, "x", talk)
        Command.objects.filter(pk=id).update(created_at=timezone.now() - timedelta(days=days))
    clear_away()
    assert Command.objects.count() == 1


async def cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_what_an_earlier_process_left_running_is_ended_at_once_and_what_is_left_later_too(
    alone: None, alice: Any, settings: Any
) -> None:
    settings.REDIS_URL = ""  # with it there may be other processes, and only an old lease tells who is gone
    talk = Conversation.objects.create(owner=alice)

    def leave(**fields: Any) -> Generation:
        return Generation.objects.create(owner=alice, conversation=talk, model="m", **fields)

    leave(lease_until=timezone.now() + timedelta(hours=1))

    async def act() -> None:
        task = asyncio.create_task(keep_answers_alive())
        await until_stored(lambda: not Generation.objects.all().running())
        later = await sync_to_async(leave)(lease_until=timezone.now() - timedelta(seconds=1))
        await until_stored(lambda: Generation.objects.get(pk=later.pk).status == "interrupted")
        await cancelled(task)

    play(act)


@pytest.mark.parametrize("error", [ValueError("odd"), RuntimeError("odder"), OSError("oddest")])
def test_whatever_goes_wrong_in_a_round_there_is_another(
    alone: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    seen: list[int] = []

    def fail_once() -> None:
        seen.append(1)
        if len(seen) == 1:
            raise error

    monkeypatch.setattr(housekeeping, "SECONDS_BETWEEN_ROUNDS", 0)
    monkeypatch.setattr(seeding, "seed", fail_once)

    async def act() -> None:
        task = asyncio.create_task(keep_the_house())
        await until(lambda: len(seen) == 2)
        await cancelled(task)

    with caplog.at_level(logging.CRITICAL):
        play(act)


def test_a_server_with_a_lifespan_starts_and_stops_with_it(alone: None) -> None:
    async def act() -> None:
        house = Housekeeping(lambda *_: asyncio.sleep(0))
        said = iter(["lifespan.startup", "lifespan.shutdown"])
        heard: list[str] = []

        async def receive() -> dict[str, str]:
            if heard:
                await until_stored(lambda: Provider.objects.filter(source="built-in").exists())
            return {"type": next(said)}

        async def send(message: dict[str, str]) -> None:
            heard.append(message["type"])

        await house({"type": "lifespan"}, receive, send)
        assert heard == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        assert engine().closing

    play(act)


def test_without_a_lifespan_it_starts_with_the_first_request_and_once(alone: None) -> None:
    async def act() -> None:
        served: list[Any] = []

        async def application(scope: Any, receive: Any, send: Any) -> None:
            served.append(scope)

        house = Housekeeping(application)
        for _ in range(3):
            await house({"type": "http"}, None, None)
        assert len(served) == 3
        await until_stored(lambda: Provider.objects.filter(source="built-in").exists())
        assert len(house._tasks) == 4
        await house.stop()

    play(act)
