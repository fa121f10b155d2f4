"""What of a snapshot looks like a secret, and where: it is the snapshot that is searched, for that is what is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from chat.sampling import BY_NAME
from chat.scan import scan

from .snapshot import Taken

# So many are enough to see that this is not for others.
MOST = 100


@dataclass(frozen=True, slots=True)
class Place:
    """`message` is what can be hidden because of it."""

    kind: str
    hint: str
    where: str
    message: UUID | None = None


def suspicious(taken: Taken) -> list[Place]:
    found: dict[Place, None] = {}
    for text, where, message in texts_of(taken):
        for finding in scan(text):
            found[Place(finding.kind, finding.hint, where, message)] = None
            if len(found) >= MOST:
                return list(found)
    return list(found)


def texts_of(taken: Taken) -> Iterator[tuple[str, str, UUID | None]]:
    """Every text that a reader would see, with words for where it stands."""
    yield taken.snapshot["title"], "Title", None
    yield taken.snapshot.get("author", ""), "Author", None
    panes = taken.snapshot["panes"]
    for number, (pane, sources) in enumerate(zip(panes, taken.sources, strict=True), start=1):
        of = f" of pane {number}" if len(panes) > 1 else ""
        for key, words in (("model", "Model"), ("provider", "Provider"), ("system_prompt", "System prompt")):
            yield pane.get(key, ""), f"{words}{of}", None
        for name, value in pane.get("settings", {}).items():
            yield BY_NAME[name].show(value), f"{BY_NAME[name].label}{of}", None
        for node, source in zip(pane["messages"], sources, strict=True):
            where = f"{node['role'].capitalize()} message{of}"
            yield from ((text, where, source.pk) for text in texts_in(node))


def texts_in(node: Mapping[str, object]) -> Iterator[str]:
    """All texts of a message, but for pictures: those are data."""
    for key, value in node.items():
        if key in ("role", "parent", "alternatives"):
            continue
        if isinstance(value, str):
            yield value
        for each in value if isinstance(value, list) else ():
            if isinstance(each, str):
                yield each
            elif isinstance(each, Mapping) and each.get("type") != "image":
                yield from (text for text in each.values() if isinstance(text, str))
