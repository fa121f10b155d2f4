"""Every field of every address that takes an id, with the id of somebody else.

Which fields an address reads is heard while it answers, so a new one has to be named here: what it holds the id of, or
that it holds none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import transaction
from django.http import QueryDict

from chat.sampling import PARAMETERS

from .addresses import CASES, FORM, ROUTES, address, sign_in
from .one_of_each import rows_of

pytestmark = pytest.mark.django_db

HOLDS = {
    "a": "message", "after": "message", "at": "message", "b": "message", "beside": "message", "best": "message",
    "conversation": "conversation", "copy": "pane", "entries": "conversation", "filter:folder": "folder",
    "filter:tag": "tag", "folder": "folder", "have": "message", "hidden": "message", "link": "share", "of": "message",
    "of_provider": "provider", "pane": "pane", "prompt": "prompt_version", "prompt_version": "prompt_version",
    "provider": "provider", "settings_of": "conversation", "shown": "message", "tag": "tag", "unmuted": "message",
    "version": "prompt_version", "was_folder": "folder",
}  # fmt: skip
# Words, numbers and choices; and what the server itself has signed.
HOLDS_NONE = {parameter.name for parameter in PARAMETERS} | {
    "act", "add", "alternatives", "anyway", "archived", "as", "author", "author_name", "back", "base", "base_url",
    "before", "budget", "by", "choices", "command", "count", "csrfmiddlewaretoken", "current", "default",
    "dialect", "everything", "expires", "facts", "for_new_chats", "forget", "format", "from", "here", "hint", "key",
    "kind", "knowingly", "linked", "message", "model", "models", "most_at_once", "name", "named",
    "new_folder", "next", "note", "notes", "over", "panes", "parameter", "part", "password", "pasted",
    "per_day", "place", "preset_name", "prompt_name", "q", "range", "reasoning", "remove", "required",
    "revision", "role", "run", "said", "scope", "send", "settings", "side", "size", "source", "start",
    "stream", "system_prompt", "tag_name", "tags", "target", "text", "times", "title", "to", "tools", "type",
    "typing", "unlisted", "until", "username", "values", "variable", "view", "was_notes", "was_tags", "was_title",
    "whole", "with_system_prompt", "without",
}  # fmt: skip


@contextmanager
def heard() -> Iterator[set[str]]:
    """The names that are asked for."""
    names: set[str] = set()

    def hearing(method: Any) -> Any:
        def hear(data: QueryDict, name: str, *rest: Any) -> Any:
            # It asks itself while it is made.
            if not data._mutable:
                names.add(name)
            return method(data, name, *rest)

        return hear

    ways = ("get", "getlist", "__getitem__", "__contains__")
    patches = [patch.object(QueryDict, way, hearing(getattr(QueryDict, way))) for way in ways]
    for each in patches:
        each.start()
    try:
        yield names
    finally:
        for each in patches:
            each.stop()


class Neighbours:
    """Alice, who has one of each, and Bob, who has the same and knocks."""

    def __init__(self, alice: Any, bob: Any) -> None:
        self.hers = rows_of(alice, "Secret")
        self.her_rows = self._rows()
        self.his = rows_of(bob, "Own")
        self.client = sign_in(bob)

    def knock(self, method: str, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        """What it changes is looked at, and taken back."""
        with transaction.atomic():
            if method == "POST":
                response: Any = self.client.post(path, form)
            else:
                response = self.client.generic(method, path, query_params=form)
            content = read(response)
            now = self._rows()
            assert {key: now.get(key) for key in self.her_rows} == self.her_rows
            for key in now.keys() - self.her_rows.keys():
                assert not self._names_hers(now[key]), f"{key} refers to something of hers"
            transaction.set_rollback(True)
        return response.status_code, content

    def _rows(self) -> dict[tuple[str, Any], str]:
        tables = apps.get_app_config("chat").get_models(include_auto_created=True)
        return {
            (table.__name__, row["id"] if "id" in row else row[table._meta.pk.attname]): str(row)
            for table in tables
            for row in table._default_manager.values()
        }

    def _names_hers(self, row: str) -> bool:
        return any(str(id) in row for _, id in self.her_rows if isinstance(id, UUID))


def read(response: Any) -> bytes:
    if not response.streaming:
        return bytes(response.content)
    if response["Content-Type"] == "application/x-ndjson":
        # The answer of a model: what asks it is over before it begins.
        return b""

    async def all_of_it() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(all_of_it)()


@pytest.fixture(autouse=True)
def _nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connected(*_: Any) -> str:
        return ""

    monkeypatch.setattr("chat.commands.launch", lambda job: None)
    monkeypatch.setattr("chat.catalogue.refresh", connected)


@pytest.fixture
def neighbours(alice: Any, bob: Any) -> Neighbours:
    return Neighbours(alice, bob)


@pytest.mark.parametrize(("name", "method"), [case for case in CASES if not ROUTES[case[0]].token])
def test_the_id_of_somebody_elses_thing_opens_nothing_in_any_field(
    neighbours: Neighbours, name: str, method: str
) -> None:
    of = ROUTES[name].of
    path = address(name, neighbours.his[of].pk if of else None)
    with heard() as names:
        neighbours.knock(method, path, FORM)
    # `provider:<id>` is that of a pane.
    plain = {field if field in HOLDS else field.partition(":")[0] for field in names}
    assert plain - HOLDS_NONE - set(HOLDS) == set(), "Say what these hold the id of, or that they hold none."
    for field in sorted(names & set(HOLDS)):
        status, content = neighbours.knock(
            method, path, {**FORM, field: str(neighbours.hers[HOLDS[field]].pk)}
        )
        assert status < 500
        assert b"Secret" not in content, field
