"""The page's one socket: who may listen, and what it hears."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from chat.consumers import BAD_FRAME, MOST_AT_ONCE, SIGNED_OUT
from chat.generation import engine
from chat.generation.cursor import FRAME_BYTES, WINDOW_BYTES
from chat.models import Conversation, Generation, Message
from tests.generation.playing import begin, play, until
from tests.upstream import Gate, Upstream, stream
from tests.views.sockets import Page, end, log, visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def finished(conversation: Conversation) -> Generation:
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", status="finished", sequence=3
    )
    parts = [{"type": "text", "text": "All of it"}]
    Message.objects.create(conversation=conversation, role="assistant", generation=generation, parts=parts)
    return generation


# Who may listen


def test_who_is_not_signed_in_is_closed_with_a_code_that_says_so() -> None:
    async def act() -> None:
        page = Page(AnonymousUser())
        accepted, code = await page.wire.connect()
        assert (accepted, code) == (False, SIGNED_OUT)

    play(act)


def test_a_strangers_generation_is_gone_like_one_that_never_was(running: Generation, bob: Any) -> None:
    async def act(page: Page) -> None:
        for id in (running.pk, uuid4()):
            await page.watch(id)
            assert await page.hear() == {"type": "gone", "generation": str(id)}
        log(running.pk, "secret")
        assert await page.is_alive()

    visit(bob, act)


def test_a_generation_of_a_deleted_conversation_is_gone(
    running: Generation, conversation: Conversation
) -> None:
    conversation.delete_for_now()

    async def act(page: Page) -> None:
        await page.watch(running.pk)
        assert (await page.hear())["type"] == "gone"

    visit(conversation.owner, act)


def test_a_strangers_conversation_is_not_followed(conversation: Conversation, bob: Any) -> None:
    async def act(page: Page) -> None:
        await page.say(type="follow", conversation=conversation.pk, version=99)
        assert await page.is_alive()
        assert not engine().doorbell._bells

    visit(bob, act)


# Watching


def test_it_hears_what_is_there_and_what_comes_and_the_end(running: Generation) -> None:
    async def act(page: Page) -> None:
        log(running.pk, "Hel")
        await page.watch(running.pk)
        assert await page.hear() == {
            "type": "events",
            "generation": str(running.pk),
            "from": 0,
            "events": [{"type": "text", "choice": 0, "text": "Hel"}],
        }
        log(running.pk, "lo")
        assert (await page.hear())["from"] == 1
        end(running.pk)
        assert (await page.hear())["events"] == [{"type": "end", "status": "finished"}]
        assert not engine().doorbell._bells

    visit(running.owner, act)


def test_it_begins_where_the_browser_is(running: Generation) -> None:
    async def act(page: Page) -> None:
        log(running.pk, "a", "b", "c")
        await page.watch(running.pk, have=2)
        frame = await page.hear()
        assert (frame["from"], [event["text"] for event in frame["events"]]) == (2, ["c"])

    visit(running.owner, act)


def test_an_ended_one_is_read_from_the_database(finished: Generation) -> None:
    async def act(page: Page) -> None:
        await page.watch(finished.pk)
        frame = await page.hear()
        assert (frame["type"], frame["status"], frame["have"]) == ("stored", "finished", 3)
        assert frame["answers"][0]["text"] == "All of it"

    visit(finished.owner, act)


def test_a_real_answer_comes_whole_through_two_sockets(
    conversation: Conversation, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream("Once ", "upon ", gate, "a ", "time"))

    async def text_until_the_end(page: Page) -> str:
        text = ""
        while True:
            frame = await page.hear()
            for event in frame.get("events", ()):
                text += event["text"] if event["type"] == "text" else ""
                if event["type"] == "end":
                    return text

    async def act(page: Page) -> None:
        id = await begin(conversation)
        other = await Page(conversation.owner).open()
        await page.watch(id)
        await other.watch(id)
        gate.open()
        assert (
            await asyncio.gather(text_until_the_end(page), text_until_the_end(other))
            == ["Once upon a time"] * 2
        )
        await other.leave()

    visit(conversation.owner, act)


def test_watching_again_begins_again_where_the_browser_says(running: Generation) -> None:
    async def act(page: Page) -> None:
        log(running.pk, "a", "b")
        await page.watch(running.pk)
        await page.hear()
        await page.watch(running.pk, have=1)
        assert (await page.hear())["from"] == 1
        log(running.pk, "c")
        assert (await page.hear())["from"] == 2
        assert await page.wire.receive_nothing(0.05)

    visit(running.owner, act)


def test_what_it_left_it_hears_no_more_of(running: Generation) -> None:
    async def act(page: Page) -> None:
        log(running.pk, "a")
        await page.watch(running.pk)
        await page.hear()
        await page.say(type="leave", generation=running.pk)
        assert await page.is_alive()
        await until(lambda: not engine().doorbell._bells)
        log(running.pk, "b")
        assert await page.wire.receive_nothing(0.05)

    visit(running.owner, act)


def test_leaving_what_was_never_watched_is_no_error(running: Generation) -> None:
    async def act(page: Page) -> None:
        await page.say(type="leave", generation=running.pk)
        await page.say(type="ack", generation=running.pk, have=5)
        assert await page.is_alive()

    visit(running.owner, act)


def test_who_acknowledges_nothing_is_sent_a_window_and_then_the_rest(running: Generation) -> None:
    async def act(page: Page) -> None:
        for _ in range(400):
            log(running.pk, "x" * 1000)
        await page.watch(running.pk)
        have, size = 0, 0
        while not await page.wire.receive_nothing(0.1):
            frame = await page.hear()
            have, size = frame["from"] + len(frame["events"]), size + len(json.dumps(frame))
        assert have < 400
        assert size < WINDOW_BYTES + 2 * FRAME_BYTES
        while have < 400:
            await page.say(type="ack", generation=running.pk, have=have)
            frame = await page.hear()
            assert frame["from"] == have
            have += len(frame["events"])

    visit(running.owner, act)


def test_a_page_that_goes_leaves_nothing_behind(running: Generation, conversation: Conversation) -> None:
    async def act() -> None:
        page = await Page(running.owner).open()
        log(running.pk, "a")
        await page.watch(running.pk)
        await page.say(type="follow", conversation=conversation.pk, version=0)
        await until(lambda: len(engine().doorbell._bells) == 2)
        await page.leave()
        await until(lambda: not engine().doorbell._bells)

    play(act)


def test_too_many_at_once_are_refused(conversation: Conversation) -> None:
    rows = [
        Generation(owner=conversation.owner, conversation=conversation, model="m")
        for _ in range(MOST_AT_ONCE + 3)
    ]
    Generation.objects.bulk_create(rows)
    answers = [Message(conversation=conversation, role="assistant", generation=row) for row in rows]
    Message.objects.bulk_create(answers)

    async def act(page: Page) -> None:
        for row in rows:
            await page.watch(row.pk)
        assert await page.closes_with() == BAD_FRAME

    visit(conversation.owner, act)


def test_as_many_as_a_comparison_has_are_fine(conversation: Conversation) -> None:
    rows = [Generation(owner=conversation.owner, conversation=conversation, model="m") for _ in range(20)]
    Generation.objects.bulk_create(rows)

    async def act(page: Page) -> None:
        for row in rows:
            log(row.pk, str(row.pk))
            await page.watch(row.pk)
        heard = [await page.hear() for _ in rows]
        assert {frame["generation"] for frame in heard} == {str(row.pk) for row in rows}

    visit(conversation.owner, act)
