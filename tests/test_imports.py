"""Imports point one way: docs/architecture.md, "The rooms". And colours stand in one file."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What is PURE knows no Django, no tables and no room that does.
PURE = {
    "chat.completions": {"chat.sampling", "aiohttp", "httpx", "httpx_aiohttp", "httpx_sse", "orjson"},
    "chat.demo": {"PIL", "httpx", "orjson"},
    "chat.sampling": set(),
    "chat.sealing": {"cryptography"},
    "chat.snippets": set(),
    "chat.titles": set(),
    "chat.refusals": set(),
    "chat.lock": set(),
    "chat.costs": set(),
    "chat.estimates": {"chat.costs"},
    "chat.repeats": {"jsonschema", "referencing"},
    "chat.placeholders": {"chat.refusals"},
    "chat.prompt_import": {"chat.completions", "chat.placeholders"},
    "chat.ratings": set(),
    "chat.diff": set(),
    "chat.query": set(),
    "chat.timeline": {"orjson"},
    "chat.scan": set(),
    "chat.pictures": set(),
}
PURE_ROOMS = set(PURE)

# Every other room of chat, and the rooms that it may know.
ROOMS = {
    "chat.apps": {"chat.search"},
    "chat.context": set(),
    "chat.models": {"chat.placeholders", "chat.refusals", "chat.sampling", "chat.sealing"},
    "chat.endpoints": {"chat.completions", "chat.models", "chat.sealing"},
    "chat.budgets": {"chat.costs", "chat.estimates", "chat.models", "chat.refusals"},
    "chat.generation": {
        "chat.budgets", "chat.completions", "chat.costs", "chat.demo", "chat.endpoints", "chat.estimates",
        "chat.models", "chat.refusals",
    },
    "chat.usage": {"chat.models"},
    "chat.tally": {"chat.budgets", "chat.catalogue", "chat.estimates", "chat.models", "chat.transcript"},
    "chat.access": {"chat.models", "chat.refusals"},
    "chat.catalogue": {"chat.models", "chat.completions", "chat.endpoints"},
    "chat.facts": {"chat.costs", "chat.models"},
    "chat.transcript": {"chat.completions", "chat.models"},
    "chat.replies": {
        "chat.access", "chat.forms", "chat.models", "chat.refusals", "chat.transcript", "chat.who",
    },
    "chat.code": {"chat.completions", "chat.models", "chat.refusals", "chat.seeding", "chat.snippets"},
    "chat.inspector": {"chat.completions", "chat.costs", "chat.facts", "chat.models", "chat.snippets", "chat.timeline"},
    "chat.panel": {"chat.catalogue", "chat.completions", "chat.models", "chat.sampling"},
    "chat.picker": {"chat.access", "chat.models"},
    "chat.switching": {"chat.models", "chat.panel", "chat.sampling", "chat.transcript"},
    "chat.since": {
        "chat.catalogue", "chat.completions", "chat.generation", "chat.models", "chat.refusals", "chat.sampling",
        "chat.transcript",
    },
    "chat.trees": {"chat.models", "chat.sampling", "chat.since"},
    "chat.history": {"chat.access", "chat.forms", "chat.models"},
    "chat.new_chats": {"chat.access", "chat.models"},
    "chat.search": {"chat.access", "chat.models", "chat.query"},
    "chat.imports": {"chat.models", "chat.sampling", "chat.prompt_import"},
    "chat.exports": {
        "chat.access", "chat.completions", "chat.forms", "chat.models", "chat.pictures", "chat.placeholders",
    },
    "chat.transfers": {"chat.forms", "chat.imports", "chat.models", "chat.refusals"},
    "chat.differences": {"chat.access", "chat.comparisons", "chat.diff", "chat.models", "chat.refusals"},
    "chat.leaderboard": {"chat.access", "chat.models", "chat.ratings"},
    "chat.comparisons": {
        "chat.access", "chat.costs", "chat.estimates", "chat.facts", "chat.forms", "chat.generation", "chat.models",
        "chat.new_chats", "chat.refusals", "chat.sampling", "chat.sending", "chat.titles",
    },
    "chat.experiments": {
        "chat.access", "chat.catalogue", "chat.comparisons", "chat.costs", "chat.facts", "chat.forms",
        "chat.generation", "chat.models", "chat.panel", "chat.refusals", "chat.repeats", "chat.sampling",
    },
    "chat.temporary": {"chat.forms", "chat.models", "chat.titles"},
    "chat.sharing": {
        "chat.access", "chat.comparisons", "chat.completions", "chat.facts", "chat.models", "chat.pictures",
        "chat.placeholders", "chat.refusals", "chat.sampling", "chat.scan", "chat.snippets", "chat.titles",
    },
    "chat.sending": {"chat.forms", "chat.generation", "chat.models", "chat.titles"},
    "chat.commands": {"chat.generation", "chat.models"},
    "chat.forms": {
        "chat.access", "chat.completions", "chat.models", "chat.placeholders", "chat.refusals", "chat.sampling",
    },
    "chat.templatetags": {
        "chat.comparisons", "chat.costs", "chat.facts", "chat.models", "chat.pictures", "chat.placeholders",
        "chat.sampling", "chat.transcript",
    },
    "chat.who": set(),
    "chat.middleware": {"chat.generation", "chat.models", "chat.refusals", "chat.who"},
    "chat.consumers": {"chat.access", "chat.generation", "chat.who"},
    "chat.seeding": {"chat.catalogue", "chat.completions", "chat.demo", "chat.models"},
    "chat.housekeeping": {
        "chat.catalogue", "chat.generation", "chat.lock", "chat.models", "chat.search", "chat.seeding",
        "chat.transfers",
    },
    "chat.views": {
        "chat.access", "chat.budgets", "chat.catalogue", "chat.code", "chat.commands", "chat.comparisons",
        "chat.completions", "chat.diff", "chat.differences", "chat.experiments", "chat.exports", "chat.forms",
        "chat.generation", "chat.history", "chat.imports", "chat.inspector", "chat.leaderboard", "chat.models",
        "chat.new_chats", "chat.panel", "chat.picker", "chat.pictures", "chat.placeholders",
        "chat.prompt_import", "chat.query", "chat.refusals", "chat.replies",
        "chat.sampling", "chat.search", "chat.seeding", "chat.sending", "chat.sharing", "chat.since",
        "chat.snippets", "chat.switching", "chat.tally", "chat.temporary", "chat.titles", "chat.transcript",
        "chat.transfers", "chat.trees", "chat.usage", "chat.who",
    },
    "chat.urls": {"chat.views"},
    "chat.management": {
        "chat.demo", "chat.lock", "playground.asgi", "playground.bodies", "playground.collected", "playground.pacing",
    },
}  # fmt: skip

# The wiring may know these and no other room of chat.
WIRING = {"playground.asgi": {"chat.consumers", "chat.housekeeping", "chat.who"}}


def sources(room: str) -> list[Path]:
    path = ROOT.joinpath(*room.split("."))
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def module_of(path: Path) -> list[str]:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports_of(path: Path) -> Iterator[str]:
    """Every module that this one names in an import, wherever the import stands."""
    package = module_of(path) if path.stem == "__init__" else module_of(path)[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*base, node.module] if node.module else base)
            yield from (f"{whole}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str:
    depth = 2 if module.split(".")[0] in ("chat", "playground") else 1
    return ".".join(module.split(".")[:depth])


def known_to(room: str) -> set[str]:
    """The rooms and packages that this room imports, without the standard library and itself."""
    found = {room_of(module) for path in sources(room) for module in imports_of(path)}
    return {other for other in found if other.split(".")[0] not in sys.stdlib_module_names} - {room}


def rooms_on_disk() -> set[str]:
    chat = ROOT / "chat"
    folders = {path.parent.name for path in chat.glob("*/*.py")} - {"migrations"}
    return {f"chat.{name}" for name in folders | {path.stem for path in chat.glob("*.py")} - {"__init__"}}


def test_every_room_has_a_rule() -> None:
    assert rooms_on_disk() == PURE_ROOMS | set(ROOMS)


def test_the_map_of_the_docs_has_every_room_that_is_there_and_no_other() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text()
    rooms = told[told.index("## The rooms") : told.index("`tests/` mirrors this")]
    # A room stands in the first cell of its row.
    cells = " ".join(row.split(" | ")[0] for row in rooms.splitlines() if row.startswith("| `chat/"))
    named = re.findall(r"`(?:chat/)?(\w+)(?:/|\.py)`", cells)
    assert sorted(named) == sorted(room.removeprefix("chat.") for room in rooms_on_disk())


@pytest.mark.parametrize("room", sorted(PURE))
def test_a_pure_room_knows_no_django_and_no_tables(room: str) -> None:
    assert known_to(room) <= PURE[room]


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_knows_only_the_rooms_that_it_may(room: str) -> None:
    ours = {other for other in known_to(room) if other.startswith(("chat.", "playground."))}
    assert ours <= ROOMS[room]


@pytest.mark.parametrize("path", sorted((ROOT / "playground").glob("*.py")), ids=lambda path: path.stem)
def test_the_wiring_knows_no_domain(path: Path) -> None:
    known = {room_of(module) for module in imports_of(path) if module.startswith("chat.")}
    assert known <= WIRING.get(f"playground.{path.stem}", set())


def test_views_never_import_each_other() -> None:
    for path in sources("chat.views"):
        assert not [module for module in imports_of(path) if module.startswith("chat.views")]


def test_only_generations_open_a_stream() -> None:
    openers = {
        room_of(".".join(module_of(path)))
        for path in (ROOT / "chat").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "stream" and "client" in ast.unparse(node.value)
    }
    assert openers <= {"chat.generation", "chat.completions"}


def test_the_socket_knows_only_the_reading_half_of_generations() -> None:
    reading = {"Cursor", "engine", "engine.group_of", "follow.follow", "follow.topic_of"}
    [consumers] = sources("chat.consumers")
    prefix = "chat.generation."
    known = {name.removeprefix(prefix) for name in imports_of(consumers) if name.startswith(prefix)}
    assert known <= reading


# The browser's side

JS = ROOT / "static" / "js"
IMPORTED = re.compile(
    r"""(?:^import\b[^"';]*|\bimport\(\s*|^export\b[^"';]*\bfrom\s*)["']([^"']+)["']""", re.M
)


def imported_by(path: Path) -> set[str]:
    return set(IMPORTED.findall(path.read_text()))


@pytest.mark.parametrize("path", sorted((JS / "behaviors").glob("*.js")), ids=lambda path: path.stem)
def test_a_behaviour_imports_only_the_library_and_vendored_code(path: Path) -> None:
    assert all(name.startswith(("lib/", "vendor/")) for name in imported_by(path))


@pytest.mark.parametrize("path", sorted((JS / "lib").glob("*.js")), ids=lambda path: path.stem)
def test_the_library_knows_no_behaviour(path: Path) -> None:
    assert all(name.startswith(("lib/", "vendor/")) for name in imported_by(path))


def test_what_a_module_imports_is_there() -> None:
    for path in JS.rglob("*.js"):
        for name in imported_by(path):
            assert name.startswith("vendor/") or (JS / f"{name}.js").exists(), f"{path.name}: {name}"


def test_the_library_imports_in_no_circle() -> None:
    graph = {f"lib/{path.stem}": imported_by(path) for path in (JS / "lib").glob("*.js")}
    while graph:
        leaves = {name for name, needs in graph.items() if not needs & set(graph)}
        assert leaves, f"a circle among {sorted(graph)}"
        graph = {name: needs for name, needs in graph.items() if name not in leaves}


# A hex number, a colour function, or a name that a browser draws.
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|light-dark)a?\("
    r"|:[^;{]*\b(?:white|black|red|green|blue|gray|grey|silver|orange|yellow|purple)\b(?!-)",
    re.I,
)


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.stem)
def test_only_the_tokens_hold_colours(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/|var\([^)]*\)|url\([^)]*\)", "", path.read_text(), flags=re.S)
    assert bool(COLOUR.search(text)) == (path.name == "tokens.css")
