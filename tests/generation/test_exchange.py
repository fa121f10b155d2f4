"""What went over the wire is stored with every kind of end, and when it happened is told truly."""

import time
from dataclasses import dataclass, field

import orjson
import pytest
from asgiref.sync import sync_to_async
from django.db import DataError

from chat.completions import Limits
from chat.generation import engine
from chat.models import Conversation, Exchange, Generation
from chat.timeline import phases_of
from tests.upstream import (
    Cut,
    Done,
    Finish,
    Hang,
    Head,
    Pause,
    Say,
    Script,
    Upstream,
    reply,
    stream,
)
from tests.upstream.wire import Wire

from . import playing
from .playing import Reader, ask, begin, play, row_of, until

pytestmark = pytest.mark.django_db(transaction=True)
PATIENT = Limits(connect=1, first_token=5, silence=5, total=20, retries=2)
TRIES = 10


def run(conversation: Conversation) -> tuple[Generation, Exchange]:
    ended = playing.run(conversation, PATIENT)
    return ended, Exchange.objects.get(generation=ended)


@dataclass
class Stamp:
    """Notes when the upstream comes by."""

    times: list[float] = field(default_factory=list)

    async def play(self, wire: Wire) -> None:
        self.times.append(time.monotonic() * 1000)


def test_a_finished_call_keeps_all_of_it(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("Hel", "lo \u2028 😀\0"))
    generation, exchange = run(conversation)
    assert generation.status == "finished"
    assert exchange.status == 200
    assert exchange.request_headers["content-length"] == str(len(upstream.requests[0].raw))
    assert exchange.event_count == len(exchange.arrivals)
    assert exchange.arrivals[-1][1] == "[DONE]"
    said = [orjson.loads(data)["choices"][0]["delta"]["content"] for _, data in exchange.arrivals[:2]]
    assert said == ["Hel", "lo \u2028 😀\0"]


def test_an_answer_is_stored_even_if_its_exchange_cannot_be(
    conversation: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DataError

    upstream.script(stream("Hello"))
    monkeypatch.setattr(Exchange, "save", refuse)
    ended = play(lambda: ask(conversation))
    assert ended.status == "finished"
    assert ended.messages.get().text == "Hello"


def test_a_refused_call_keeps_what_was_said(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(reply(422, {"error": {"message": "No such temperature"}}))
    generation, exchange = run(conversation)
    assert (generation.status, exchange.status) == ("failed", 422)
    assert [data for _, data in exchange.arrivals] == ['{"error": {"message": "No such temperature"}}']


def test_an_interrupted_call_keeps_what_had_come(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Say("So"), Cut()]))
    generation, exchange = run(conversation)
    assert (generation.status, exchange.event_count) == ("interrupted", 1)


def test_attempts_before_the_last_one_are_told(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(reply(503, "busy"))
    upstream.script(stream("Hi"))
    generation, exchange = run(conversation)
    [failed] = exchange.failed
    assert failed["status"] == 503
    assert "HTTP 503" in failed["why"]
    assert [phase.name for phase in phases_of(generation.timings, {}, thought=False)][:2] == [
        "queued",
        "retrying",
    ]


def test_a_stopped_call_keeps_what_had_come(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Say("So far"), Hang()]))

    async def act() -> Generation:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: reader.text)
        await reader.leave()
        task = engine().tasks[id]
        task.cancel()
        await task
        return await row_of(id)

    generation = play(act)
    assert generation.status == "stopped"
    assert Exchange.objects.get(generation=generation).event_count == 1


def test_where_nobody_is_there_is_no_response(conversation: Conversation) -> None:
    provider = conversation.provider
    assert provider
    provider.base_url = "http://127.0.0.1:9/v1"
    provider.save()
    generation, exchange = run(conversation)
    assert (generation.status, exchange.status, exchange.event_count) == ("failed", None, 0)
    assert exchange.events is None
    assert len(exchange.failed) == 2


def test_two_ends_leave_one_exchange(conversation: Conversation, upstream: Upstream) -> None:
    """Somebody else ended it meanwhile: that end stands, and no exchange is written into it."""
    upstream.script(Script([Head(), Say("x"), Cut()]))

    async def act() -> Generation:
        id = await begin(conversation)
        await sync_to_async(Generation.objects.filter(pk=id).end)("interrupted")
        await engine().tasks[id]
        return await row_of(id)

    assert play(act).status == "interrupted"
    assert Exchange.objects.count() == 0


def test_phases_last_as_long_as_the_upstream_made_them_last(
    conversation: Conversation, upstream: Upstream
) -> None:
    """Within 20 ms or 2 %, against the times at which it wrote. The best of some tries: a busy machine is no fault."""
    worst = min(worst_error(conversation, upstream) for _ in range(3))
    for _ in range(TRIES):
        if worst <= 1:
            return
        worst = min(worst, worst_error(conversation, upstream))
    assert worst <= 1


def worst_error(conversation: Conversation, upstream: Upstream) -> float:
    """Of waiting, reasoning and answering, in parts of what is allowed."""
    stamp = Stamp()
    upstream.script(Script([
        stamp, Pause(0.12), Head(), stamp, Say("Let me see", key="reasoning"), Pause(0.16), stamp,
        Say("It"), Pause(0.2), Say(" is"), Finish(), Done(), stamp,
    ]))  # fmt: skip
    generation, _ = run(conversation)
    found = {phase.name: phase.length for phase in phases_of(generation.timings, {}, thought=True)}
    came, thought, said, over = stamp.times
    really = {"waiting": thought - came, "reasoning": said - thought, "answering": over - said}
    return max(abs(found[name] - really[name]) / max(20, 0.02 * really[name]) for name in really)
