"""What the books say of an answer, however it ended."""

import pytest
from django.utils import timezone

from chat.generation import engine, stop
from chat.generation.recovery import recover
from chat.models import Charge, Conversation, Generation, Status
from tests.upstream import Hang, Head, Script, Upstream, reply
from tests.upstream.steps import Tokens

from .playing import ask, begin, play, prepare, row_of, until_stored
from .spending import book, in_all, text_now

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_counted_answer_is_booked_as_it_was_counted(priced: Conversation, upstream: Upstream) -> None:
    ended = play(lambda: ask(priced, "Hello there"))
    charge = Charge.objects.get()
    assert charge.pk == ended.pk
    assert charge.day == timezone.localdate()
    assert (charge.provider, charge.model, charge.status) == ("Scripted", "scripted", "finished")
    assert (charge.prompt_tokens, charge.completion_tokens) == (
        ended.usage["prompt_tokens"], ended.usage["completion_tokens"],
    )  # fmt: skip
    assert charge.cost == ended.cost
    assert not charge.estimated
    assert ended.estimate is None
    assert charge.first_token is not None
    assert charge.request_bytes > 0


def test_a_stopped_answer_is_booked_by_estimate(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Tokens(["four"] * 30, 0, 1), Hang()]))

    async def act() -> Generation:
        id = await begin(priced, "Hello there")
        await until_stored(lambda: text_now(id) == "four" * 30)
        await stop(await row_of(id))
        return await row_of(id)

    ended = play(act)
    charge = Charge.objects.get()
    assert ended.cost is None
    assert charge.estimated
    assert charge.completion_tokens == 30
    assert charge.cost == ended.estimate["cost"] > 0.03


def test_what_failed_before_a_word_came_cost_nothing(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(reply(401, {"error": "no"}))
    assert play(lambda: ask(priced)).status == Status.FAILED
    charge = Charge.objects.get()
    assert (charge.status, charge.cost, charge.prompt_tokens, charge.estimated) == (
        "failed",
        None,
        None,
        False,
    )


def test_an_abandoned_answer_is_booked_once(priced: Conversation) -> None:
    async def act() -> None:
        job = await prepare(priced)
        assert await recover(engine(), all_running=True) == 1
        assert await recover(engine(), all_running=True) == 0
        assert job.generation

    play(act)
    charge = Charge.objects.get()
    assert charge.status == "interrupted"
    assert charge.estimated


def test_the_next_estimate_counts_as_the_provider_did(priced: Conversation, upstream: Upstream) -> None:
    book(priced, prompt_tokens=1000, request_bytes=2000)
    job = play(lambda: prepare(priced, "x" * 984))
    assert job.rate.bytes_per_token == 2.0
    assert job.generation.estimate["prompt_tokens"] == 500


def test_the_books_outlive_the_conversation(priced: Conversation) -> None:
    play(lambda: ask(priced))
    spent = in_all(priced)
    Conversation.objects.all().delete()
    assert not Generation.objects.exists()
    charge = Charge.objects.get()
    assert charge.conversation is None
    assert charge.cost == spent > 0
