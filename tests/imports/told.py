"""What is in a talk, for a test to look at."""

from typing import Any

from chat.imports.talk import Said, Talk


def text(said: Said) -> str:
    return "".join(part.get("text", f"<{part['type']}>") for part in said.parts)


def tree(talk: Talk) -> list[tuple[str, str, str | None]]:
    """Role, text and the text of its parent, for each message."""
    by_key = {said.key: said for said in talk.messages}
    return [
        (said.role, text(said), text(by_key[said.parent]) if said.parent else None) for said in talk.messages
    ]


def shown(talk: Talk) -> list[str]:
    """The texts of the shown branch."""
    by_key, found = {said.key: said for said in talk.messages}, []
    at = talk.tip
    while at is not None:
        found.append(text(by_key[at]))
        at = by_key[at].parent
    return found[::-1]


def one(talk: Talk, words: str) -> Said:
    [found] = [said for said in talk.messages if words in text(said)]
    return found


def is_in_order(talk: Talk) -> bool:
    """Each message stands behind its parent, has a key of its own, and all can be reached."""
    seen: set[str] = set()
    for said in talk.messages:
        if said.key in seen or (said.parent is not None and said.parent not in seen):
            return False
        seen.add(said.key)
    return talk.tip is None or talk.tip in seen


def told(talk: Talk, words: str) -> int:
    return sum(words in notice for notice in talk.notices)


Json = dict[str, Any]
