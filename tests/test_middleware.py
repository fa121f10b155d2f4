"""What stands around every view, as the asynchronous server runs it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from django.test import AsyncClient

from chat.models import Conversation
from playground.middleware import SHORT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _place_for_static_files(settings: Any) -> None:
    settings.STATIC_ROOT.mkdir(exist_ok=True)


def visit(user: Any, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> Any:
    """As a browser that is signed in and sends no token."""

    async def go() -> Any:
        client = AsyncClient(enforce_csrf_checks=True)
        await client.aforce_login(user)
        return await getattr(client, method)(path, form, headers=headers)

    return asyncio.run(go())


def test_every_answer_has_its_policy_and_is_kept_by_nobody(alice: Any) -> None:
    answer = visit(alice, "get", "/")
    assert "script-src 'nonce-" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_page_is_compressed_for_who_takes_that(alice: Any) -> None:
    assert visit(alice, "get", "/", accept_encoding="gzip")["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in visit(alice, "get", "/")


@pytest.mark.parametrize("length", [10, 2 * SHORT])
def test_a_form_without_a_token_is_refused_short_or_long(
    alice: Any, conversation: Conversation, length: int
) -> None:
    form = {"command": str(uuid4()), "message": "x" * length}
    assert visit(alice, "post", f"/c/{conversation.pk}/messages/", form).status_code == 403
    assert not conversation.messages.exists()


def test_what_is_streamed_is_not_packed_piece_by_piece(alice: Any) -> None:
    """Of several packed pieces in a row a browser reads only the first."""
    answer = visit(alice, "get", "/export/?format=json", accept_encoding="gzip")
    assert answer.streaming
    assert "Content-Encoding" not in answer
