"""Files that mean harm, or that somebody broke: mended or refused in words, in bounded time and memory."""

import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.imports import archive, streaming
from chat.imports.files import PATIENCE, Source
from chat.imports.formats import entries_in
from chat.imports.refusing import CannotRead
from chat.imports.storing import store
from chat.imports.talk import Said, Talk, TalkGroup
from chat.imports.trees import Node, arranged

from .test_chatgpt import branched, conversation, node, root
from .told import is_in_order


def read(content: bytes) -> list[Any]:
    return [entry for _, entry in Source(io.BytesIO(content)).entries()]


def refusal(content: bytes) -> str:
    with pytest.raises(CannotRead) as refused:
        read(content)
    return str(refused.value)


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


# Trees


def named(*pairs: tuple[str, str | None]) -> list[Node]:
    return [Node(key, parent, [Said(key, None, "user")]) for key, parent in pairs]


def arrange(nodes: list[Node]) -> tuple[list[tuple[str, str | None]], list[str]]:
    notices: list[str] = []
    messages, _ = arranged(nodes, None, notices)
    return [(said.key, said.parent) for said in messages], notices


@pytest.mark.parametrize(
    ("nodes", "tree", "words"),
    [
        ([("b", "a"), ("a", None)], [("a", None), ("b", "a")], ""),
        ([("a", None), ("b", None)], [("a", None), ("b", None)], ""),
        ([("a", "a")], [("a", None)], "circle"),
        ([("a", "b"), ("b", "a")], [("a", None), ("b", "a")], "circle"),
        (
            [("x", None), ("a", "c"), ("b", "a"), ("c", "b")],
            [("x", None), ("a", None), ("b", "a"), ("c", "b")],
            "circle",
        ),
        ([("a", "gone"), ("b", "a")], [("a", None), ("b", "a")], "not in the file"),
        ([("a", None), ("a", None)], [("a", None), ("a\n#1", None)], "same id"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_tree_is_mended_and_told(nodes: Any, tree: Any, words: str) -> None:
    found, notices = arrange(named(*nodes))
    assert found == tree
    assert words in " ".join(notices)
    assert bool(notices) == bool(words)


def test_alternatives_stand_in_the_order_of_the_file_and_unknown_ones_are_told() -> None:
    nodes = named(("q", None), ("a", "q"), ("b", "q"), ("c", "q"))
    nodes[0].children = ["c", "a", "gone", 5]
    found, notices = arrange(nodes)
    assert [key for key, _ in found] == ["q", "c", "a", "b"]
    assert len(notices) == 2


def test_a_node_without_a_message_hands_its_children_up() -> None:
    nodes = [*named(("q", None)), Node("gap", "q"), *named(("a", "gap"), ("b", "gap"))]
    assert arrange(nodes)[0] == [("q", None), ("a", "q"), ("b", "q")]


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.none() | st.sampled_from("abcdefghxy")), max_size=12)
)
def test_any_pairs_become_a_tree_of_all_messages(pairs: list[tuple[str, str | None]]) -> None:
    talk = Talk(messages=arranged(named(*pairs), None, [])[0])
    assert len(talk.messages) == len(pairs)
    assert is_in_order(talk)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_100_000_takes_steps_and_no_recursion(backwards: bool) -> None:
    pairs = [(str(n), str(n - 1) if n else None) for n in range(100_000)]
    found, notices = arrange(named(*(reversed(pairs) if backwards else pairs)))
    assert found[-1] == ("99999", "99998")
    assert (len(found), notices) == (100_000, [])


def test_a_chain_of_100_000_in_each_format() -> None:
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "x"}]}
    nodes = [
        node(str(n), str(n - 1) if n else "root", role="assistant", content=thoughts) for n in range(50_000)
    ]
    more = [node(f"a{n}", "49999", role="assistant", content="x") for n in range(50_000)]
    [(_, talk)] = entries_in(conversation(root(), *nodes, *more, current="1"))
    assert isinstance(talk, Talk)
    assert len(talk.messages) == 50_000
    deep: Any = {"messageId": "0", "text": "0", "children": []}
    for n in range(150):
        deep = {"messageId": str(n + 1), "text": str(n + 1), "children": [deep]}
    [(_, talk)] = entries_in({"conversationId": "c", "messages": [deep]})
    assert isinstance(talk, Talk)
    assert len(talk.messages) == 151


# Streams


