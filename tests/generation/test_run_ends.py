"""Every way for a run to end, and a database that does not take it."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from chat.completions import Client
from chat.generation import engine
from chat.generation import run as module
from chat.generation.recovery import recover
from chat.generation.run import Run
from chat.models import Conversation, Generation, Provider
from tests.upstream import (
    Cut,
    Done,
    Event,
    Gate,
    Hang,
    Head,
    Pause,
    Reset,
    Say,
    Script,
    Upstream,
    reply,
    stream,
)

from .playing import QUICK, Reader, answer_of, ask, begin, no_pause, play, row_of, run, text_of, until

pytestmark = pytest.mark.django_db(transaction=True)


# Every way to end

WORDS = Say("Some words")
SAYS_NO = {"error": {"message": "No such key.", "code": "invalid_api_key"}}
ENDINGS = {
    "a refused key": (reply(401, SAYS_NO), "failed", "KeyRefused", False),
    "a model that is not there": (reply(404, {"error": {"message": "No model"}}), "failed", "", False),
    "a parameter that is rejected": (
        reply(400, {"error": {"message": "Bad temperature", "param": "temperature"}}),
        "failed",
        "RequestRefused",
        False,
    ),
    "too many requests": (reply(429, {"error": {"message": "Slow down"}}), "failed", "RateLimited", True),
    "a server that fails": (reply(500, "oops"), "failed", "ProviderFailed", True),
    "a page": (reply(200, "<html>Hello</html>", {"Content-Type": "text/html"}), "failed", "", None),
    "an error within the stream": (
        Script([Head(), WORDS, Event({"error": {"message": "The engine went away."}})]),
        "failed",
        "StreamFailed",
        True,
    ),
    "nothing at all": (Script([Head(), Done()]), "failed", "", True),
    "silence from the start": (Script([Head(), Hang()]), "failed", "TimedOut", True),
    "a cut": (Script([Head(), WORDS, Cut()]), "interrupted", "StreamInterrupted", True),
    "a reset": (Script([Head(), WORDS, Pause(0.05), Reset()]), "interrupted", "StreamInterrupted", True),
    "silence after words": (Script([Head(), WORDS, Hang()]), "interrupted", "TimedOut", True),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_every_bad_end_has_its_status_and_its_words(
    conversation: Conversation, upstream: Upstream, name: str
) -> None:
    script, status, kind, retryable = ENDINGS[name]
    upstream.script(script, repeat=True)
    generation = run(conversation)
    assert generation.status == status
    assert generation.error["message"].strip().endswith((".", "?", "”"))
    assert kind in generation.error["kind"]
    assert retryable in (None, generation.error["retryable"])
    assert answer_of(generation).text == ("Some words" if WORDS in script.steps else "")


def test_what_the_provider_said_is_kept(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(reply(401, SAYS_NO))
    error = run(conversation).error
    assert (error["said"], error["status"], error["code"]) == ("No such key.", 401, "invalid_api_key")


def test_a_provider_that_repeats_the_key_does_not_get_it_into_the_transcript(
    conversation: Conversation, provider: Provider, upstream: Upstream
) -> None:
    provider.key = "sk-0123456789abcdef"
    provider.save()
    upstream.script(reply(401, {"error": {"message": "Wrong key sk-0123456789abcdef!"}}))
    assert "0123456789abcdef" not in str(run(conversation).error)


def test_a_retry_before_the_first_token_is_seen_and_leaves_no_trace(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(reply(503, "busy"))
    gate = Gate()
    upstream.script(stream(gate, "Here I am"))

    async def act() -> Reader:
        # The gate is opened when the retry has been seen: that is no time for the limits to run out in.
        engine().client = Client(replace(QUICK, first_token=10), sleep=no_pause)
        reader = Reader(await begin(conversation))
        await until(lambda: reader.frames)
        gate.open()
        return await reader.to_the_end()

    reader = play(act)
    kinds = [event["type"] for frame in reader.frames for event in frame["events"]]
    assert kinds[0] == "retrying"
    assert (reader.text, reader.status) == ("Here I am", "finished")
    assert len(upstream.requests) == 2


def test_a_key_that_cannot_be_unsealed_fails_in_words_and_calls_nobody(
    conversation: Conversation, provider: Provider, upstream: Upstream
) -> None:
    Provider.objects.filter(pk=provider.pk).update(sealed_key="damaged")
    provider.refresh_from_db()
    conversation.provider = provider
    generation = run(conversation)
    assert generation.status == "failed"
    assert "enter it again" in generation.error["message"]
    assert upstream.requests == []


def test_a_provider_that_nobody_can_reach_fails_in_words(
    conversation: Conversation, provider: Provider
) -> None:
    provider.base_url = "http://127.0.0.1:1/v1"
    provider.save()
    generation = run(conversation)
    assert (generation.status, generation.error["retryable"]) == ("failed", True)


def test_a_fault_of_our_own_is_a_failed_row_and_not_a_spinner(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "wire_events", broken)
    with caplog.at_level(logging.CRITICAL):
        generation = run(conversation)
    assert generation.status == "failed"
    assert "The playground itself failed" in generation.error["message"]


# A database that does not take the end


def test_an_end_that_the_database_refuses_is_tried_again(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "SECONDS_BEFORE_TRYING_TO_END_AGAIN", 0.01)
    refuse(monkeypatch, times=3)
    with caplog.at_level(logging.CRITICAL):
        generation = run(conversation)
    assert (generation.status, answer_of(generation).text) == ("finished", "Hi")


def refuse(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The database refuses to store an end, so many times."""
    store, refused = Run._store, []

    def sometimes(self: Run, *ending: Any) -> bool:
        if len(refused) < times:
            refused.append(1)
            raise OperationalError("database is locked")
        return store(self, *ending)

    monkeypatch.setattr(Run, "_store", sometimes)


def test_an_end_that_the_database_never_took_is_recovered_with_all_its_words(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "SECONDS_BEFORE_TRYING_TO_END_AGAIN", 0.01)
    monkeypatch.setattr(module, "SECONDS_TO_KEEP_TRYING_TO_END", 0.05)
    refuse(monkeypatch, times=10**6)

    async def act() -> None:
        id = await begin(conversation, "not to be lost")
        reader = Reader(id)
        await engine().tasks[id]
        assert (await row_of(id)).status == "running"
        assert await recover(engine(), all_running=True) == 1
        assert (await row_of(id)).status == "interrupted"
        assert await text_of(id) == "not to be lost"
        await reader.to_the_end()
        assert (reader.status, reader.text) == ("interrupted", "not to be lost")

    with caplog.at_level(logging.CRITICAL):
        play(act)


def test_a_reader_of_a_generation_that_was_ended_elsewhere_hears_of_it(
    conversation: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.generation.log.SECONDS_KEPT", 0.1)
    upstream.script(stream("Hel", Gate(), "lo"))

    async def act() -> None:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: reader.text)
        await sync_to_async(Generation.objects.filter(pk=id).end)("interrupted")
        await engine().tasks[id]
        await reader.to_the_end()
        assert reader.status == "interrupted"

    play(act)


def test_the_tasks_of_ended_runs_are_forgotten(conversation: Conversation, upstream: Upstream) -> None:
    async def act() -> None:
        for _ in range(3):
            await ask(conversation)
        await asyncio.sleep(0)
        assert engine().tasks == {}
        assert engine().saver._writers == {}

    play(act)
