"""What no provider takes is told before it is sent: calls of tools without answers, and answers without a call."""

from collections.abc import Sequence
from typing import Any

import pytest

from chat.generation.pairing import must_pair, refuse_unpaired
from chat.models import Conversation, Provider
from chat.refusals import Refused

Messages = Sequence[dict[str, Any]]


def says(role: str, content: str | None = "words") -> dict[str, Any]:
    return {"role": role, "content": content}


def calls(*ids: str) -> dict[str, Any]:
    made = [
        {"id": id, "type": "function", "function": {"name": f"look_{id}", "arguments": "{}"}} for id in ids
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


def gives(id: str, content: str = "42") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "content": content}


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [says("system"), says("user"), says("assistant"), says("user")],
        [says("user"), calls("a"), gives("a")],
        [says("user"), calls("a", "b"), gives("b"), gives("a"), says("assistant")],
        # Several results of one call name it all, as some imports have it.
        [says("user"), calls("a"), gives("a"), gives("a"), says("user")],
        # The same id twice, as some providers count.
        [says("user"), calls("a"), gives("a"), calls("a"), gives("a")],
    ],
)
def test_what_is_paired_passes(messages: Messages) -> None:
    refuse_unpaired(messages)


@pytest.mark.parametrize(
    ("messages", "named"),
    [
        ([says("user"), calls("a"), says("user")], "call of look_a"),
        ([says("user"), calls("a", "b"), gives("a"), says("assistant")], "call of look_b"),
        ([says("user"), calls("a", "b")], "call of look_a, look_b"),
        ([says("user"), calls("a"), says("system"), gives("a")], "call of look_a"),
        ([says("user"), calls("a", "b"), gives("a")], "call of look_b"),
    ],
)
def test_a_call_without_its_answer_is_named(messages: Messages, named: str) -> None:
    with pytest.raises(Refused, match=f"{named}.*Add it there.*delete what calls it, or choose Do not send"):
        refuse_unpaired(messages)


@pytest.mark.parametrize(
    "messages",
    [
        [says("user"), gives("a", "It is  42")],
        [says("user"), calls("a"), gives("a"), gives("b", "It is 42")],
        [says("user"), calls("a"), gives("a"), says("assistant"), gives("a", "It is 42")],
    ],
)
def test_an_answer_without_its_call_is_named(messages: Messages) -> None:
    with pytest.raises(Refused, match=r"“It is 42” stands below no call.*Delete it, or choose Do not send"):
        refuse_unpaired(messages)


@pytest.mark.parametrize(
    ("dialect", "blind", "pairs"),
    [("together", False, True), ("openai", False, True), ("vllm", False, False), ("together", True, False)],
)
def test_the_provider_judges_where_it_takes_what_it_gets_and_where_nothing_may_be_told(
    dialect: str, blind: bool, pairs: bool
) -> None:
    assert must_pair(Conversation(blind=blind), Provider(dialect=dialect)) is pairs