class Endless:
    """A file that never ends. It counts what was read of it."""

    def __init__(self, begin: bytes, again: bytes) -> None:
        self._begin, self._again = begin, again
        self.given = 0

    def read(self, size: int, /) -> bytes:
        piece, self._begin = self._begin or self._again * (size // len(self._again)), b""
        self.given += len(piece)
        return piece


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        (b'[{"title": "', b"a"),
        (b'{"title": "', b"\\n"),
        (b'[{"mapping": [', b"1,"),
        (b'[{"mapping": {', b'"a":1,'),
        (b"[", b" "),
        (b'["', b"\xc3\xa9"),
        (b"[1", b"1"),
    ],
)
def test_what_never_ends_is_refused_in_bounded_memory(
    monkeypatch: pytest.MonkeyPatch, begin: bytes, again: bytes
) -> None:
    monkeypatch.setattr(streaming, "MOST_BYTES", 2 * 1024 * 1024)
    source = Endless(begin, again)
    tracemalloc.start()
    with pytest.raises(CannotRead):
        list(streaming.conversations_in(streaming.Metered(source)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert source.given < 3 * 1024 * 1024
    assert most < 80 * 1024 * 1024


def test_a_long_file_of_short_conversations_is_held_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_BYTES", 256 * 1024)
    whole = dumped([{"messages": [{"role": "user", "content": "x" * 1000}]}] * 4000)
    tracemalloc.start()
    count = sum(1 for _ in Source(io.BytesIO(whole)).entries())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 4000
    assert most < 4 * 1024 * 1024


def test_values_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_VALUES", 1000)
    assert "1,000 values" in refusal(dumped([{"messages": [[]] * 1001}]))


@pytest.mark.parametrize("content", [b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000])
def test_10_000_levels_are_refused(content: bytes) -> None:
    assert "levels deep" in refusal(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cut off"),
        (b"   \n ", "not JSON"),
        (b"hello", "not JSON"),
        (b"<html>", "not JSON"),
        (b"[{", "cut off"),
        (b'[{"messages": [{"role": "user"', "cut off"),
        (b"[NaN]", "not JSON"),
        (b'["\xff\xfe"]', "not JSON"),
        (b"\x1f\x8b\x08\x00", "not JSON"),
        (b"5", "No conversation was found"),
        (b"[]", "Understood are"),
        (b'[{"a": 1}, "x", null]', "No conversation was found"),
        (b'{"format": "playground", "version": 99, "conversations": 5}', "version 99"),
        (b"PK\x03\x04 and nothing", "damaged"),
    ],
)
def test_what_is_no_file_of_conversations_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_of_many_strange_things_only_some_are_looked_at() -> None:
    source = Endless(b"[", b"1,")
    made = Source(io.BytesIO(b"[1]"))
    made._file = source  # type: ignore[assignment]
    with pytest.raises(CannotRead):
        list(made.entries())
    assert source.given < PATIENCE * 10 + 1024 * 1024


def test_what_is_strange_among_conversations_is_counted() -> None:
    source = Source(io.BytesIO(dumped([branched(), {"strange": 1}, 5, conversation(root(), current="x")])))
    assert [entry.title for _, entry in source.entries()] == ["Weather"]
    assert (source.strange, source.empty) == (2, 1)


def test_lines_and_a_byte_order_mark() -> None:
    line = b'{"messages": [{"role": "user", "content": "Hi"}]}\n'
    assert len(read(b"\xef\xbb\xbf" + line * 3)) == 3


# Whatever stands where something else should

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


@pytest.mark.parametrize("place", [0, 5000, streaming.AT_ONCE - 200, streaming.AT_ONCE - 60, 100_000])
@pytest.mark.parametrize("number", [b"9" * 4301, b"-" + b"9" * 70_000, b"1e" + b"9" * 5000])
def test_a_number_of_very_many_digits_is_refused_in_words(number: bytes, place: int) -> None:
    """ijson took the whole process down with it."""
    begin = b'[{"messages": [{"role": "user", "content": "a"}]}, ' + b" " * place
    for content in (
        begin + number + b"]",
        begin + b'{"x": ' + number + b"}]",
        b" " * place + number,
        b"{}" + number + b'"',
    ):
        assert any(words in refusal(content) for words in ("4,300 digits", "not JSON"))


def test_digits_without_an_end_are_refused() -> None:
    assert "4,300 digits" in refusal(b'["' + b"9" * (streaming.MOST_OF_NUMBER + streaming.AT_ONCE))


def test_a_text_of_digits_is_read() -> None:
    text = "3." + "1415926" * 30_000
    [found] = read(dumped([{"messages": [{"role": "user", "content": text}]}]))
    assert found.messages[0].parts == [{"type": "text", "text": text}]


# ZIP files

CONVERSATIONS = dumped([branched()])


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, content in members:
            file.writestr(name, content, compress_type=compression)
    return made.getvalue()


def info(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


def test_an_export_as_it_comes() -> None:
    whole = zipped(
        ("user.json", b"{}"), ("chat.html", b"<p>"), ("conversations.json", CONVERSATIONS), ("a/b.png", b"x")
    )
    assert [entry.title for entry in read(whole)] == ["Weather"]


def test_an_export_in_several_files_and_once_more_in_a_folder() -> None:
    whole = zipped(
        ("x/conversations-001.json", CONVERSATIONS), ("x/conversations-000.json", CONVERSATIONS),
        ("x/conversations/conversations-1.json", CONVERSATIONS),
    )  # fmt: skip
    assert len(read(whole)) == 2


def test_the_only_json_file_is_it() -> None:
    assert len(read(zipped(("export.jsonl", CONVERSATIONS), ("readme.txt", b"")))) == 1


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("../conversations.json", CONVERSATIONS)], "leads out"),
        ([("/conversations.json", CONVERSATIONS)], "leads out"),
        ([("C:/conversations.json", CONVERSATIONS)], "leads out"),
        ([("a\\..\\..\\x/conversations.json", CONVERSATIONS)], "leads out"),
        ([(info("conversations.json", 0o120777), b"/etc/passwd")], "no conversations.json"),
        ([("conversations.json/", b"")], "no conversations.json"),
        ([("a.json", CONVERSATIONS), ("b.json", CONVERSATIONS)], "2 other JSON files"),
        ([("inner.zip", zipped(("conversations.json", CONVERSATIONS)))], "no conversations.json"),
        ([("conversations.json", zipped(("conversations.json", CONVERSATIONS)))], "not JSON"),
        ([], "no conversations.json"),
    ],
)
def test_zip_tricks_are_refused(members: Any, words: str) -> None:
    assert words in refusal(zipped(*members))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    assert "same name" in refusal(
        zipped(("conversations.json", CONVERSATIONS), ("conversations.json", b"[]"))
    )


