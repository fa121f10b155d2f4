"""Answers that cost something, and what the books say of them."""

from typing import Any

from django.utils import timezone

from chat.models import Charge, Conversation, Message
from chat.models.identifiers import new_id
from tests.upstream import Hang, Head, Script
from tests.upstream.steps import Tokens

# USD per million tokens: a thousand dollars make a token a tenth of a cent.
PRICE = 1000.0


def endless(word: str = "word ") -> Script:
    return Script([Head(), Tokens([word] * 5000, 2000, 1), Hang()])


def text_now(id: Any) -> str:
    return Message.objects.get(generation=id).text


def limited(conversation: Conversation, budget: float | None) -> Conversation:
    conversation.budget = budget
    conversation.save(update_fields=["budget"])
    return conversation


def in_all(conversation: Conversation) -> float:
    return float(Charge.objects.filter(conversation=conversation).total()["cost"] or 0)


def book(conversation: Conversation, **fields: Any) -> Charge:
    usual = {"day": timezone.localdate(), "provider": "Scripted", "model": "scripted", "status": "finished"}
    return Charge.objects.create(
        id=new_id(), owner=conversation.owner, conversation=conversation, **{**usual, **fields}
    )
