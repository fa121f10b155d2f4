"""Export, import, export: the same bytes, whatever was said, and however it hangs together."""

import json
import string
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Folder, Message, Pane, Prompt, Provider, Role, Status, Tag
from chat.placeholders import Variable

from .telling import asked, exported, imported, said, somebody_else

pytestmark = pytest.mark.django_db(transaction=True)

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parents[2] / "docs/export.schema.json").read_text()))

SEVERAL = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
# All that a database takes: no NUL, no half of a pair.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
NAMES = st.text(string.ascii_letters + "_- äß…", min_size=1, max_size=12).map(str.strip).filter(bool)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(WORDS.filter(bool), VALUES, max_size=3)
PART = st.one_of(
    WORDS.map(lambda text: {"type": "text", "text": text}),
    WORDS.map(lambda text: {"type": "refusal", "refusal": text}),
    OBJECTS.map(lambda data: {"type": "annotation", "annotation": data}),
    WORDS.map(
        lambda name: {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD", "detail": name}}
    ),
    WORDS.map(
        lambda name: {"type": "file", "file": {"file_data": "data:text/plain;base64,QQ==", "filename": name}}
    ),
)
CALL = st.builds(
    lambda id, name, arguments: {
        "id": id, "type": "function", "function": {"name": name, "arguments": arguments},
    },
    WORDS, WORDS, WORDS,
)  # fmt: skip
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))
SAID = st.fixed_dictionaries(
    {
        "role": st.sampled_from(Role.values),
        # Among those before it; a third of them go on where the one before ended.
        "parent": st.integers(0, 1_000_000),
        "deep": st.integers(0, 2),
        "parts": st.lists(PART, max_size=2),
        "reasoning": WORDS,
        "tool_calls": st.lists(CALL, max_size=1),
        "tool_call_id": WORDS,
        "finish_reason": st.sampled_from(["", "stop", "length", "tool_calls"]),
        "original": st.none() | st.lists(PART, min_size=1, max_size=1),
        "logprobs": st.none() | st.lists(OBJECTS, max_size=2),
        "muted": st.booleans(),
        "starred": st.booleans(),
        "continues": st.booleans(),
        "created_at": MOMENTS,
        "deleted": st.integers(0, 5).map(lambda number: not number),
        "call": st.none() | st.sampled_from([*Status.values, "copy"]),
    }
)
KNOWN = st.fixed_dictionaries(
    {
        "title": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60),
        "notes": WORDS,
        "pinned": st.booleans(),
        "archived": st.booleans(),
        "created_at": MOMENTS,
        "active_at": MOMENTS,
    }
)
ABOUT = st.fixed_dictionaries(
    {
        "known": KNOWN,
        "folder": st.none() | NAMES,
        "tags": st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=5), max_size=3, unique=True),
    }
)
ASKING = st.fixed_dictionaries(
    {
        "system_prompt": WORDS,
        "model": WORDS,
        "settings": st.fixed_dictionaries(
            {},
            optional={
                "temperature": st.floats(0, 2),
                "seed": st.integers(0, 2**31),
                "stop": st.lists(st.sampled_from(["a", "b\n", "ß"]), min_size=1, max_size=2, unique=True),
                "schema": st.just({"type": "object", "properties": {"zebra": {}, "ape": {}}}),
            },
        ),
        "variables": st.dictionaries(NAMES, WORDS, max_size=2),
        "budget": st.none() | st.floats(0, 1e9),
        "said": st.lists(SAID, max_size=12),
        "tip": st.integers(0, 1_000_000),
        "prompted": st.booleans(),
    }
)
CHATS = st.tuples(ABOUT, ASKING)
GROUPS = st.tuples(
    ABOUT, st.lists(CHATS, min_size=2, max_size=3), st.lists(st.booleans(), min_size=4, max_size=4)
)


def sort_in(row: Conversation | Comparison, about: dict[str, Any]) -> None:
    for name, value in about["known"].items():
        setattr(row, name, value)
    if about["folder"]:
        row.folder, _ = Folder.objects.get_or_create(owner=row.owner, name=about["folder"])
    row.save()
    row.tags.set([Tag.objects.get_or_create(owner=row.owner, name=name)[0] for name in about["tags"]])


def make_chat(owner: Any, provider: Provider, chat: Any, *, listed: bool = True) -> Conversation:
    about, asking = chat
    own = {name: asking[name] for name in ("system_prompt", "model", "settings", "variables", "budget")}
    conversation = Conversation(owner=owner, provider=provider, listed=listed, **own)
    if asking["prompted"]:
        prompt = Prompt.objects.create(owner=owner, name="Translator")
        conversation.use_prompt(
            prompt.save_version("Into {{tongue}}", [Variable("tongue", default="French")])
        )
    sort_in(conversation, about)
    rows: list[Message] = []
    for each in asking["said"]:
        rows.append(make_message(conversation, each, rows))
    conversation.tip = rows[asking["tip"] % len(rows)] if rows else None
    conversation.save()
    return conversation


def make_message(conversation: Conversation, each: dict[str, Any], before: list[Message]) -> Message:
    fields = {
        name: value for name, value in each.items() if name not in ("parent", "deep", "deleted", "call")
    }
    places = [None, *before]
    parent = places[-1] if each["deep"] else places[each["parent"] % len(places)]
    if each["deleted"]:
        fields["deleted_at"] = datetime(2026, 1, 1, tzinfo=UTC)
    if each["call"] == "copy":
        fields["copy_of"] = before[each["parent"] % len(before)] if before else None
    elif each["call"]:
        error = (
            {"message": "secret-host.example.test said no", "retryable": False}
            if each["call"] == "failed"
            else None
        )
        fields["generation"] = asked(conversation, status=each["call"], error=error)
    return said(conversation, parent=parent, **fields)


@SEVERAL
@given(chats=st.lists(CHATS, max_size=3), groups=st.lists(GROUPS, max_size=2))
def test_an_export_of_an_import_of_an_export_is_the_same(provider: Provider, chats: Any, groups: Any) -> None:
    owner = somebody_else()
    made = [make_chat(owner, provider, chat) for chat in chats]
    for about, panes, links in groups:
        inside = [make_chat(owner, provider, pane, listed=False) for pane in panes] + made[:1]
        comparison = compare(owner, inside)
        sort_in(comparison, about)
        comparison.panes.update(**dict(zip(Pane.LINKS, links, strict=True)))
    first = exported(owner)
    SCHEMA.validate(json.loads(first))
    again, third = somebody_else(), somebody_else()
    imported(again, first)
    second = exported(again)
    assert second == first
    imported(third, second)
    assert exported(third) == first
    assert "secret-host" not in first
    assert "example.test" not in first
