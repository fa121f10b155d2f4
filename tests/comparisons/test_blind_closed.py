"""Blind rounds: closed doors until the reveal, and no sum that tells who was asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from chat import access
from chat.budgets import day_limit, limits, refuse_over, spent_today
from chat.comparisons.blind import begin_round, reveal
from chat.comparisons.panes import numbered
from chat.comparisons.rounds import send_to
from chat.models import Budget, Charge, Comparison, Conversation, LanguageModel, Pane, Provider
from chat.models.identifiers import new_id
from chat.new_chats import model_for_new_chat
from chat.picker import recently_used
from chat.refusals import Refused
from chat.usage import usage_of

from .answering import answer, answered, of_models

pytestmark = pytest.mark.django_db


# Closed until the reveal


def ids_of(comparison: Comparison) -> dict[str, Any]:
    pane = numbered(comparison)[0]
    message = answer(pane)
    return {
        "comparison": comparison.pk, "pane": pane.pk, "conversation": pane.conversation_id,
        "message": message.pk, "generation": message.generation_id, "call": message.generation_id,
    }  # fmt: skip


FINDERS: dict[str, Callable[..., Any]] = {
    "comparison": access.comparison,
    "pane": access.pane,
    "conversation": access.conversation,
    "message": access.message,
    "generation": access.generation,
    "call": access.call,
}


@pytest.mark.parametrize("name", FINDERS)
def test_what_belongs_to_a_round_is_closed_unless_it_is_asked_for_as_such(
    hidden: Comparison, alice: Any, bob: Any, name: str
) -> None:
    id = ids_of(hidden)[name]
    with pytest.raises(Refused, match="reveal it first") as refusal:
        FINDERS[name](alice, id)
    assert refusal.value.status == 403
    if name != "call":
        assert FINDERS[name](alice, id, blind=True).pk == id
        with pytest.raises(Http404):
            FINDERS[name](bob, id, blind=True)
    with pytest.raises(Http404):
        FINDERS[name](bob, id)


@pytest.mark.parametrize("name", FINDERS)
def test_after_the_reveal_it_is_open(hidden: Comparison, alice: Any, name: str) -> None:
    id = ids_of(hidden)[name]
    reveal(hidden)
    assert FINDERS[name](alice, id).pk == id


def test_no_list_has_it(hidden: Comparison, alice: Any) -> None:
    answered(hidden)
    assert not access.conversations(alice).filter(blind=True)
    assert not access.panes(alice).filter(comparison=hidden)
    assert not access.calls(alice)
    assert recently_used(alice) == []
    reveal(hidden)
    assert len(access.panes(alice).filter(comparison=hidden)) == 3
    assert {model for _, model in recently_used(alice)} == {"one", "two", "three"}


def test_a_new_chat_does_not_begin_with_a_hidden_model(alice: Any, provider: Provider) -> None:
    Conversation.objects.create(owner=alice, provider=provider, model="scripted")
    source = of_models(alice, provider, "one", "two")
    found = begin_round(source)
    for pane in source.shown_panes():
        pane.conversation.delete()
    for pane in found.shown_panes():
        pane.conversation.save_asked()
    assert model_for_new_chat(alice) == (provider, "scripted")


def test_deleted_and_brought_back_it_is_still_blind(hidden: Comparison, alice: Any) -> None:
    pane = numbered(hidden)[0]
    hidden.delete_for_now()
    with pytest.raises(Http404):
        access.comparison(alice, hidden.pk, blind=True)
    with pytest.raises(Refused):
        access.deleted_conversation(alice, pane.conversation_id)
    access.deleted_comparison(alice, hidden.pk).restore()
    assert access.comparison(alice, hidden.pk, blind=True).hides
    assert access.pane(alice, pane.pk, blind=True).conversation.blind


# Money


def charge(pane: Pane, cost: float) -> None:
    Charge.objects.create(
        id=new_id(), owner=pane.conversation.owner, conversation=pane.conversation, day=timezone.localdate(),
        provider="Scripted", model=pane.conversation.model, status="finished", cost=cost, prompt_tokens=7,
    )  # fmt: skip


def test_no_sum_moves_before_the_reveal(hidden: Comparison, open_one: Comparison, alice: Any) -> None:
    today = timezone.localdate()
    Budget.objects.create(owner=alice, per_day=2.0)
    charge(open_one.shown_panes()[0], 0.25)
    for pane in hidden.shown_panes():
        charge(pane, 0.5)
    for by in ("day", "model", "provider"):
        usage = usage_of(alice, None, by, today)
        assert (usage.total.calls, usage.total.cost, usage.total.prompt_tokens) == (1, 0.25, 7)
        assert sum(row.calls for row in usage.rows) == sum(day.calls for day in usage.days) == 1
    told = day_limit(alice)
    assert told
    assert told.spent == spent_today(alice) == 0.25
    reveal(hidden)
    assert usage_of(alice, None, "model", today).total.calls == 4
    assert spent_today(alice) == 1.75


def test_charges_of_a_conversation_that_is_gone_are_told(alice: Any, hidden: Comparison) -> None:
    pane = hidden.shown_panes()[0]
    charge(pane, 0.5)
    pane.conversation.delete()
    assert spent_today(alice) == 0.5


def test_a_budget_holds_for_what_is_hidden_too_and_does_not_say_how_much_it_was(
    hidden: Comparison, open_one: Comparison, alice: Any
) -> None:
    Budget.objects.create(owner=alice, per_day=1.0)
    charge(hidden.shown_panes()[0], 0.9)
    held = limits([(alice.pk, open_one.shown_panes()[0].conversation_id)])
    with pytest.raises(Refused) as refusal:
        refuse_over(held, 0.2)
    assert "0.9" not in str(refusal.value)
    assert "about $0.2000" in str(refusal.value)
    reveal(hidden)
    with pytest.raises(Refused, match=r"\$0.9000 is spent"):
        refuse_over(held, 0.2)


def test_a_priced_model_that_may_not_be_asked_is_not_told_from_a_free_one(
    hidden: Comparison, alice: Any, provider: Provider
) -> None:
    """Neither by the sum nor by the name of the pane."""
    LanguageModel.objects.create(provider=provider, name="two", price_input=1000.0, price_output=1000.0)
    Budget.objects.create(owner=alice, per_day=0.0)
    panes = numbered(hidden)
    with pytest.raises(Refused) as refusal:
        send_to(hidden, panes, {pane.conversation_id: None for pane in panes}, "Hello")
    assert str(refusal.value) == "Not sent: a model cannot be asked now. Reveal the round to see why."
