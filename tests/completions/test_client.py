"""Connections: closed in time, kept apart, and never given a secret that is not theirs."""

import asyncio

import httpx
import pytest

from chat.completions import Client, Endpoint, Limits, Opened, Retrying, Text
from chat.completions.pools import MOST_IDLE_POOLS, Pools
from tests.upstream import Endless, Hang, Head, Pause, Say, Script, Upstream, reply, stream

from .asking import BODY, KEY, ask, run

ENDLESS = Script([Head(), Endless(Script([Say("x"), Pause(0.001)]))])


def endpoint_of(upstream: Upstream) -> Endpoint:
    return Endpoint(upstream.base_url, KEY)


async def first_text(events) -> str:
    async for event in events:
        if isinstance(event, Text):
            return event.text
    raise AssertionError("no text came")


@pytest.mark.parametrize(
    "script", [ENDLESS, Script([Head(), Say("x"), Hang()])], ids=["while it speaks", "in a silence"]
)
def test_closing_the_stream_closes_the_connection_at_once(upstream, script):
    async def close() -> None:
        client = Client()
        events = client.stream(endpoint_of(upstream), BODY)
        await first_text(events)
        await events.aclose()
        assert await asyncio.to_thread(upstream.wait_for_close, upstream.requests[-1])
        await client.aclose()

    upstream.drop_scripts()
    upstream.script(script)
    run(close())


@pytest.mark.parametrize("script", [ENDLESS, Script([Head(), Say("x"), Hang()]), Script([Hang()])])
def test_cancelling_the_reader_closes_the_connection_at_once(upstream, script):
    async def read(client: Client) -> None:
        async for _ in client.stream(endpoint_of(upstream), BODY):
            pass

    async def cancel() -> None:
        client = Client()
        task = asyncio.create_task(read(client))
        await asyncio.to_thread(upstream.wait_for_requests, before + 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(upstream.wait_for_close, upstream.requests[-1])
        await client.aclose()

    upstream.drop_scripts()
    before = len(upstream.requests)
    upstream.script(script)
    run(cancel())


def test_a_wait_before_a_retry_can_be_cancelled(upstream):
    async def cancel() -> None:
        client = Client()
        events = client.stream(endpoint_of(upstream), BODY)
        async for event in events:
            if isinstance(event, Retrying):
                break
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await client.aclose()

    upstream.drop_scripts()
    upstream.script(reply(429, "", {"Retry-After": "50"}))
    run(cancel())


def test_a_connection_is_used_again_after_a_whole_answer(upstream):
    async def ask_twice() -> None:
        client = Client()
        for _ in range(2):
            async for _ in client.stream(endpoint_of(upstream), BODY):
                pass
        await client.aclose()

    upstream.drop_scripts()
    run(ask_twice())
    first, second = upstream.requests[-2:]
    assert first.peer == second.peer


def test_a_server_that_says_more_after_the_end_is_not_listened_to(upstream):
    heard = ask(upstream, Script([*stream("x").steps, Endless(Script([Say("more"), Pause(0.001)]))]))
    assert heard.error is None
    assert heard.text() == "x"
    assert upstream.wait_for_close(upstream.requests[-1])


def test_no_key_means_no_authorization(upstream):
    async def ask_without() -> None:
        client = Client()
        async for _ in client.stream(Endpoint(upstream.base_url), BODY):
            pass
        await client.aclose()

    upstream.drop_scripts()
    run(ask_without())
    assert "authorization" not in upstream.requests[-1].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_neither_key_nor_prompt_to_another_host(upstream, status):
    with Upstream() as other:
        target = {"Location": f"{other.base_url}/chat/completions"}
        heard = ask(upstream, Script([Head(status, target, "length:0")]))
        assert heard.error is not None
        assert other.requests == []


def test_cookies_of_a_provider_are_not_kept(upstream):
    async def ask_twice() -> None:
        client = Client()
        for _ in range(2):
            async for _ in client.stream(endpoint_of(upstream), BODY):
                pass
        await client.aclose()

    upstream.drop_scripts()
    upstream.script(
        Script([Head(200, {"Set-Cookie": "session=of-somebody; Path=/"}), *stream("x").steps[1:]])
    )
    run(ask_twice())
    assert "cookie" not in upstream.requests[-1].headers


def test_the_environment_names_no_proxy_and_no_password(upstream, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    heard = ask(upstream, stream("x"))
    assert heard.error is None
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {KEY}"


def test_a_provider_that_hangs_starves_no_other(upstream):
    async def drain(client: Client, endpoint: Endpoint) -> None:
        async for _ in client.stream(endpoint, BODY):
            pass

    async def ask_beside_the_dead(dead: Upstream) -> None:
        client = Client()
        stuck = [asyncio.create_task(drain(client, endpoint_of(dead))) for _ in range(200)]
        await asyncio.to_thread(dead.wait_for_requests, 200)
        await asyncio.wait_for(drain(client, endpoint_of(upstream)), 30)
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)
        await client.aclose()

    upstream.drop_scripts()
    with Upstream() as dead:
        dead.script(Script([Hang()]), repeat=True)
        run(ask_beside_the_dead(dead))


def test_many_streams_of_one_provider_run_at_once(upstream):
    async def count(client: Client) -> int:
        body = {"model": "tokens-50", "messages": [], "stream": True}
        return len([e async for e in client.stream(endpoint_of(upstream), body) if isinstance(e, Text)])

    async def ask_many() -> list[int]:
        client = Client()
        try:
            return await asyncio.gather(*(count(client) for _ in range(100)))
        finally:
            await client.aclose()

    upstream.drop_scripts()
    assert run(ask_many()) == [50] * 100


def test_a_mounted_transport_answers_for_its_host():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]})

    async def ask_demo() -> list:
        client = Client(mounts={"demo.invalid": httpx.MockTransport(answer)})
        body = BODY | {"padding": "x" * 200_000}
        events = [event async for event in client.stream(Endpoint("http://demo.invalid/v1"), body)]
        await client.aclose()
        return events

    assert isinstance(run(ask_demo())[0], Opened)
    assert len(seen[0].content) > 200_000


def test_idle_pools_do_not_pile_up():
    async def visit_many() -> int:
        pools = Pools(Limits(), {})
        busy = Endpoint("http://busy.invalid/v1")
        async with pools.lend(busy) as kept:
            for number in range(MOST_IDLE_POOLS + 50):
                async with pools.lend(Endpoint(f"http://host-{number}.invalid/v1")):
                    pass
            assert not kept.is_closed
            count = len(pools._pools)
        await pools.aclose()
        return count

    assert run(visit_many()) == MOST_IDLE_POOLS + 1
