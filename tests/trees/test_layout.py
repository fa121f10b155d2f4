"""Where the messages of a tree stand, and what of it is folded: for whatever trees there are, run by Node."""

import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Arranged = Callable[..., Any]
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CLOSE = 1e-6


@pytest.fixture(scope="module")
def arrange() -> Iterator[Arranged]:
    """Asks one process, line by line."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no Node here to run the script with.")
    script = Path(__file__).parent / "arranged.mjs"
    with subprocess.Popen(
        [node, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin
        assert running.stdout

        def ask(nodes: list[dict[str, Any]], **more: Any) -> Any:
            running.stdin.write(json.dumps({"nodes": nodes, **more}) + "\n")  # type: ignore[union-attr]
            running.stdin.flush()  # type: ignore[union-attr]
            return json.loads(running.stdout.readline())  # type: ignore[union-attr]

        yield ask
        running.stdin.close()


@st.composite
def trees(draw: Any) -> list[dict[str, Any]]:
    """Forests, straight and bushy ones alike: each hangs on one of the last few before it."""
    count = draw(st.integers(1, 60))
    back = draw(st.integers(1, 8))
    nodes = []
    for number in range(count):
        parent = number - draw(st.integers(1, min(number, back))) if number else None
        if number and draw(st.integers(0, 30)) == 0:
            parent = None
        flags = {name: True for name in ("starred", "muted", "shown") if draw(st.integers(0, 9)) == 0}
        nodes.append({"id": f"n{number}", "parent": None if parent is None else f"n{parent}", **flags})
    return nodes


def placed(found: Any) -> dict[str, tuple[float, int]]:
    return {id: (place["x"], place["row"]) for id, place in found["places"]}


def children_in(pieces: list[dict[str, Any]]) -> dict[str | None, list[str]]:
    children: dict[str | None, list[str]] = defaultdict(list)
    for piece in pieces:
        children[piece["parent"]].append(piece["id"])
    return children


@OFTEN
@given(trees())
def test_nothing_stands_over_anything_else(arrange: Arranged, nodes: list[dict[str, Any]]) -> None:
    rows: dict[int, list[float]] = defaultdict(list)
    for x, row in placed(arrange(nodes)).values():
        rows[row].append(x)
    for row in rows.values():
        row.sort()
        assert all(right - left >= 1 - CLOSE for left, right in pairwise(row))


@OFTEN
@given(trees())
def test_children_stand_below_and_the_parent_over_their_middle(
    arrange: Arranged, nodes: list[dict[str, Any]]
) -> None:
    places = placed(arrange(nodes))
    assert set(places) == {node["id"] for node in nodes}
    for parent, below in children_in(nodes).items():
        assert all(places[id][1] == (places[parent][1] + 1 if parent else 0) for id in below)
        if parent:
            assert abs(places[parent][0] - (places[below[0]][0] + places[below[-1]][0]) / 2) < CLOSE


@OFTEN
@given(trees())
def test_siblings_keep_their_order_and_the_leftmost_stands_at_the_edge(
    arrange: Arranged, nodes: list[dict[str, Any]]
) -> None:
    places = placed(arrange(nodes))
    for below in children_in(nodes).values():
        xs = [places[id][0] for id in below]
        assert xs == sorted(xs)
    assert abs(min(x for x, _ in places.values())) < CLOSE


@OFTEN
@given(trees())
def test_a_subtree_is_drawn_the_same_wherever_it_hangs(
    arrange: Arranged, nodes: list[dict[str, Any]]
) -> None:
    places = placed(arrange(nodes))
    inside = {nodes[0]["id"]}
    for node in nodes:
        if node["parent"] in inside:
            inside.add(node["id"])
    alone = placed(arrange([node for node in nodes if node["id"] in inside]))
    shift = places["n0"][0] - alone["n0"][0]
    assert all(abs(places[id][0] - alone[id][0] - shift) < CLOSE for id in inside)


@OFTEN
@given(trees(), st.sets(st.integers(0, 59)))
def test_folding_loses_nothing_and_hides_nothing_that_has_to_be_seen(
    arrange: Arranged, nodes: list[dict[str, Any]], opened: set[int]
) -> None:
    pieces = arrange(nodes, open=[f"n{number}" for number in opened])["pieces"]
    drawn = [id for piece in pieces for id in (piece["folded"] or [piece["id"]])]
    assert sorted(drawn) == sorted(node["id"] for node in nodes)
    children, by_id = children_in(nodes), {node["id"]: node for node in nodes}
    for piece in pieces:
        for id in piece["folded"] or []:
            assert len(children[id]) == 1
            assert not by_id[id].get("starred")
            assert not by_id[id].get("muted")
            assert by_id[id]["parent"] is not None
        assert piece["folded"] is None or len(piece["folded"]) >= 4
        assert piece["folded"] is None or int(piece["folded"][0][1:]) not in opened
    seen = set()
    for piece in pieces:
        assert piece["parent"] is None or piece["parent"] in seen
        seen.add(piece["id"])


@OFTEN
@given(trees())
def test_the_keys_reach_everything_and_lead_back(arrange: Arranged, nodes: list[dict[str, Any]]) -> None:
    found = arrange(nodes, open=[], walked=True)
    steps, places = dict(found["steps"]), placed(found)
    for id, to in steps.items():
        parent = next(piece["parent"] for piece in found["pieces"] if piece["id"] == id)
        assert to["ArrowUp"] == parent
        if to["ArrowRight"]:
            assert steps[to["ArrowRight"]]["ArrowLeft"] == id
            assert places[to["ArrowRight"]][1] == places[id][1]
    reached, waiting = set(), [found["pieces"][0]["id"]]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [to for to in steps[here].values() if to]
    assert reached == set(steps)


def test_a_run_folds_around_another_model(arrange: Arranged) -> None:
    nodes = [
        {
            "id": f"n{number}",
            "parent": f"n{number - 1}" if number else None,
            "model": "a" if number < 6 else "b",
        }
        for number in range(12)
    ]
    pieces = arrange(nodes, open=[])["pieces"]
    assert [piece["folded"] or piece["id"] for piece in pieces] == [
        "n0", ["n1", "n2", "n3", "n4", "n5"], "n6", ["n7", "n8", "n9", "n10"], "n11",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["chain", "comb", "fan"])
def test_many_thousands_overflow_no_stack(arrange: Arranged, kind: str) -> None:
    above = {"chain": lambda n: n - 1, "comb": lambda n: n - 1 - n % 2, "fan": lambda n: 0}[kind]
    nodes = [{"id": f"n{n}", "parent": f"n{above(n)}" if n else None} for n in range(20_000)]
    found = arrange(nodes)
    assert len(found["places"]) == 20_000
    folded = arrange(nodes, open=[])["pieces"]
    assert len(folded) == {"chain": 3, "comb": 20_000, "fan": 20_000}[kind]


def test_of_an_empty_tree_nothing_is_drawn(arrange: Arranged) -> None:
    assert arrange([], open=[]) == {"pieces": [], "places": [], "steps": []}
