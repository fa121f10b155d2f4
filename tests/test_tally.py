"""What sending would take, for one conversation and for all panes of a comparison."""

import random
from typing import Any

import pytest

from chat.comparisons.panes import compare
from chat.estimates import BYTES_AROUND_A_MESSAGE, bytes_of
from chat.models import Charge, Comparison, Conversation, LanguageModel, Message, Pane, Provider
from chat.models.copying import copy_settings
from chat.models.identifiers import new_id
from chat.models.message import text_part
from chat.tally import tallies_of, tally_of

pytestmark = pytest.mark.django_db

TOLD = ("model", "rate", "context_length", "around")


def say(conversation: Conversation, text: str) -> Message:
    message = Message.objects.create(
        conversation=conversation, parent=conversation.tip, role="user", parts=[text_part(text)]
    )
    conversation.show(message)
    return message


def book(conversation: Conversation, model: str, provider: str = "Scripted", **fields: Any) -> None:
    Charge.objects.create(
        id=new_id(), owner=conversation.owner, conversation=conversation, day=conversation.created_at.date(),
        provider=provider, model=model, status="finished", **fields,
    )  # fmt: skip


def panes_of(owner: Any, *conversations: Conversation) -> list[Pane]:
    compare(owner, conversations)
    return Comparison.objects.get().shown_panes()


def with_prompt(conversation: Conversation) -> int:
    prompt = conversation.system_prompt
    own = bytes_of(prompt) + BYTES_AROUND_A_MESSAGE if prompt.strip() else 0
    return int(tally_of(conversation)["sent"]) + own


@pytest.mark.parametrize("seed", range(6))
def test_panes_are_told_what_each_would_be_told_alone(alice: Any, provider: Provider, seed: int) -> None:
    chance = random.Random(seed)
    other = Provider.objects.create(name="Other", base_url="https://other.test/v1")
    for row in (provider, other):
        for name in ("a", "b"):
            LanguageModel.objects.create(
                provider=row, name=name, price_input=chance.choice([None, 1.5]), price_output=2.0,
                context_length=chance.choice([None, 4096]),
            )  # fmt: skip
    panes = panes_of(
        alice,
        *(
            Conversation(
                owner=alice,
                provider=chance.choice([None, provider, other]),
                model=chance.choice(["a", "b", "unlisted", ""]),
                system_prompt=chance.choice(["", " \n", "Be brief.", "Être bref 😀"]),
                settings=chance.choice([{}, {"tools": [{"type": "function"}]}]),
            )
            for _ in range(12)
        ),
    )
    for pane in panes:
        for number in range(chance.randrange(4)):
            message = say(pane.conversation, "Wörter " * number)
            if chance.random() < 0.3:
                message.delete_for_now()
        for _ in range(chance.randrange(4)):
            tokens = chance.choice([None, 10, 100])
            book(
                pane.conversation, chance.choice("ab"), chance.choice(["Scripted", "Other"]), request_bytes=300,
                prompt_tokens=tokens, completion_tokens=5, estimated=chance.random() < 0.3, cost=0.1,
            )  # fmt: skip
    panes = Comparison.objects.get().shown_panes()
    together = tallies_of(panes)
    for pane in panes:
        alone = tally_of(pane.conversation)
        assert {name: together[pane.pk][name] for name in TOLD} == {name: alone[name] for name in TOLD}
        assert together[pane.pk]["sent"] == with_prompt(pane.conversation)


def test_the_newest_call_that_was_counted_says_how_the_provider_counts(
    alice: Any, conversation: Conversation
) -> None:
    panes = panes_of(alice, conversation, Conversation(owner=alice))
    book(conversation, "scripted", request_bytes=200, prompt_tokens=100)
    book(conversation, "scripted", request_bytes=300, prompt_tokens=100)
    book(conversation, "scripted", request_bytes=900, prompt_tokens=100, estimated=True)
    book(conversation, "other", request_bytes=800, prompt_tokens=100)
    rates = [tally["rate"].bytes_per_token for tally in tallies_of(panes).values()]
    assert rates == [3.0, 4.0]


def test_sixteen_panes_cost_as_many_queries_as_two(
    conversation: Conversation, django_assert_num_queries: Any
) -> None:
    for count in (2, 16):
        panes = compare(conversation.owner, [copy_settings(conversation) for _ in range(count)]).shown_panes()
        for pane in panes:
            say(pane.conversation, "Hi")
        with django_assert_num_queries(3):
            assert len(tallies_of(panes)) == count


def test_no_panes_are_no_tallies(db: None) -> None:
    assert tallies_of([]) == {}
