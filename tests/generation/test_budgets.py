"""Budgets: what is refused before it is sent, and what is stopped while it runs."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from chat.generation import engine, launch, stop
from chat.models import Budget, Conversation, Generation, LanguageModel, Status
from chat.refusals import Refused
from tests.upstream import Hang, Head, Script, Upstream, events, reply, stream
from tests.upstream.steps import Tokens

from .playing import ask, begin, play, prepare, row_of, until, until_stored
from .spending import book, endless, in_all, limited, text_now

pytestmark = pytest.mark.django_db(transaction=True)


# Before it is sent


def test_what_would_cost_more_than_is_left_is_refused_and_nobody_is_asked(
    priced: Conversation, upstream: Upstream
) -> None:
    limited(priced, 0.005)
    with pytest.raises(Refused) as refused:
        play(lambda: ask(priced, "Hello " * 100))
    assert "budget of $0.0050 of this conversation" in str(refused.value)
    assert "$0 is spent" in str(refused.value)
    assert "about $0.1" in str(refused.value)
    assert "Settings panel" in str(refused.value)
    assert not Generation.objects.exists()
    assert not upstream.requests


def test_where_only_the_answer_has_a_price_a_spent_budget_refuses_too(priced: Conversation) -> None:
    LanguageModel.objects.update(price_input=0.0)
    limited(priced, 0.01)
    book(priced, cost=0.01)
    with pytest.raises(Refused, match="is spent"):
        play(lambda: ask(priced, "Hello"))


def test_a_day_has_a_budget_too(priced: Conversation) -> None:
    Budget.objects.create(owner=priced.owner, per_day=0.001)
    with pytest.raises(Refused, match=r"a day: .* Change the budget in Usage"):
        play(lambda: ask(priced, "Hello"))


def test_what_was_spent_counts(priced: Conversation) -> None:
    limited(priced, 0.05)
    book(priced, cost=0.049)
    with pytest.raises(Refused, match=r"\$0.0490 is spent"):
        play(lambda: ask(priced, "Hello"))


def test_yesterday_does_not_count_for_today_but_for_the_conversation(priced: Conversation) -> None:
    Budget.objects.create(owner=priced.owner, per_day=1)
    book(priced, cost=5, day=timezone.localdate() - timedelta(days=1))
    assert play(lambda: ask(priced)).status == Status.FINISHED
    limited(priced, 1)
    with pytest.raises(Refused):
        play(lambda: ask(priced))


def test_somebody_elses_spending_is_theirs(priced: Conversation, bob: Any) -> None:
    Budget.objects.create(owner=priced.owner, per_day=1)
    book(Conversation.objects.create(owner=bob), cost=5)
    assert play(lambda: ask(priced)).status == Status.FINISHED


@pytest.mark.parametrize("prices", [(None, None), (0.0, 0.0), (None, 1000.0)])
def test_what_has_no_price_is_not_blocked(conversation: Conversation, prices: tuple[Any, Any]) -> None:
    LanguageModel.objects.update(price_input=prices[0], price_output=prices[1])
    limited(conversation, 0.0)
    book(conversation, cost=5)
    assert play(lambda: ask(conversation)).status == Status.FINISHED


def test_a_provider_that_told_its_cost_is_held_to_it_without_a_price_list(
    conversation: Conversation, upstream: Upstream
) -> None:
    usage = {"prompt_tokens": 8, "completion_tokens": 2, "cost": 0.5}
    upstream.script(
        events({"choices": [{"index": 0, "delta": {"content": "Hi"}}]}, {"choices": [], "usage": usage})
    )
    limited(conversation, 0.6)
    assert play(lambda: ask(conversation)).cost == 0.5
    with pytest.raises(Refused, match=r"\$0.5000 is spent"):
        play(lambda: ask(conversation, "Hello " * 20))


def test_answers_that_run_count_before_they_have_ended(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Tokens(["word "] * 20, 0, 1), Hang()]))
    limited(priced, 0.05)

    async def act() -> None:
        id = await begin(priced)
        await until_stored(lambda: (Generation.objects.get(pk=id).estimate or {})["completion_tokens"] == 25)
        with pytest.raises(Refused):
            await begin(priced, "Hello " * 20)
        await stop(await row_of(id))

    play(act)


# While it runs


def test_an_answer_is_stopped_before_the_sum_is_exceeded(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(endless())
    limited(priced, 0.2)
    ended = play(lambda: ask(priced))
    assert ended.status == Status.STOPPED
    assert ended.error["message"].startswith("Stopped at the budget of $0.2000 of this conversation.")
    assert 0.15 < ended.spent <= 0.2
    assert ended.cost is None
    assert in_all(priced) == pytest.approx(ended.spent)
    assert upstream.wait_for_close(upstream.requests[0])


def test_a_whole_answer_in_one_piece_is_stopped_too(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("word " * 5000))
    limited(priced, 0.2)
    ended = play(lambda: ask(priced))
    assert ended.status == Status.STOPPED
    assert 0 < ended.spent <= 0.2


def test_several_at_once_do_not_exceed_it_together(priced: Conversation, upstream: Upstream) -> None:
    for _ in range(4):
        upstream.script(endless())
    limited(priced, 0.4)

    async def act() -> list[Generation]:
        jobs = [await prepare(priced) for _ in range(4)]
        for job in jobs:
            launch(job)
        await until(lambda: not engine().tasks)
        return [await row_of(job.generation.pk) for job in jobs]

    ended = play(act)
    assert {row.status for row in ended} == {Status.STOPPED}
    assert 0.3 < in_all(priced) <= 0.4 + 1e-9


def test_a_budget_that_is_set_meanwhile_holds(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(endless())

    async def act() -> Generation:
        id = await begin(priced)
        await until_stored(lambda: text_now(id))
        await sync_to_async(Budget.objects.create)(owner=priced.owner, per_day=0.01)
        await engine().tasks[id]
        return await row_of(id)

    ended = play(act)
    assert ended.status == Status.STOPPED
    assert "$0.0100 a day" in ended.error["message"]


def test_what_another_process_spends_is_seen(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(endless())
    limited(priced, 50.0)

    async def act() -> Generation:
        id = await begin(priced)
        await until_stored(lambda: text_now(id))
        await sync_to_async(book)(priced, cost=49.999)
        await engine().tasks[id]
        return await row_of(id)

    assert play(act).status == Status.STOPPED


def test_an_answer_that_comes_whole_is_kept_as_it_is_paid_for(
    priced: Conversation, upstream: Upstream
) -> None:
    message = {"role": "assistant", "content": "word " * 500}
    upstream.script(reply(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}))
    priced.settings = {"stream": False}
    limited(priced, 0.2)
    ended = play(lambda: ask(priced))
    assert ended.status == Status.FINISHED
    assert ended.spent > 0.5
    with pytest.raises(Refused):
        play(lambda: ask(priced))


def test_an_answer_within_its_budget_is_left_alone(priced: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("Hello", " there"))
    limited(priced, 1.0)
    ended = play(lambda: ask(priced))
    assert (ended.status, ended.error) == (Status.FINISHED, None)


# The books
