"""What is found is what a slow look at everything finds, over random conversations and random queries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Conversation, Document, Folder, Message, Noted, Tag
from chat.search import walking

from .talking import Key, answer, keys_found, say

pytestmark = pytest.mark.django_db

# As they are written, and as they are looked for.
WRITTEN = {"Wombat": "wombat", "wombats": "wombats", "WÓM": "wom", "naïve": "naive", "snake_case": "snake_case",
           "a": "a", "ﬁne": "fine", "The": "the", "京": "京", "12": "12"}  # fmt: skip
BEGINNING = datetime(2026, 9, 30, 20, tzinfo=UTC)
MODELS = ("Qwen/Qwen3", "meta/Llama-4", "qwq")

texts = st.lists(st.sampled_from(sorted(WRITTEN)), max_size=6)
messages = st.fixed_dictionaries(
    {
        "text": texts,
        "role": st.sampled_from(["user", "assistant"]),
        "hours": st.integers(0, 60),
        "model": st.sampled_from(MODELS),
        "cost": st.sampled_from([None, 0.0, 0.001, 0.01, 0.5]),
        "tokens": st.sampled_from([1, 1000, 1024, 5000]),
        "finish": st.sampled_from(["", "stop", "length"]),
        "starred": st.booleans(),
        "deleted": st.sampled_from([False, False, True]),
    }
)
talks = st.fixed_dictionaries(
    {
        "title": texts, "notes": texts, "system": texts, "tagged": st.booleans(), "filed": st.booleans(),
        "pinned": st.booleans(), "deleted": st.sampled_from([False, False, False, True]),
        "messages": st.lists(messages, max_size=4),
    }
)  # fmt: skip

# What a document is to the oracle: its key, its words, and everything that is known of it.
Told = dict[str, Any]
Term = tuple[str, Callable[[Told], bool]]


def word(text: str) -> Term:
    return text, lambda told: WRITTEN[text] in told["words"]


def begun(text: str) -> Term:
    return f"{text}*", lambda told: any(each.startswith(text) for each in told["words"])


def phrase(texts: list[str]) -> Term:
    folded = [WRITTEN[text] for text in texts]
    size = len(folded)

    def holds(told: Told) -> bool:
        words = told["words"]
        return any(words[place : place + size] == folded for place in range(len(words) - size + 1))

    return f'"{" ".join(texts)}"', holds


def number(key: str, operator: str, value: float) -> Term:
    def holds(told: Told) -> bool:
        there = told[key]
        if there is None:
            return False
        return {
            ">": there > value,
            ">=": there >= value,
            "<": there < value,
            "<=": there <= value,
            "": there == value,
        }[operator]

    return f"{key}:{operator}{value}", holds


def day(key: str, number: int) -> Term:
    moment = datetime(2026, 10, number, tzinfo=UTC)
    return f"{key}:{moment:%Y-%m-%d}", lambda told: (told["at"] >= moment) == (key == "after")


def plain(text: str, holds: Callable[[Told], bool]) -> Term:
    return text, holds


TERMS = st.one_of(
    st.sampled_from(sorted(WRITTEN)).map(word),
    st.sampled_from(["w", "wom", "na", "snake", "1"]).map(begun),
    st.lists(st.sampled_from(sorted(WRITTEN)), min_size=1, max_size=3).map(phrase),
    st.builds(number, st.sampled_from(["cost", "tokens"]), st.sampled_from([">", ">=", "<", "<=", ""]),
              st.sampled_from([0, 0.001, 0.01, 0.3, 1000, 1023, 1024])),
    st.builds(day, st.sampled_from(["before", "after"]), st.integers(1, 3)),
    st.sampled_from([
        plain("tag:demo", lambda told: told["tagged"]),
        plain("folder:work", lambda told: told["filed"]),
        plain("is:pinned", lambda told: told["pinned"]),
        plain("has:star", lambda told: told["starred"]),
        plain("role:user", lambda told: told["role"] == "user"),
        plain("role:system", lambda told: told["role"] == "system"),
        plain("model:qw", lambda told: "qw" in told["model"].lower()),
        plain("model:llama", lambda told: "llama" in told["model"].lower()),
        plain("finish:length", lambda told: told["finish"] == "length"),
    ]),
)  # fmt: skip
QUERIES = st.lists(st.tuples(TERMS, st.booleans()), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(talks, max_size=4), st.lists(QUERIES, min_size=1, max_size=6), st.integers(1, 4))
def test_what_is_found_is_what_there_is(
    alice: Any,
    bob: Any,
    monkeypatch: pytest.MonkeyPatch,
    talks: list[Any],
    queries: list[Any],
    looked_at: int,
) -> None:
    monkeypatch.setattr(walking, "LOOKED_AT", looked_at)
    monkeypatch.setattr(walking, "FEW", looked_at)
    clear(alice, bob)
    everything = [told for talk in talks for told in stored(alice, talk)]
    for talk in talks[:2]:
        list(stored(bob, talk))
    for terms in queries:
        query = " ".join(f"{'-' * negated}{text}" for (text, _), negated in terms)
        expected = [
            told["key"] for told in everything if all(holds(told) != negated for (_, holds), negated in terms)
        ]
        found = keys_found(alice, query, on_a_page=2)
        assert len(found) == len(set(found))
        assert sorted(found, key=str) == sorted(expected, key=str), query
        times = {told["key"]: told["at"] for told in everything}
        assert [times[key] for key in found] == sorted((times[key] for key in found), reverse=True)


def clear(*users: Any) -> None:
    Conversation.objects.all().delete()
    for model in (Noted, Document, Tag, Folder):
        model.objects.all().delete()
    for user in users:
        Tag.objects.create(owner=user, name="demo")
        Folder.objects.create(owner=user, name="Work")


def stored(owner: Any, talk: dict[str, Any]) -> list[Told]:
    """Put into the tables, and what the oracle knows of it."""
    conversation = Conversation.objects.create(
        owner=owner, title=" ".join(talk["title"]), notes=" ".join(talk["notes"]),
        system_prompt=" ".join(talk["system"]), pinned=talk["pinned"], created_at=BEGINNING,
        folder=Folder.objects.get(owner=owner) if talk["filed"] else None,
    )  # fmt: skip
    if talk["tagged"]:
        conversation.tags.add(Tag.objects.get(owner=owner))
    entry = {name: talk[name] for name in ("tagged", "filed", "pinned")}
    nothing = {
        "model": "",
        "cost": None,
        "tokens": None,
        "finish": "",
        "starred": False,
        "role": "",
        "at": BEGINNING,
    }
    told: list[Told] = []
    for kind, name, role in (("title", "title", ""), ("notes", "notes", ""), ("system", "system", "system")):
        if talk[name]:
            told.append(
                {**nothing, **entry, "key": (kind, conversation.pk), "words": words(talk[name]), "role": role}
            )
    for each in talk["messages"]:
        message = made(conversation, each)
        if not each["deleted"]:
            own = {name: each[name] for name in ("role", "starred")}
            at = BEGINNING + timedelta(hours=each["hours"])
            known: Told = {**nothing, **entry, **own, "at": at, "words": words(each["text"])}
            if each["role"] == "assistant":
                known |= {name: each[name] for name in ("model", "cost", "tokens", "finish")}
            told.append({**known, "key": key_of(message)})
    if talk["deleted"]:
        conversation.delete_for_now()
        return []
    return told


def made(conversation: Conversation, each: dict[str, Any]) -> Message:
    fields = {"starred": each["starred"], "created_at": BEGINNING + timedelta(hours=each["hours"])}
    text = " ".join(each["text"])
    if each["role"] == "user":
        message = say(conversation, text, **fields)
    else:
        call = {"model": each["model"], "cost": each["cost"], "usage": {"completion_tokens": each["tokens"]}}
        message = answer(conversation, text, call, finish_reason=each["finish"], **fields)
    if each["deleted"]:
        message.delete_for_now()
    return message


def key_of(message: Message) -> Key:
    return "message", message.pk


def words(texts: list[str]) -> list[str]:
    return [WRITTEN[text] for text in texts]
