import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest

from chat.demo import BASE_URL, DemoTransport, demo_app
from chat.demo.exchange import App
from chat.demo.ngram import Language, load_or_train


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def language(cache_dir: Path) -> Language:
    return load_or_train(cache_dir)


@pytest.fixture(scope="session")
def app(language: Language, cache_dir: Path) -> App:
    return demo_app(cache_dir, pace=0)


class Client:
    """Asks the demo provider, one request at a time, without a network."""

    def __init__(self, app: App) -> None:
        self._app = app

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = DemoTransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    def chat(self, text: str = "What is a class?", **body: Any) -> httpx.Response:
        messages = [{"role": "user", "content": text}]
        return self.request("POST", "/chat/completions", json=ngram({"messages": messages, **body}))

    def show(self, text: str = "Hello", **body: Any) -> httpx.Response:
        return self.chat(text, **{"model": "demo/showcase", **body})

    def complete(self, prompt: str = "The while statement", **body: Any) -> httpx.Response:
        return self.request("POST", "/completions", json=ngram({"prompt": prompt, **body}))

    def said(self, text: str = "What is a class?", **body: Any) -> str:
        response = self.chat(text, **body)
        assert response.status_code == 200, response.text
        content = response.json()["choices"][0]["message"]["content"]
        assert isinstance(content, str)
        return content


def ngram(body: dict[str, Any]) -> dict[str, Any]:
    return {"model": "demo/ngram", **body}


@pytest.fixture(scope="session")
def client(app: App) -> Client:
    return Client(app)


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    return asyncio.run
