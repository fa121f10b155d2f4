"""A snapshot as a page: which turns stand on the branch that is looked at, and what of them is told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chat.models.message import text_of
from chat.sampling import BY_NAME

# What fits into one cell.
LONGEST_SETTING = 40
Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Switch:
    """Where a turn stands among its alternatives. `at` says where the ones beside it are looked at."""

    position: int
    count: int
    previous: str
    next: str


@dataclass(slots=True)
class Turn:
    """One message, with whatever goes on from it."""

    number: str
    role: str
    text: str = ""
    media: list[Node] = field(default_factory=list)
    calls: list[Node] = field(default_factory=list)
    answers_call: str = ""
    reasoning: str = ""
    thinking: str = ""
    model: str = ""
    facts: list[str] = field(default_factory=list)
    status: str = "finished"
    edited: bool = False
    muted: bool = False
    switches: list[Switch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadPane:
    number: int
    model: str
    system_prompt: str
    # Labels and values: the short ones of a row, the long ones each on its own.
    about: list[tuple[str, str]]
    long: list[tuple[str, str]]
    turns: list[Turn]

    @property
    def short(self) -> str:
        """The model without whose it is."""
        return self.model.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class ReadPage:
    title: str
    author: str
    taken_at: datetime
    is_comparison: bool
    panes: list[ReadPane]
    messages: int
    hidden: int
    others: int
    left_out: list[str]
    has_code: bool


def page_of(snapshot: Mapping[str, Any], at: str = "") -> ReadPage:
    """`at` is a pane and a message of it, such as 0.12: there, the newest branch through that message is shown."""
    place = place_in(snapshot, at)
    is_comparison, panes = snapshot["kind"] == "comparison", []
    for number, pane in enumerate(snapshot["panes"]):
        tip = newest_leaf(pane, place[1]) if place and place[0] == number else pane["shown"]
        panes.append(read_pane(pane, number, path_to(pane, tip), is_comparison))
    return ReadPage(
        title=snapshot["title"],
        author=snapshot.get("author", ""),
        taken_at=datetime.fromisoformat(snapshot["taken_at"]),
        is_comparison=is_comparison,
        panes=panes,
        messages=sum(len(pane.turns) for pane in panes),
        hidden=sum(pane["hidden"] for pane in snapshot["panes"]),
        others=sum(pane["others"] for pane in snapshot["panes"]),
        left_out=snapshot["left_out"],
        has_code=any("model" in pane or "settings" in pane for pane in snapshot["panes"]),
    )


def place_in(snapshot: Mapping[str, Any], at: str) -> tuple[int, int] | None:
    """None for what is no place in this snapshot."""
    pane, _, message = at.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 6 for part in (pane, message)):
        return None
    panes = snapshot["panes"]
    there = int(pane) < len(panes) and int(message) < len(panes[int(pane)]["messages"])
    return (int(pane), int(message)) if there else None


def path_to(pane: Mapping[str, Any], tip: int) -> list[int]:
    """From the first message down to this one."""
    path: list[int] = []
    passed: set[int] = set()
    number: int | None = tip
    while number is not None and number not in passed:
        passed.add(number)
        path.append(number)
        number = pane["messages"][number]["parent"]
    return path[::-1]


def newest_leaf(pane: Mapping[str, Any], top: int) -> int:
    """The end made last among this message and all below it."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for number, node in enumerate(pane["messages"]):
        below[node["parent"]].append(number)
    leaves, open_ends, passed = [], [top], {top}
    while open_ends:
        number = open_ends.pop()
        fresh = [child for child in below[number] if child not in passed]
        passed.update(fresh)
        open_ends += fresh
        if not below[number]:
            leaves.append(number)
    return max(leaves, default=top)


def read_pane(pane: Mapping[str, Any], number: int, path: Sequence[int], is_one_of_many: bool) -> ReadPane:
    settings = list(_settings(pane))
    # Beside others it is called by its model.
    model = "" if is_one_of_many else pane.get("model", "")
    about = [("Model", model), ("Provider", pane.get("provider", ""))]
    return ReadPane(
        number=number + 1,
        model=pane.get("model", ""),
        system_prompt=pane.get("system_prompt", ""),
        about=[(label, text) for label, text in about if text]
        + [(label, text) for label, text in settings if len(text) <= LONGEST_SETTING],
        long=[(label, text) for label, text in settings if len(text) > LONGEST_SETTING],
        turns=list(turns_on(pane, number, path)),
    )


def _settings(pane: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in pane.get("settings", {}).items():
        if name in BY_NAME:
            yield BY_NAME[name].label, BY_NAME[name].show(value)


def turns_on(pane: Mapping[str, Any], pane_number: int, path: Sequence[int]) -> Iterator[Turn]:
    turn: Turn | None = None
    for number in path:
        node = pane["messages"][number]
        if turn and node.get("continues") and turn.role == node["role"]:
            _go_on(turn, node)
        else:
            if turn:
                yield turn
            turn = Turn(f"{pane_number}.{number}", node["role"])
            _go_on(turn, node)
        if beside := node.get("alternatives"):
            turn.switches.append(_switch(pane_number, number, beside))
    if turn:
        yield turn


def _go_on(turn: Turn, node: Node) -> None:
    """An answer and what goes on from it read as one. How it ended is how the last of it ended."""
    turn.text += text_of(node["parts"])
    turn.media += [part for part in node["parts"] if part["type"] != "text"]
    turn.calls += node.get("tool_calls", [])
    turn.answers_call = node.get("tool_call_id", "")
    turn.reasoning = "\n\n".join(filter(None, (turn.reasoning, node.get("reasoning", ""))))
    turn.thinking = turn.thinking or node.get("thinking", "")
    turn.model = turn.model or node.get("model", "")
    turn.facts = node.get("facts", turn.facts)
    turn.status = node.get("status", "finished")
    turn.edited = turn.edited or "edited" in node
    turn.muted = "muted" in node


def _switch(pane: int, number: int, beside: Sequence[int]) -> Switch:
    place = beside.index(number)
    near = [f"{pane}.{beside[at]}" if 0 <= at < len(beside) else "" for at in (place - 1, place + 1)]
    return Switch(place + 1, len(beside), *near)
