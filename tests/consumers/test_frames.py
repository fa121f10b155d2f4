"""What is no frame, and what fails: the socket closes with a code that says so."""

from typing import Any

import pytest

from chat import consumers
from chat.consumers import BAD_FRAME, FAILED, SIGNED_OUT
from chat.generation import engine
from chat.models import Generation
from tests.views.sockets import Page, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_layer_in_memory")]

AN_ID = "01a1fbd3-e8c4-7642-ba49-f1ea415f5113"


def watch(have: str, id: str = f'"{AN_ID}"') -> str:
    return f'{{"type": "watch", "generation": {id}, "have": {have}}}'


MALFORMED = [
    " ", "x", "null", "[]", "7", '"watch"', "{}", '{"type": null}', '{"type": []}', '{"type": "sing"}',
    '{"type": "_watch"}', '{"type": "watch"}', watch("0", id="5"), watch("0", id='"x"'), watch("0", id="[]"),
    watch("-1"), watch('"many"'), watch("null"), watch("1e999"), watch("{}"),
    '{"type": "ack"}', '{"type": "leave"}', '{"type": "follow"}',
    '{"type": "follow", "conversation": {}, "version": 0}', "[" * 5000, '{"type": "unfollow"}',
    '{"type": "unfollow", "conversation": 7}', '{"type": "unfollow", "conversation": "x"}',
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_frame_closes_the_socket(alice: Any, text: str) -> None:
    async def act(page: Page) -> None:
        await page.wire.send_to(text_data=text)
        assert await page.closes_with() == BAD_FRAME

    visit(alice, act)


def test_bytes_are_no_frame(alice: Any) -> None:
    async def act(page: Page) -> None:
        await page.wire.send_to(bytes_data=b'{"type": "ping"}')
        assert await page.closes_with() == BAD_FRAME

    visit(alice, act)


def test_a_ping_is_answered(alice: Any) -> None:
    async def act(page: Page) -> None:
        await page.say(type="ping")
        assert await page.hear() == {"type": "pong"}

    visit(alice, act)


# When it fails


def test_a_reading_that_fails_closes_the_socket_so_that_the_page_comes_again(
    running: Generation, monkeypatch: pytest.MonkeyPatch, quiet: None
) -> None:
    async def act(page: Page) -> None:
        async def broken(*_: Any) -> Any:
            raise ZeroDivisionError

        monkeypatch.setattr(engine().log, "read", broken)
        await page.watch(running.pk)
        assert await page.closes_with() == FAILED

    visit(running.owner, act)


def test_the_codes_are_those_of_the_protocol() -> None:
    assert (BAD_FRAME, SIGNED_OUT, FAILED) == (4400, 4401, 4500)
    assert consumers.SECONDS_BETWEEN_CHECKS_OF_THE_SESSION <= 5