def test_an_encrypted_member_is_refused() -> None:
    whole = bytearray(zipped(("conversations.json", CONVERSATIONS)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.index(mark) + offset
        whole[at] |= 1
    assert "encrypted" in refusal(bytes(whole))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    bomb = zipped(("conversations.json", b"[" + b" " * 40_000_000 + b"]"))
    assert "far larger" in refusal(bomb)


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bytearray(zipped(("conversations.json", b"[" + b" " * 40_000_000 + b"]")))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", whole, whole.index(mark) + offset, 1000)
    tracemalloc.start()
    assert refusal(bytes(whole))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * 1024 * 1024


def test_a_list_of_members_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_OF_LIST", 10_000)
    assert "too many files" in refusal(zipped(*((f"{n}.txt", b"") for n in range(300))))


def test_a_bomb_that_lies_about_what_it_takes_is_refused() -> None:
    whole = bytearray(zipped(("conversations.json", b"[" + b" " * 40_000_000 + b"]")))
    struct.pack_into("<I", whole, whole.index(b"PK\x01\x02") + 20, 40_000_000)
    assert "far larger" in refusal(bytes(whole))


def test_what_is_not_packed_is_read() -> None:
    assert len(read(zipped(("conversations.json", CONVERSATIONS), compression=zipfile.ZIP_STORED))) == 1


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_unpack_without_bounds_are_refused(compression: int) -> None:
    """60 KB of bzip2 become gigabytes in one piece, whatever the list says of their size."""
    assert "Unpack it" in refusal(zipped(("conversations.json", CONVERSATIONS), compression=compression))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_a_damaged_zip_file_is_read_or_refused(at: int, byte: int, cut: bool) -> None:
    whole = bytearray(zipped(("conversations.json", CONVERSATIONS)))
    at %= len(whole)
    whole[at] = byte
    try:
        read(bytes(whole[:at] if cut else whole))
    except CannotRead as refused:
        assert str(refused)  # noqa: PT017
