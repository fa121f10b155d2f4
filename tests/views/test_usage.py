"""The usage page, the budget of a day and of a conversation, and the tally at the foot of the composer."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Budget, Charge, Conversation, LanguageModel, Message
from chat.models.identifiers import new_id

from .asking import Browser, all_answered, generations, visit
from .test_snippets import words_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(alice: Any, as_user: Any) -> Client:
    client: Client = as_user(alice)
    return client


def book(conversation: Conversation, **fields: Any) -> Charge:
    usual = {"day": timezone.localdate(), "provider": "Scripted", "model": "scripted", "status": "finished"}
    return Charge.objects.create(
        id=new_id(), owner=conversation.owner, conversation=conversation, **{**usual, **fields}
    )


def priced(price: float = 1000.0) -> None:
    LanguageModel.objects.update(price_input=price, price_output=price, context_length=1000)


# The page


def test_without_a_call_the_page_says_so(alices: Client) -> None:
    page = alices.get("/usage/")
    assert "Nothing was asked in this time." in words_in(page)
    assert "$0 spent today" in words_in(page)


def test_the_page_tells_what_was_used(alices: Client, conversation: Conversation) -> None:
    book(conversation, prompt_tokens=1234, completion_tokens=56, cost=0.5, first_token=250, speed=40.0)
    book(conversation, status="failed")
    words = words_in(alices.get("/usage/", {"by": "model"}))
    assert "scripted Scripted 2 1 50.0 % $0.5000 1,234 56 0 0 250 250 40 40" in words
    assert "$0.5000 spent today" in words


def test_a_sum_with_an_estimate_in_it_says_so(alices: Client, conversation: Conversation) -> None:
    book(conversation, cost=0.5, estimated=True)
    words = words_in(alices.get("/usage/"))
    assert "~$0.5000" in words
    assert "1 was not counted by the provider" in words


@pytest.mark.parametrize(
    "query", [{}, {"range": "all", "by": "model"}, {"range": "x'", "by": "<b>"}, {"range": "0"}]
)
def test_a_range_or_group_that_there_is_not_is_as_good_as_none(
    alices: Client, conversation: Conversation, query: dict[str, str]
) -> None:
    book(conversation, model="<script>alert(1)</script>")
    page = alices.get("/usage/", query)
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_nobody_sees_somebody_elses(as_user: Any, bob: Any, conversation: Conversation) -> None:
    book(conversation, cost=0.5)
    Budget.objects.create(owner=conversation.owner, per_day=3.25)
    words = words_in(as_user(bob).get("/usage/"))
    assert "0.5000" not in words
    assert "3.25" not in words


def test_what_was_spent_in_a_deleted_conversation_stays(alices: Client, conversation: Conversation) -> None:
    book(conversation, cost=0.5)
    conversation.delete()
    assert "$0.5000 spent today" in words_in(alices.get("/usage/"))


# Budgets


def test_a_budget_of_a_day_is_set_changed_and_lifted(alices: Client, alice: Any) -> None:
    for typed, kept in (("2.5", 2.5), ("0", 0.0), ("", None)):
        assert alices.post("/usage/budget/", {"per_day": typed}).status_code == 302
        assert Budget.objects.get(owner=alice).per_day == kept
    assert Budget.objects.count() == 1


@pytest.mark.parametrize("typed", ["-1", "much", "nan", "inf", "1e999", "1\0"])
def test_what_is_no_budget_is_said_beside_its_field(alices: Client, typed: str) -> None:
    page = alices.post("/usage/budget/", {"per_day": typed})
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert not Budget.objects.exists()


def test_a_conversations_budget_is_saved_with_its_settings(
    alices: Client, conversation: Conversation
) -> None:
    path = f"/c/{conversation.pk}/settings/"
    for typed, kept in (("0.75", 0.75), ("", None)):
        assert alices.post(path, {"budget": typed}).status_code == 204
        conversation.refresh_from_db()
        assert conversation.budget == kept
    bad = alices.post(path, {"budget": "-1"})
    assert bad.status_code == 422
    assert "cannot be below zero" in bad.content.decode()


def test_a_page_without_the_field_leaves_the_budget_alone(alices: Client, conversation: Conversation) -> None:
    Conversation.objects.update(budget=2)
    alices.post(f"/c/{conversation.pk}/settings/", {"system_prompt": "Hi"})
    conversation.refresh_from_db()
    assert conversation.budget == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["send", "regenerate", "edit", "replay", "begin"])
def test_whatever_asks_a_model_is_refused_over_the_budget(
    alice: Any, conversation: Conversation, way: str
) -> None:
    priced()

    async def act(browser: Browser) -> tuple[Any, int, int]:
        await browser.send(conversation, "First")
        await all_answered()
        await Budget.objects.acreate(owner=alice, per_day=0.000001)
        tip = await Message.objects.aget(role="assistant")
        paths = {
            "send": (f"/c/{conversation.pk}/messages/", {"message": "More"}),
            "regenerate": (f"/messages/{tip.pk}/alternatives/", {}),
            "edit": (f"/messages/{tip.parent_id}/edits/", {"text": "Other", "run": "on"}),
            "replay": (f"/generations/{tip.generation_id}/replays/", {}),
            "begin": ("/c/", {"message": "New", "provider": conversation.provider_id, "model": "scripted"}),
        }
        path, form = paths[way]
        refused = await browser.command(path, shown=tip.pk, **form)
        return refused, len(await generations()), await Conversation.objects.acount()

    refused, calls, conversations = visit(alice, act)
    assert refused.status_code == 409
    assert "Not sent, to keep the budget" in words_in(refused)
    assert (calls, conversations) == (1, 1)
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_stop_at_the_budget_stands_in_the_transcript(
    alice: Any, conversation: Conversation, upstream: Any
) -> None:
    from tests.upstream import stream

    priced()
    upstream.script(stream("word " * 50, "word " * 500))

    async def act(browser: Browser) -> Any:
        await browser.send(conversation, "First", budget="0.1")
        await all_answered()
        return await browser.get(f"/c/{conversation.pk}/")

    words = words_in(visit(alice, act))
    assert "Stopped at the budget of $0.1000 of this conversation." in words
    assert "~63 out" in words
    assert "~$0.0" in words


# The tally


def tally(client: Client, conversation: Conversation, **query: Any) -> Any:
    return client.get(f"/c/{conversation.pk}/tally/", query)


def data(response: Any, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def test_a_new_chat_has_an_estimate_for_its_model(alices: Client, conversation: Conversation) -> None:
    priced(2.0)
    shown = alices.get("/tally/", {"provider": conversation.provider_id, "model": "scripted"})
    assert (data(shown, "sent"), data(shown, "price"), data(shown, "context")) == ("0", "2.000000000", "1000")
    assert float(data(shown, "bytes-per-token")) == 4
    assert "4.0 bytes of text to a token, which fits English" in words_in(shown)
    assert data(alices.get("/tally/", {"model": "x", "provider": uuid4()}), "price") == ""


def test_the_branch_is_counted_and_the_method_is_named(alices: Client, conversation: Conversation) -> None:
    conversation.show(
        Message.objects.create(
            conversation=conversation, role="user", parts=[{"type": "text", "text": "x" * 84}]
        )
    )
    book(conversation, prompt_tokens=100, completion_tokens=7, request_bytes=300, cost=0.5)
    shown = tally(alices, conversation)
    assert data(shown, "sent") == "100"
    assert float(data(shown, "bytes-per-token")) == 3
    words = words_in(shown)
    assert "3.0 bytes of text to a token, as Scripted counted the last request" in words
    assert "1 answer 100 in 7 out $0.5000" in words


def test_what_may_be_spent_is_told_for_the_budget_in_the_page(
    alices: Client, conversation: Conversation
) -> None:
    priced()
    book(conversation, cost=0.5)
    Conversation.objects.update(budget=2)
    Budget.objects.create(owner=conversation.owner, per_day=9)
    words = words_in(tally(alices, conversation))
    assert "$0.5000 of $9.00 today" in words
    assert "$0.5000 of $2.00 for this conversation" in words
    assert "no price" not in words
    assert "$0.5000 of $5.00 for this conversation" in words_in(tally(alices, conversation, budget="5"))
    assert "$0.5000 of $9.00 today" in words_in(alices.get("/tally/"))


def test_a_budget_that_cannot_be_kept_is_said_to_be(alices: Client, conversation: Conversation) -> None:
    Conversation.objects.update(budget=2)
    assert "no price of scripted is known" in words_in(tally(alices, conversation))


def test_looking_at_the_tally_saves_nothing(alices: Client, conversation: Conversation) -> None:
    before = Conversation.objects.values().get()
    tally(alices, conversation, budget="5", model="other", provider=conversation.provider_id, temperature="1")
    assert Conversation.objects.values().get() == before
