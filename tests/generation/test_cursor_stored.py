"""A reader of what is in no log, or in one that cannot be read: it hears what the database has."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from asgiref.sync import sync_to_async

from chat.generation import cursor as module
from chat.generation import engine
from chat.generation.log import LogUnavailable
from chat.models import Conversation, Generation, Message, Status

from .playing import Reader, play, until


@pytest.fixture
def stored(transactional_db: None, alice: Any) -> Callable[..., UUID]:
    """A generation as the database has it."""
    conversation = Conversation.objects.create(owner=alice)

    def make(text: str = "", *, sequence: int = 0, status: Status = Status.RUNNING) -> UUID:
        generation = Generation.objects.create(
            owner=alice, conversation=conversation, model="m", status=status, sequence=sequence
        )
        parts = [{"type": "text", "text": text}] if text else []
        Message.objects.create(
            conversation=conversation, role="assistant", generation=generation, parts=parts, reasoning="hm"
        )
        return generation.pk

    return make


def text(piece: str) -> bytes:
    return orjson.dumps({"type": "text", "choice": 0, "text": piece})


END = b'{"type":"end","status":"finished"}'


def append(id: UUID, *events: bytes) -> None:
    engine().log.append(str(id), events)
    engine().doorbell.ring(str(id))


def test_an_ended_generation_whose_log_is_gone_is_read_from_the_database(stored: Callable[..., UUID]) -> None:
    id = stored("All of it.", sequence=7, status=Status.FINISHED)

    async def act() -> None:
        reader = await Reader(id).to_the_end()
        [frame] = reader.frames
        assert frame == {
            "type": "stored",
            "generation": str(id),
            "have": 7,
            "status": "finished",
            "answers": [{"choice": 0, "text": "All of it.", "reasoning": "hm", "tool_calls": []}],
        }

    play(act)


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "interrupted"])
@pytest.mark.parametrize("have", [0, 7, 500])
def test_every_end_is_told_however_far_the_reader_is(
    stored: Callable[..., UUID], status: Status, have: int
) -> None:
    id = stored("All of it.", sequence=7, status=status)

    async def act() -> None:
        assert (await Reader(id, have).to_the_end()).status == status

    play(act)


@pytest.mark.django_db(transaction=True)
def test_a_generation_that_is_not_there_is_gone() -> None:
    async def act() -> None:
        id = uuid4()
        reader = await Reader(id).to_the_end()
        assert reader.frames == [{"type": "gone", "generation": str(id)}]

    play(act)


def test_a_running_one_without_a_log_yet_is_waited_for(stored: Callable[..., UUID]) -> None:
    id = stored()

    async def act() -> None:
        reader = Reader(id)
        await until(lambda: engine().doorbell._bells)
        append(id, text("Here"), END)
        await reader.to_the_end()
        assert reader.text == "Here"
        assert [frame["type"] for frame in reader.frames] == ["events"]

    play(act)


def test_where_the_log_cannot_be_read_the_database_has_to_do(
    stored: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS_BETWEEN_LOOKS", 0.02)
    id = stored("Saved so far", sequence=3)

    async def act() -> None:
        log = engine().log
        read = log.read
        append(id, text("Saved"), text(" so"), text(" far"), text(", and more"))

        async def away(*_: Any) -> None:
            raise LogUnavailable

        log.read = away  # type: ignore[method-assign]
        reader = Reader(id)
        await until(lambda: reader.text == "Saved so far")
        assert reader.frames[0]["status"] == "running"
        log.read = read  # type: ignore[method-assign]
        await until(lambda: reader.text == "Saved so far, and more")
        append(id, END)
        await reader.to_the_end()
        assert reader.status == "finished"

    play(act)


def test_what_was_saved_is_told_once(stored: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_BETWEEN_LOOKS", 0.01)
    id = stored("Saved so far", sequence=3)

    async def act() -> None:
        reader = Reader(id)
        await until(lambda: reader.text)
        row, message = Generation.objects.filter(pk=id), Message.objects.filter(generation=id)
        await sync_to_async(message.update)(parts=[{"type": "text", "text": "Saved a bit more"}])
        await sync_to_async(row.update)(sequence=4)
        await until(lambda: reader.text == "Saved a bit more")
        assert len(reader.frames) == 2
        await sync_to_async(row.end)(Status.INTERRUPTED)
        await reader.to_the_end()
        assert reader.status == "interrupted"

    play(act)
