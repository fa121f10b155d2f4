"""What a call did on the wire: headers as they were sent, events as they came, and when, without the key."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from chat.completions import Client, CompletionError, Endpoint, Limits, Text
from chat.completions.recorder import MOST_CHARACTERS, Recorder
from chat.completions.request import encode_body
from tests.upstream import Cut, Done, Event, Head, Raw, Say, Script, Upstream, body, events, reply, stream
from tests.upstream.wire import Wire

from .asking import BODY, KEY, STOP, chunk, run


@dataclass
class Stamp:
    """Notes when the upstream comes by."""

    times: list[float] = field(default_factory=list)

    async def play(self, wire: Wire) -> None:
        self.times.append(time.monotonic())


async def _record(endpoint: Endpoint, sent: Mapping[str, Any], seen: list[float]) -> Recorder:
    async def sleep(_: float) -> None:
        """No wait between attempts."""

    recorder = Recorder()
    client = Client(Limits(first_token=5, silence=5), sleep=sleep)
    try:
        async for event in client.stream(endpoint, sent, recorder=recorder):
            if isinstance(event, Text):
                seen.append(time.monotonic())
    except CompletionError:
        pass
    finally:
        await client.aclose()
    return recorder


def record(
    upstream: Upstream, *scripts: Script, sent: Mapping[str, Any] = BODY, seen: list[float] | None = None
) -> Recorder:
    upstream.drop_scripts()
    for script in scripts:
        upstream.script(script)
    return run(_record(Endpoint(upstream.base_url, KEY), sent, [] if seen is None else seen))


def data_of(recorder: Recorder) -> list[str]:
    return [data for _, data in recorder.arrivals]


def test_the_headers_are_those_that_the_server_got_but_for_the_key(upstream: Upstream) -> None:
    recorder = record(upstream, stream("Hi"))
    got = upstream.requests[-1].headers
    told = {name.lower(): value for name, value in recorder.request_headers.items()}
    assert {**told, "authorization": f"Bearer {KEY}"} == got
    assert told["authorization"] == "Bearer …"
    assert told["user-agent"] == "Playground"
    assert int(told["content-length"]) == len(upstream.requests[-1].raw)


def test_a_large_body_has_the_same_headers(upstream: Upstream) -> None:
    large = {**BODY, "messages": [{"role": "user", "content": "x" * 300_000}]}
    recorder = record(upstream, stream("Hi"), sent=large)
    got = upstream.requests[-1].headers
    told = {name.lower(): value for name, value in recorder.request_headers.items()}
    assert {**told, "authorization": f"Bearer {KEY}"} == got


def test_every_event_is_kept_as_it_came(upstream: Upstream) -> None:
    odd = '{"choices": [ ], "odd":  "\u2028 spaced"}'
    recorder = record(upstream, events(chunk(content="Hé"), odd, STOP))
    assert recorder.status == 200
    assert recorder.response_headers["content-type"].startswith("text/event-stream")
    assert [json.loads(data) for data in data_of(recorder)[:-1]] == [
        chunk(content="Hé"), json.loads(odd), STOP,
    ]  # fmt: skip
    assert data_of(recorder)[1] == odd
    assert data_of(recorder)[-1] == "[DONE]"
    assert recorder.count == 4


def test_an_answer_that_is_not_streamed_is_kept_too(upstream: Upstream) -> None:
    answer = {"choices": [{"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}]}
    recorder = record(upstream, reply(200, answer), sent={**BODY, "stream": False})
    assert [json.loads(data) for data in data_of(recorder)] == [answer]


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_the_body_of_a_refusal_is_kept_without_the_key(upstream: Upstream, status: int) -> None:
    words = json.dumps({"error": {"message": f"Bad key {KEY}, {KEY[:6]}****{KEY[-6:]}"}})
    recorder = record(upstream, reply(status, words))
    assert recorder.status == status
    [data] = data_of(recorder)
    assert data == json.dumps({"error": {"message": "Bad key …, …"}}, ensure_ascii=False)


@pytest.mark.parametrize("page", ["<!doctype html><p>Sign in</p>", "Nothing but words"])
def test_a_page_instead_of_an_answer_is_kept(upstream: Upstream, page: str) -> None:
    recorder = record(upstream, body(f"{page} {KEY}", headers={"Content-Type": "text/html"}))
    assert data_of(recorder) == [f"{page} …"]
    assert KEY not in repr(data_of(recorder))


def test_a_key_in_an_event_is_masked_and_all_else_stays(upstream: Upstream) -> None:
    recorder = record(upstream, events(chunk(content=f"It is {KEY}, not sk-other-key-123456"), STOP))
    assert KEY not in repr(recorder.arrivals)
    assert "It is …, not sk-other-key-123456" in data_of(recorder)[0]


def test_an_error_event_loses_half_a_key_too(upstream: Upstream) -> None:
    half = f"{KEY[:6]}****{KEY[-6:]}"
    recorder = record(upstream, events({"error": {"message": f"Wrong: {half}"}}, done=False))
    assert half not in repr(recorder.arrivals)
    assert "Wrong: …" in data_of(recorder)[0]


def test_the_last_of_several_attempts_is_kept_and_the_others_say_why(upstream: Upstream) -> None:
    recorder = record(upstream, reply(500, "first"), reply(429, "second"), stream("Hi"))
    assert recorder.status == 200
    assert "first" not in repr(data_of(recorder))
    assert [attempt.status for attempt in recorder.failed] == [500, 429]
    assert "too many requests" in recorder.failed[1].why
    times = recorder.timings
    first, second = recorder.failed
    assert times["called"] == first.began <= first.failed <= second.began <= second.failed <= times["attempt"]


def test_nobody_there_leaves_no_response() -> None:
    recorder = run(_record(Endpoint("http://127.0.0.1:9/v1", KEY), BODY, []))
    assert (recorder.status, recorder.arrivals, recorder.count) == (None, [], 0)
    assert "connected" not in recorder.timings
    assert len(recorder.failed) == 2


def test_what_came_before_a_cut_is_kept(upstream: Upstream) -> None:
    recorder = record(upstream, Script([Head(), Say("So"), Say(" far"), Cut()]))
    assert recorder.count == 2
    assert recorder.failed == []


def test_beyond_the_limit_events_are_only_counted(upstream: Upstream) -> None:
    long = chunk(content="x" * (MOST_CHARACTERS // 4))
    recorder = record(upstream, events(*[long] * 6, STOP))
    assert recorder.count == 8
    assert len(recorder.arrivals) == 3
    assert sum(len(data) for data in data_of(recorder)) <= MOST_CHARACTERS


def test_times_stand_in_order(upstream: Upstream) -> None:
    for _ in range(2):
        times = record(upstream, stream("Hi", " you")).timings
        names = ("called", "attempt", "connected", "written", "opened", "last_event")
        assert sorted(times[name] for name in names) == [times[name] for name in names]


def test_an_event_arrives_after_it_was_sent_and_before_it_is_seen(upstream: Upstream) -> None:
    """By the same clock on both sides, so nothing but the truth can be between the two."""
    stamp, seen = Stamp(), list[float]()
    steps: list[Any] = [Head()]
    for number in range(20):
        steps += [stamp, Say(f"{number} ")]
    recorder = record(upstream, Script([*steps, Event(STOP), Done()]), seen=seen)
    came = [recorder.zero + at / 1000 for at, _ in recorder.arrivals[:20]]
    for sent, arrived, noticed in zip(stamp.times, came, seen, strict=True):
        assert sent - 0.002 <= arrived <= noticed + 0.002


def test_a_broken_stream_of_bytes_does_not_break_the_record(upstream: Upstream) -> None:
    recorder = record(upstream, Script([Head(), Raw(b"5\r\nda\xff\xfe\n\r\n"), Say("x")]))
    assert isinstance(recorder.arrivals, list)


def test_calls_at_the_same_time_do_not_mix(upstream: Upstream) -> None:
    upstream.drop_scripts()
    bodies = [{**BODY, "messages": [{"role": "user", "content": "word " * n}]} for n in range(1, 9)]

    async def all_at_once() -> list[Recorder]:
        endpoint = Endpoint(upstream.base_url, KEY)
        return await asyncio.gather(*(_record(endpoint, each, []) for each in bodies))

    for sent, recorder in zip(bodies, run(all_at_once()), strict=True):
        lengths = {name.lower(): value for name, value in recorder.request_headers.items()}
        assert int(lengths["content-length"]) == len(encode_body(sent))
        assert "".join(data_of(recorder)).count("word ") == str(sent).count("word ")
