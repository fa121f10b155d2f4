"""The limits of time, each by itself. They are short here, and the server waits for as long as it takes."""

import asyncio

import pytest

from chat.completions import Client, CompletionError, Endpoint, Limits, Text, TimedOut
from chat.completions.watch import Watch
from tests.upstream import Endless, Event, Hang, Head, Pause, Say, Script, Send, Step, events, reply, stream

from .asking import BODY, STOP, ask, chunk, run

PING = Endless(Script([Send(b": ping\n\n"), Pause(0.01)]))


@pytest.mark.parametrize(
    ("limits", "phase", "steps", "text"),
    [
        (Limits(first_token=0.1), "first_token", [Hang()], ""),
        (Limits(first_token=0.1), "first_token", [Head(), Hang()], ""),
        (Limits(first_token=0.1), "first_token", [Head(), PING], ""),
        (Limits(first_token=0.1), "first_token", [Head(), Event(chunk(role="assistant", content="")), PING], ""),
        (Limits(silence=0.2), "silence", [Head(), Hang()], ""),
        (Limits(silence=0.2), "silence", [Head(), Say("half"), Hang()], "half"),
        (Limits(silence=0.2), "silence", [Head(), Say("half"), Send(b'data: {"ch'), Hang()], "half"),
        (Limits(total=0.3), "total", [Head(), Say("half"), PING], "half"),
        (Limits(total=0.2), "total", [Hang()], ""),
    ],
    ids=["no headers", "no token", "only pings", "only a role", "silence", "silence after text", "half an event",
         "pings without end", "total before headers"],
)  # fmt: skip
def test_each_limit_ends_the_wait_with_its_name_and_keeps_the_text(upstream, limits, phase, steps, text):
    before = len(upstream.requests)
    heard = ask(upstream, Script(steps), limits=limits)
    assert isinstance(heard.error, TimedOut)
    assert heard.error.phase == phase
    assert heard.error.retryable
    assert heard.text() == text
    assert heard.slept == []
    assert upstream.wait_for_close(upstream.requests[before])


def test_comments_end_a_silence(upstream):
    pings: list[Step] = [Send(b": ping\n\n"), Pause(0.1)] * 8
    heard = ask(
        upstream, Script([Head(), Say("a"), *pings, *stream("b").steps[1:]]), limits=Limits(silence=0.6)
    )
    assert heard.error is None
    assert heard.text() == "ab"


def test_the_first_token_may_be_reasoning(upstream):
    think = Event(chunk(reasoning="Hm"))
    heard = ask(
        upstream, Script([Head(), think, Pause(0.3), *events(STOP).steps[1:]]), limits=Limits(first_token=0.2)
    )
    assert heard.error is None


def test_a_reader_that_takes_its_time_is_not_the_providers_silence(upstream):
    async def read_slowly() -> str:
        client = Client(Limits(silence=0.15, first_token=5))
        upstream.drop_scripts()
        upstream.script(Script([Head(), Say("a"), Say("b"), Pause(0.4), *stream("c").steps[1:]]))
        text = ""
        async for event in client.stream(Endpoint(upstream.base_url), BODY):
            if isinstance(event, Text):
                text += event.text
                if event.text == "a":
                    await asyncio.sleep(0.35)
        await client.aclose()
        return text

    assert run(read_slowly()) == "abc"


def test_a_wait_before_a_retry_does_not_count_as_silence_of_the_next_attempt(upstream):
    async def ask_with_a_slow_sleep() -> str:
        client = Client(Limits(first_token=0.3), sleep=lambda _: asyncio.sleep(0.5))
        upstream.drop_scripts()
        upstream.script(reply(503, ""))
        text = [e.text async for e in client.stream(Endpoint(upstream.base_url), BODY) if isinstance(e, Text)]
        await client.aclose()
        return "".join(text)

    assert run(ask_with_a_slow_sleep()) == "hi"


def test_a_body_that_is_not_taken_ends_the_request(upstream):
    async def send_to_a_wall() -> CompletionError | None:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            reader._transport.pause_reading()  # type: ignore[attr-defined]
            await finished.wait()
            writer.close()

        finished = asyncio.Event()
        wall = await asyncio.start_server(connected, "127.0.0.1", 0)
        port = wall.sockets[0].getsockname()[1]
        client = Client(Limits(write=0.2))
        body = BODY | {"messages": [{"role": "user", "content": "x" * 20_000_000}]}
        try:
            async for _ in client.stream(Endpoint(f"http://127.0.0.1:{port}/v1"), body):
                pass
        except CompletionError as error:
            return error
        finally:
            finished.set()
            wall.close()
            await client.aclose()
        return None

    error = run(send_to_a_wall())
    assert isinstance(error, TimedOut)
    assert error.phase == "write"


def test_cancelling_is_not_taken_for_a_limit(upstream):
    async def cancel() -> None:
        task = asyncio.ensure_future(_read(Client(), Endpoint(upstream.base_url)))
        await asyncio.to_thread(upstream.wait_for_requests, before + 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    before = len(upstream.requests)
    upstream.drop_scripts()
    upstream.script(Script([Hang()]))
    run(cancel())


def test_a_cancel_at_the_same_time_as_a_limit_is_a_cancel():
    async def both() -> None:
        watch = Watch(Limits(total=0.01), "host")
        task = asyncio.current_task()
        assert task
        asyncio.get_running_loop().call_later(0.01, task.cancel)
        with pytest.raises((asyncio.CancelledError, TimedOut)) as raised:
            await watch.wait_for(asyncio.sleep(5))
        assert isinstance(raised.value, asyncio.CancelledError) or task.cancelling() == 0
        watch.stop()

    run(both())


def test_a_limit_that_passed_meanwhile_ends_the_next_wait():
    async def wait_late() -> None:
        watch = Watch(Limits(total=0.01), "host")
        await asyncio.sleep(0.05)
        with pytest.raises(TimedOut):
            await watch.wait_for(asyncio.sleep(5))
        watch.stop()

    run(wait_late())


async def _read(client: Client, endpoint: Endpoint) -> None:
    try:
        async for _ in client.stream(endpoint, BODY):
            pass
    finally:
        await client.aclose()
