"""One run, from the request to its one end."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat.generation import engine
from chat.models import Conversation, Generation, Provider
from tests.upstream import (
    Done,
    Finish,
    Gate,
    Head,
    Say,
    Script,
    Upstream,
    events,
    stream,
)

from .playing import Reader, answer_of, ask, begin, play, row_of, run, text_of, until

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_that_finishes_is_stored_as_it_was_sent(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(stream("Hel", "lo \u2028", "😀"))
    generation = run(conversation)
    assert generation.status == "finished"
    assert answer_of(generation).text == "Hello \u2028😀"
    assert answer_of(generation).finish_reason == "stop"
    assert generation.error is None


def test_what_was_sent_is_what_is_stored_and_the_key_is_not_in_it(
    conversation: Conversation, provider: Provider, upstream: Upstream
) -> None:
    provider.key = "sk-0123456789abcdef"
    provider.save()
    conversation.system_prompt, conversation.settings = "Be brief.", {"temperature": 0.0}
    generation = run(conversation)
    [request] = upstream.requests
    assert request.headers["authorization"] == "Bearer sk-0123456789abcdef"
    assert request.body == generation.request
    assert generation.request["temperature"] == 0.0
    assert [turn["content"] for turn in generation.request["messages"]] == ["Be brief.", "Hi"]
    assert "max_tokens" not in generation.request
    assert "0123456789" not in str(Generation.objects.values().get())
    assert generation.url == f"{upstream.base_url}/chat/completions"


def test_the_books_are_kept(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Say("Hi"), Finish("stop", tokens=3), Done()]))
    generation = run(conversation)
    assert generation.request_id == "req-0"
    assert generation.answered_model
    assert generation.usage["prompt_tokens"] == 7
    assert generation.usage["completion_tokens"] == 3
    order = [generation.timings[name] for name in ("opened", "first_token", "first_text", "ended")]
    assert order == sorted(order)
    assert generation.lease_until is None
    assert (generation.provider_name, generation.model) == ("Scripted", "scripted")


def test_reasoning_and_tool_calls_have_places_of_their_own(
    conversation: Conversation, upstream: Upstream
) -> None:
    call = {"index": 0, "id": "c1", "function": {"name": "look", "arguments": "{}"}}
    deltas: list[dict[str, Any]] = [{"reasoning_content": "Hm."}, {"content": "So."}, {"tool_calls": [call]}]
    chunks: list[Any] = [{"id": "x", "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    end = {"id": "x", "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}
    upstream.script(events(*chunks, end))
    answer = answer_of(run(conversation))
    assert (answer.reasoning, answer.text) == ("Hm.", "So.")
    assert answer.tool_calls[0]["function"] == {"name": "look", "arguments": "{}"}
    assert answer.finish_reason == "tool_calls"


def test_the_second_question_sends_the_first_answer_along(
    conversation: Conversation, upstream: Upstream
) -> None:
    from chat.generation import launch
    from chat.sending import send

    upstream.script(stream("First answer"))

    async def act() -> None:
        first = await ask(conversation)
        job = await sync_to_async(send)(conversation, await first.messages.aget(), "And then?")
        launch(job)
        await engine().tasks[job.generation.pk]

    play(act)
    sent = [(turn["role"], turn["content"]) for turn in upstream.requests[1].body["messages"]]
    assert sent == [("user", "Hi"), ("assistant", "First answer"), ("user", "And then?")]


# Readers


def test_a_reader_from_the_start_and_one_that_comes_late_hear_the_same(
    conversation: Conversation, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream("Once ", "upon ", gate, "a ", "time"))

    async def act() -> None:
        id = await begin(conversation)
        early = Reader(id)
        await until(lambda: early.text == "Once upon ")
        late = Reader(id)
        gate.open()
        for reader in (early, late, await_later := Reader(id, have=1)):
            await reader.to_the_end()
        assert early.text == late.text == "Once upon a time"
        assert await_later.status == "finished"

    play(act)


def test_the_end_that_a_reader_hears_is_in_the_database(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act() -> None:
        for _ in range(5):
            id = await begin(conversation, "a b c")
            await Reader(id).to_the_end()
            assert (await row_of(id)).status == "finished"
            assert await text_of(id) == "a b c"

    play(act)


def test_a_run_goes_on_when_all_readers_leave(conversation: Conversation, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("Hel", gate, "lo"))

    async def act() -> None:
        id = await begin(conversation)
        reader = Reader(id)
        await until(lambda: reader.text)
        await reader.leave()
        gate.open()
        await engine().tasks[id]
        assert await text_of(id) == "Hello"

    play(act)
