"""Whatever stands where something else should: read or refused in words, and what was read can be stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.imports.formats import entries_in
from chat.imports.refusing import CannotRead
from chat.imports.storing import store
from chat.imports.talk import Talk, TalkGroup

from .reading import read
from .test_chatgpt import branched
from .told import is_in_order

SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["user", "text", "\x00", "\ud800", "a"])
)
ANYTHING = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
NAMES = """
mapping message author role content content_type parts parent children metadata chat_messages sender uuid text
type tool_use tool_result id name input conversationId messages messageId parentMessageId isCreatedByUser chat history
currentId childrenIds models files url output options conversations from value tool_calls function arguments body params
create_time created_at timestamp thoughts attachments extracted_content title tags"""
KEYS = st.sampled_from(NAMES.split())


def strewn(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6)


TREES = st.recursive(SIMPLE | KEYS, strewn, max_leaves=25)
SEEDS = [
    {"mapping": TREES}, {"chat_messages": TREES}, {"chat": {"history": {"messages": TREES}}},
    {"conversationId": "c", "messages": TREES}, {"conversations": TREES}, {"messages": TREES},
    {"models": [], "messages": TREES}, {"format": "playground", "version": 1, "conversations": TREES},
]  # fmt: skip


def filled(seed: Any) -> st.SearchStrategy[Any]:
    if isinstance(seed, dict):
        return st.fixed_dictionaries({key: filled(value) for key, value in seed.items()})
    return seed if isinstance(seed, st.SearchStrategy) else st.just(seed)


@settings(max_examples=400, deadline=None)
@given(st.one_of(*map(filled, SEEDS)), st.dictionaries(KEYS, TREES, max_size=4))
def test_no_shape_breaks_a_reader(value: dict[str, Any], more: dict[str, Any]) -> None:
    for each in (value, {**value, **more}):
        for _, entry in (
            *entries_in(each),
            *entries_in(each, "conversations"),
            *entries_in(each, "comparisons"),
        ):
            assert_sound(entry)


def assert_sound(entry: Talk | TalkGroup) -> None:
    for talk in [entry] if isinstance(entry, Talk) else [talk for talk, _ in entry.panes]:
        for said in talk.messages:
            assert isinstance(said.role, str)
            assert isinstance(said.reasoning, str)
            assert isinstance(said.parts, list)
        assert all(isinstance(notice, str) for notice in talk.notices)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(inner, (*path, key))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_real_export_with_one_thing_replaced(data: st.DataObject) -> None:
    value = json.loads(json.dumps(branched()))
    path = data.draw(st.sampled_from([path for path in places(value) if path]))
    at = value
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = data.draw(ANYTHING)
    for _, entry in entries_in(value):
        assert isinstance(entry, Talk)
        assert is_in_order(entry)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=80).map(str.encode)
    | ANYTHING.map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    try:
        read(content)
    except CannotRead as refused:
        assert str(refused)  # noqa: PT017


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(*map(filled, SEEDS)), st.dictionaries(KEYS, TREES, max_size=4))
def test_whatever_a_reader_makes_of_it_can_be_stored(alice: Any, value: Any, more: Any) -> None:
    found = [entry for _, entry in (*entries_in({**value, **more}), *entries_in(value, "conversations"))]
    transfer = store(alice, found)
    assert transfer.status == "finished"
    assert json.dumps(transfer.report)
