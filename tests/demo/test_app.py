"""The application as a guest in an event loop: its pace, its manners, and what it does unheard."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from chat.demo import BASE_URL, HOST, DemoTransport, demo_app
from chat.demo import app as app_module
from chat.demo.delta import Delta
from chat.demo.exchange import App
from chat.demo.ngram import Language
from chat.demo.performance import perform

QUESTION = {
    "model": "demo/ngram",
    "messages": [{"role": "user", "content": "class"}],
    "logit_bias": {"0": -100},
}


def client_of(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=DemoTransport(app), base_url=BASE_URL)


def test_the_address_can_belong_to_nobody() -> None:
    assert HOST.endswith(".invalid")
    assert f"http://{HOST}/v1" == BASE_URL


def test_a_stream_runs_at_its_pace(cache_dir: Path, language: Language) -> None:
    async def story() -> float:
        async with client_of(demo_app(cache_dir, pace=500)) as client:
            await client.post("/chat/completions", json={**QUESTION, "max_tokens": 1})
            start = time.perf_counter()
            await client.post("/chat/completions", json={**QUESTION, "max_tokens": 50, "stream": True})
            return time.perf_counter() - start

    assert 0.1 <= asyncio.run(story()) < 1


def test_a_whole_answer_does_not_wait(cache_dir: Path, language: Language) -> None:
    async def story() -> float:
        async with client_of(demo_app(cache_dir, pace=1)) as client:
            start = time.perf_counter()
            await client.post("/chat/completions", json={**QUESTION, "max_tokens": 50})
            return time.perf_counter() - start

    assert asyncio.run(story()) < 1


def test_choices_take_turns_and_end_on_their_own() -> None:
    def say(*words: str) -> Iterator[Delta]:
        return iter([Delta(content=word) for word in words])

    async def story() -> list[tuple[int, str]]:
        steps = perform([say("a", "b", "c"), say("x")], pace=0)
        return [(index, delta.content) async for index, delta in steps]

    assert asyncio.run(story()) == [(0, "a"), (1, "x"), (0, "b"), (0, "c")]


def test_the_loop_stays_free_while_the_model_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    real = app_module.load_or_train

    def waiting(folder: Path) -> Language:
        assert released.wait(timeout=30)
        return real(folder)

    async def story() -> None:
        async with client_of(demo_app(tmp_path, pace=0)) as client:
            asking = asyncio.create_task(client.post("/chat/completions", json={**QUESTION, "max_tokens": 1}))
            assert (await client.get("/models")).status_code == 200
            assert not asking.done()
            released.set()
            assert (await asking).status_code == 200

    monkeypatch.setattr(app_module, "load_or_train", waiting)
    asyncio.run(story())


def test_many_first_questions_train_one_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[int] = []
    real = app_module.load_or_train

    def counted(folder: Path) -> Language:
        loads.append(threading.get_ident())
        return real(folder)

    async def story() -> None:
        async with client_of(demo_app(tmp_path, pace=0)) as client:
            asked = [client.post("/chat/completions", json={**QUESTION, "max_tokens": 1}) for _ in range(5)]
            assert {response.status_code for response in await asyncio.gather(*asked)} == {200}

    monkeypatch.setattr(app_module, "load_or_train", counted)
    asyncio.run(story())
    assert len(loads) == 1
    assert loads[0] != threading.get_ident()


def test_nothing_is_trained_before_a_question(tmp_path: Path) -> None:
    async def story() -> None:
        async with client_of(demo_app(tmp_path)) as client:
            assert (await client.get("/models")).status_code == 200
            assert (
                await client.post("/chat/completions", json={**QUESTION, "model": "x"})
            ).status_code == 404

    asyncio.run(story())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_ends_when_its_client_goes(app: App, stream: bool) -> None:
    """Servers do not cancel the application; they only say that the client has gone."""

    async def story() -> list[dict[str, Any]]:
        body = orjson.dumps({**QUESTION, "max_tokens": 30_000, "stream": stream})
        events = iter([{"type": "http.request", "body": body}, {"type": "http.disconnect"}])
        sent: list[Any] = []

        async def receive() -> Any:
            return next(events)

        async def send(event: Any) -> None:
            sent.append(event)

        await app(http_scope(), receive, send)
        return sent

    sent = asyncio.run(story())
    assert all(b"[DONE]" not in event.get("body", b"") for event in sent)
    assert len(sent) < 20


def test_a_client_that_goes_before_its_question_is_forgotten(app: App) -> None:
    async def story() -> None:
        async def receive() -> Any:
            return {"type": "http.disconnect"}

        async def send(event: Any) -> None:
            raise AssertionError

        await app(http_scope(), receive, send)

    asyncio.run(story())


def test_other_protocols_are_refused(app: App) -> None:
    async def nothing(*_: Any) -> Any: ...

    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(app({"type": "websocket"}, nothing, nothing))


def http_scope() -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": []}
