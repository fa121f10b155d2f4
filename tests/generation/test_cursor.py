"""A reader's place in a log: everything from n on, a window of bytes, and the database where there is no log."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from chat.generation import cursor as module
from chat.generation import engine
from chat.generation.cursor import FRAME_BYTES, WINDOW_BYTES

from .playing import Reader, play, until


@pytest.fixture(autouse=True)
def _log_in_memory(settings: Any) -> None:
    """What is appended can be read at once. Reading from Redis has tests of its own."""
    settings.REDIS_URL = ""


def text(piece: str) -> bytes:
    return orjson.dumps({"type": "text", "choice": 0, "text": piece})


END = b'{"type":"end","status":"finished"}'


def append(id: UUID, *events: bytes) -> None:
    engine().log.append(str(id), events)
    engine().doorbell.ring(str(id))


def test_a_reader_gets_what_is_there_and_then_what_comes() -> None:
    async def act() -> None:
        id = uuid4()
        append(id, text("Hel"))
        reader = Reader(id)
        await until(lambda: reader.text == "Hel")
        append(id, text("lo"))
        await until(lambda: reader.text == "Hello")
        append(id, END)
        await reader.to_the_end()
        assert reader.status == "finished"

    play(act)


@pytest.mark.parametrize("have", [0, 1, 3, 4])
def test_it_gets_everything_from_n_on(have: int) -> None:
    async def act() -> None:
        id = uuid4()
        append(id, *(text(str(number)) for number in range(4)), END)
        reader = await Reader(id, have).to_the_end()
        assert reader.text == "0123"[have:]
        assert reader.have == 5

    play(act)


def test_a_frame_says_where_it_begins_and_whose_it_is() -> None:
    async def act() -> None:
        id = uuid4()
        append(id, text("a"), text("b"), END)
        reader = await Reader(id, 1).to_the_end()
        assert reader.frames == [
            {
                "type": "events",
                "generation": str(id),
                "from": 1,
                "events": [orjson.loads(text("b")), orjson.loads(END)],
            }
        ]

    play(act)


def test_two_readers_do_not_disturb_each_other() -> None:
    async def act() -> None:
        id = uuid4()
        slow, quick = Reader(id, stalled=True), Reader(id)
        for _ in range(300):
            append(id, text("x" * 2000))
        append(id, END)
        await quick.to_the_end()
        assert len(quick.text) == 600_000
        assert not slow.status
        await slow.leave()

    play(act)


def test_a_reader_that_stalls_is_given_a_window_and_no_more() -> None:
    async def act() -> None:
        id = uuid4()
        reader = Reader(id, stalled=True)
        for _ in range(1000):
            append(id, text("x" * 1000))
            await asyncio.sleep(0)
        await until(lambda: reader.bytes >= WINDOW_BYTES)
        for _ in range(20):
            engine().doorbell.ring(str(id))
            await asyncio.sleep(0)
        assert reader.bytes < WINDOW_BYTES + FRAME_BYTES + 5000
        assert reader.cursor._outstanding < WINDOW_BYTES + FRAME_BYTES + 5000
        await reader.leave()

    play(act)


def test_when_it_wakes_it_gets_the_rest() -> None:
    async def act() -> None:
        id = uuid4()
        reader = Reader(id, stalled=True)
        sent = ""
        for number in range(1000):
            sent += (piece := f"{number} " * 100)
            append(id, text(piece))
        append(id, END)
        await until(lambda: reader.bytes >= WINDOW_BYTES)
        reader.wake()
        await reader.to_the_end()
        assert reader.text == sent

    play(act)


def test_an_acknowledgement_of_half_gives_room_for_half() -> None:
    async def act() -> None:
        id = uuid4()
        reader = Reader(id, stalled=True)
        for _ in range(1000):
            append(id, text("x" * 1000))
        await until(lambda: reader.bytes >= WINDOW_BYTES)
        before = reader.have
        reader.cursor.acknowledge(before // 2)
        await until(lambda: reader.have > before)
        assert reader.cursor._outstanding < WINDOW_BYTES + FRAME_BYTES + 5000
        await reader.leave()

    play(act)


@pytest.mark.parametrize("have", [-5, 0, 10**9])
def test_an_odd_acknowledgement_breaks_nothing(have: int) -> None:
    async def act() -> None:
        id = uuid4()
        reader = Reader(id, stalled=True)
        append(id, text("x"))
        await until(lambda: reader.text)
        reader.cursor.acknowledge(have)
        append(id, END)
        await reader.to_the_end()
        assert reader.text == "x"

    play(act)


def test_an_event_larger_than_the_window_comes_through() -> None:
    async def act() -> None:
        id = uuid4()
        append(id, text("x" * (WINDOW_BYTES * 3)), text("y"), END)
        reader = await Reader(id).to_the_end()
        assert len(reader.text) == WINDOW_BYTES * 3 + 1

    play(act)


def test_lost_rings_cost_time_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_BETWEEN_LOOKS", 0.03)

    async def act() -> None:
        id = uuid4()
        reader = Reader(id)
        for number in range(20):
            engine().log.append(str(id), [text(str(number))])
            await asyncio.sleep(0.005)
        engine().log.append(str(id), [END])
        await reader.to_the_end()
        assert reader.text == "".join(str(number) for number in range(20))

    play(act)


def test_a_reader_that_leaves_is_no_longer_listened_for() -> None:
    async def act() -> None:
        id = uuid4()
        append(id, text("x"))
        reader = Reader(id)
        await until(lambda: reader.text)
        assert engine().doorbell._bells
        await reader.leave()
        assert not engine().doorbell._bells

    play(act)
