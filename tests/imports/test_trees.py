"""Nodes that name their parents: whatever a file says of them, they become a tree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.imports.formats import entries_in
from chat.imports.talk import Said, Talk
from chat.imports.trees import Node, arranged

from .test_chatgpt import conversation, node, root
from .told import is_in_order


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
