"""Stopping keeps every character that had arrived."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from chat.generation import engine, launch, stop
from chat.models import Conversation, Generation
from chat.sending import send
from tests.upstream import Gate, Upstream, stream

from .playing import play, until

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_may_have_been_the_start_of_a_tag_is_kept_when_one_stops(
    conversation: Conversation, upstream: Upstream
) -> None:
    arrived = Gate()
    upstream.script(stream("if a </th", arrived))

    async def stop_there() -> Generation:
        job = await sync_to_async(send)(conversation, None, "Hi")
        launch(job)
        await asyncio.to_thread(arrived.wait_until_reached)
        await until(lambda: engine().saver._writers[job.generation.pk][0].sequence)
        await stop(job.generation)
        return await Generation.objects.aget(pk=job.generation.pk)

    generation = play(stop_there)
    assert generation.status == "stopped"
    assert generation.messages.get().text == "if a </th"
