"""From the provider's events to the log: merged, numbered, rung."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from chat.completions import events as upstream
from chat.completions.errors import RateLimited
from chat.generation import writer as module
from chat.generation.doorbell import Doorbell
from chat.generation.log import MemoryLog
from chat.generation.writer import Writer, wire_events

from .playing import until


class Rings(Doorbell):
    def __init__(self) -> None:
        super().__init__()
        self.rung: list[str] = []

    def ring(self, topic: str) -> None:
        self.rung.append(topic)


class Log(MemoryLog):
    """A log that remembers when each append came."""

    def __init__(self) -> None:
        super().__init__()
        self.appends: list[tuple[float, list[Any]]] = []

    def append(self, name: str, events: Sequence[bytes]) -> None:
        self.appends.append((time.monotonic(), [orjson.loads(event) for event in events]))
        super().append(name, events)

    @property
    def events(self) -> list[Any]:
        return [event for _, events in self.appends for event in events]


def make(choices: int = 1) -> tuple[Writer, Log, Rings]:
    log, rings = Log(), Rings()
    return Writer("g", choices, log, rings), log, rings


def text(piece: str, choice: int = 0) -> dict[str, Any]:
    return {"type": "text", "choice": choice, "text": piece}


def test_the_first_token_is_readable_at_once() -> None:
    async def act() -> None:
        writer, log, rings = make()
        writer.add(text("First"))
        assert log.events == [text("First")]
        assert rings.rung == ["g"]

    asyncio.run(act())


def test_what_comes_within_the_merging_time_is_one_event() -> None:
    async def act() -> None:
        writer, log, rings = make()
        for piece in ("1", "2", "3", "4"):
            writer.add(text(piece))
        assert log.events == [text("1")]
        await until(lambda: len(log.events) == 2)
        assert log.events == [text("1"), text("234")]
        assert len(rings.rung) == 2

    asyncio.run(act())


def test_nothing_waits_longer_than_the_merging_time() -> None:
    async def act() -> None:
        writer, log, _ = make()
        writer.add(text("1"))
        writer.add(text("2"))
        await until(lambda: len(log.appends) == 2)

    asyncio.run(act())


def test_a_slow_stream_is_not_held_back() -> None:
    async def act() -> None:
        writer, log, _ = make()
        for number in range(3):
            writer.add(text(str(number)))
            assert log.events[-1] == text(str(number))
            await asyncio.sleep(module.SECONDS_MERGED * 1.5)

    asyncio.run(act())


def test_a_quick_stream_makes_no_more_appends_than_the_merging_time_allows() -> None:
    async def act() -> None:
        writer, log, _ = make()
        began = time.monotonic()
        sent = 0
        while time.monotonic() - began < 0.25:
            writer.add(text("x"))
            sent += 1
            await asyncio.sleep(0)
        writer.flush()
        assert sum(len(event["text"]) for event in log.events) == sent
        assert len(log.appends) <= (time.monotonic() - began) / module.SECONDS_MERGED + 3

    asyncio.run(act())


def test_only_neighbours_of_one_kind_and_choice_are_merged() -> None:
    async def act() -> None:
        writer, log, _ = make(choices=2)
        writer.add(text("at once"))
        thought = {"type": "reasoning", "choice": 0, "text": "r"}
        for event in (text("a"), text("b", 1), text("c"), thought, dict(thought), text("d"), text("e")):
            writer.add(event)
        writer.flush()
        assert log.events[1:] == [text("a"), text("b", 1), text("c"), {**thought, "text": "rr"}, text("de")]

    asyncio.run(act())


def test_tool_calls_keep_their_fragments() -> None:
    async def act() -> None:
        writer, log, _ = make()
        call = {"type": "tool_call", "choice": 0, "index": 0, "id": "", "name": "", "arguments": "{"}
        for _ in range(3):
            writer.add(dict(call))
        writer.flush()
        assert log.events == [call] * 3

    asyncio.run(act())


def test_the_sequence_counts_the_events_in_the_log() -> None:
    async def act() -> None:
        writer, log, _ = make()
        for number in range(50):
            writer.add(text(str(number)))
            if number % 7 == 0:
                writer.flush()
            assert writer.sequence == len(log.events)
        writer.end({"type": "end", "status": "finished"})
        assert writer.sequence == len(log.events)

    asyncio.run(act())


def test_the_answer_has_all_that_was_taken_whether_in_the_log_or_not() -> None:
    async def act() -> None:
        writer, log, _ = make()
        for piece in "abcdef":
            writer.add(text(piece))
        assert writer.answers[0].text == "abcdef"
        writer.flush()
        assert "".join(event["text"] for event in log.events) == "abcdef"

    asyncio.run(act())


def test_of_the_places_in_a_line_the_last_one_counts() -> None:
    async def act() -> None:
        writer, log, _ = make()
        for ahead in (5, 4, 3, 2):
            writer.add({"type": "queued", "ahead": ahead})
        writer.add(text("So"))
        writer.flush()
        assert log.events == [
            {"type": "queued", "ahead": 5},
            {"type": "queued", "ahead": 2},
            text("So"),
        ]

    asyncio.run(act())


@pytest.mark.parametrize("kind", ["queued", "retrying"])
def test_what_says_nothing_of_the_answer_is_not_saved_so_that_a_late_page_hears_it(kind: str) -> None:
    async def act() -> None:
        writer, _, _ = make()
        writer.add({"type": kind})
        assert (writer.sequence, writer.dirty) == (1, False)
        writer.add({"type": kind, "ahead": 1})
        writer.add(text("So"))
        writer.flush()
        assert writer.dirty

    asyncio.run(act())


def test_it_is_dirty_once_there_is_something_to_save() -> None:
    async def act() -> None:
        writer, _, _ = make()
        assert not writer.dirty
        writer.add(text("x"))
        assert writer.dirty

    asyncio.run(act())


def test_the_end_is_the_last_event_after_all_that_waited() -> None:
    async def act() -> None:
        writer, log, rings = make()
        writer.add(text("1"))
        writer.add(text("2"))
        writer.end({"type": "end", "status": "finished"})
        assert log.events == [text("1"), text("2"), {"type": "end", "status": "finished"}]
        assert rings.rung
        await asyncio.sleep(module.SECONDS_MERGED * 2)
        assert len(log.events) == 3

    asyncio.run(act())


def test_a_choice_that_was_not_asked_for_is_dropped() -> None:
    async def act() -> None:
        writer, log, _ = make(choices=1)
        writer.add(text("mine", 0))
        writer.add(text("whose?", 1))
        writer.flush()
        assert log.events == [text("mine")]

    asyncio.run(act())


def test_flushing_nothing_appends_nothing() -> None:
    async def act() -> None:
        writer, log, rings = make()
        writer.flush()
        assert (log.appends, rings.rung) == ([], [])

    asyncio.run(act())


# What a provider's event is on the wire


def wire(event: upstream.Event) -> list[dict[str, Any]]:
    return list(wire_events(event))


def test_every_event_for_readers_has_its_form() -> None:
    token = upstream.TokenLogprob("a", -0.5, top=(("b", -1.5),))
    assert wire(upstream.Text("t", 1)) == [text("t", 1)]
    assert wire(upstream.Reasoning("r")) == [{"type": "reasoning", "choice": 0, "text": "r"}]
    assert wire(upstream.TextWasReasoning()) == [{"type": "text_was_reasoning", "choice": 0}]
    assert wire(upstream.Refusal("no")) == [{"type": "refusal", "choice": 0, "text": "no"}]
    assert wire(upstream.ToolCall(0, "i", "n", "{}")) == [
        {"type": "tool_call", "choice": 0, "index": 0, "id": "i", "name": "n", "arguments": "{}"}
    ]
    assert wire(upstream.Logprobs((token,))) == [
        {
            "type": "logprobs",
            "choice": 0,
            "tokens": [{"token": "a", "logprob": -0.5, "top": [{"token": "b", "logprob": -1.5}]}],
        }
    ]
    assert wire(upstream.Annotation({"a": 1})) == [{"type": "annotation", "choice": 0, "data": {"a": 1}}]
    assert wire(upstream.Image("data:,")) == [{"type": "image", "choice": 0, "url": "data:,"}]
    assert wire(upstream.Finish("stop", "stop")) == [{"type": "finish", "choice": 0, "reason": "stop"}]
    assert wire(upstream.Retrying(1, 0.55, RateLimited("Slow down."))) == [
        {"type": "retrying", "attempt": 1, "seconds": 0.6, "message": "Slow down."}
    ]


def test_what_is_for_the_books_alone_is_not_on_the_wire() -> None:
    assert wire(upstream.Opened(200, {}, "r")) == []
    assert wire(upstream.Answered("id", "model")) == []
    assert wire(upstream.Usage(1, 2, None, None, None, {})) == []
