"""A server as a program sees it: the forms of its pages over plain HTTP, and the rows in its database."""

import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx

from tests.servers import Server

T = TypeVar("T")


def wait_for(condition: Callable[[], T], seconds: float = 20) -> T:
    """What the condition gives, as soon as that is something."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"It did not come within {seconds} s"
        time.sleep(0.02)
    return found


class Site:
    """The local owner, or somebody who signs in (with the name as the password). Sends what the page would send."""

    def __init__(self, server: Server, name: str = "") -> None:
        self.server, self.name = server, name
        self.http = httpx.Client(base_url=server.url, timeout=30, trust_env=False)

    def __enter__(self) -> "Site":
        self.comes_in()
        return self

    def __exit__(self, *exception: Any) -> None:
        self.http.close()

    def comes_in(self) -> None:
        """Gets the token that every form carries, and signs in where that is asked for."""
        self.http.get("/login/" if self.name else "/").raise_for_status()
        if self.name:
            signed_in = self.post("/login/", {"username": self.name, "password": self.name})
            assert signed_in.status_code == 302, "This name and password do not belong together"

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.http.cookies["csrftoken"], "HX-Request": "true"}

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, values: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        options["headers"] = self.headers | options.get("headers", {})
        return self.http.post(path, data=values or {}, **options)

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(path, headers=self.headers)

    def knows(self, model: str) -> bool:
        return model in self.get("/models/").text

    def provider(self, name: str = "OpenAI") -> str:
        """Its id, once the server has made it from the environment."""
        found = wait_for(
            lambda: self.rows("SELECT id FROM chat_provider WHERE name = ? AND NOT removed", name)
        )
        return str(found[0][0])

    def form(self, model: str, text: str, **more: str) -> dict[str, str]:
        """A message as the composer sends it, under an id of its own."""
        usual = {"command": str(uuid4()), "message": text, "provider": self.provider(), "model": model}
        return usual | more

    def starts(self, model: str, text: str = "Hello") -> str:
        """A new conversation and its first message. Returns its id once the server has acknowledged it."""
        response = self.post("/c/", self.form(model, text))
        assert response.status_code == 302, response.text
        return response.headers["location"].split("/")[2]

    def compares(self, panes: int) -> str:
        """A comparison with so many panes, in which nothing was said. Returns the path of its page."""
        chosen = {"provider": [str(UUID(self.provider()))] * panes, "model": ["mirror"] * panes}
        response = self.post("/compare/creation/", {"command": str(uuid4()), **chosen})
        assert response.status_code == 204, response.text
        return str(response.headers["HX-Redirect"])

    # The database, beside the server

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.server.folder / "playground.sqlite3", timeout=20) as database:
            found = database.execute(query, values).fetchall()
        database.close()
        return found

    def row(self, query: str, *values: Any) -> tuple[Any, ...]:
        return self.rows(query, *values)[0]

    def generation_of(self, conversation: str) -> UUID:
        """The newest one."""
        query = "SELECT id FROM chat_generation WHERE conversation_id = ? ORDER BY id DESC"
        return UUID(self.row(query, UUID(conversation).hex)[0])

    def answer_of(self, conversation: str) -> str:
        """The text of the newest answer, as stored."""
        query = (
            "SELECT parts FROM chat_message WHERE conversation_id = ? AND role = 'assistant' ORDER BY id DESC"
        )
        return "".join(part["text"] for part in json.loads(self.row(query, UUID(conversation).hex)[0]))

    def status_of(self, conversation: str) -> str:
        """Of its newest generation."""
        query = "SELECT status FROM chat_generation WHERE conversation_id = ? ORDER BY id DESC"
        return str(self.row(query, UUID(conversation).hex)[0])

    def waits_for_the_end_of(self, conversation: str) -> str:
        wait_for(lambda: self.status_of(conversation) != "running")
        return self.status_of(conversation)

    def statuses(self) -> list[str]:
        return [status for (status,) in self.rows("SELECT status FROM chat_generation ORDER BY created_at")]
