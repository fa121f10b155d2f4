"""Whether answers are JSON, and whether they fit the schema that their request asks for. PURE.

A schema is written by anybody, and some schemas never come to an end: a pattern that tries every way to cut a text, or
parts that name one another a thousand million times. Python cannot interrupt a pattern, and a thread that is stuck in
one holds up all the others. So schemas are applied in a process of its own, which is ended when its time is over; it
knows no secret, fetches nothing that a schema refers to, and says of each answer what it found as soon as it knows.
What it said is remembered, so that a page that asks every other second starts it only for what is new.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from threading import Lock
from typing import Any, Literal

from jsonschema.exceptions import SchemaError
from jsonschema.validators import Draft202012Validator, validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

Verdict = tuple[Literal["fits", "fails", "unknown"], str]

SECONDS = 3
MOST_BYTES_OF_MEMORY = 1 << 30
LONGEST_WORDS = 200
MOST_REMEMBERED = 5_000
TOO_LONG: Verdict = ("unknown", f"It could not be checked within {SECONDS} seconds.")
GAVE_UP: Verdict = ("unknown", "The schema could not be applied to it.")

_remembered: dict[bytes, Verdict] = {}
_lock = Lock()


def wants_json(request: Mapping[str, Any]) -> bool:
    asked = request.get("response_format")
    return isinstance(asked, Mapping) and asked.get("type") in ("json_object", "json_schema")


def schema_in(request: Mapping[str, Any]) -> Any:
    """None if there is none. Together's older form has it beside the type, all others in an object of its own."""
    asked = request.get("response_format")
    if not isinstance(asked, Mapping):
        return None
    nested = asked.get("json_schema")
    return nested.get("schema") if isinstance(nested, Mapping) else asked.get("schema")


def is_json(text: str) -> bool:
    try:
        parsed(text)
    except (ValueError, RecursionError):
        return False
    return True


def parsed(text: str) -> Any:
    """By the standard, which has no NaN. Raises ValueError, RecursionError."""
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def verdicts(schema: Any, texts: Sequence[str]) -> list[Verdict]:
    """What there is to say of each of these texts, in their order."""
    written = json.dumps(schema)
    keys = [sha256(f"{written}\0{text}".encode(errors="surrogatepass")).digest() for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in _remembered}
    found = dict(zip(new, _apart(schema, list(new.values())) if new else (), strict=True))
    told = [found.get(key) or _remembered.get(key, TOO_LONG) for key in keys]
    with _lock:
        _remembered.update(found)
        for key in list(_remembered)[: max(0, len(_remembered) - MOST_REMEMBERED)]:
            del _remembered[key]
    return told


def _apart(schema: Any, texts: list[str]) -> list[Verdict]:
    """In a process that sees nothing of this one, and has its time."""
    command = [sys.executable, "-I", __file__]
    task = json.dumps({"schema": schema, "texts": texts}).encode()
    said, why = b"", GAVE_UP
    try:
        said = subprocess.run(command, input=task, capture_output=True, timeout=SECONDS, env={}).stdout  # noqa: S603
    except subprocess.TimeoutExpired as late:
        said, why = late.stdout or b"", TOO_LONG
    # A line that has no end was never finished.
    told = [_verdict(line) for line in said.split(b"\n")[:-1]]
    return told + [why] * (len(texts) - len(told))


def _verdict(line: bytes) -> Verdict:
    kind, words = json.loads(line)
    return kind, words


# In the process apart


def judge(schema: Any, texts: Sequence[str]) -> Iterator[Verdict]:
    try:
        kind = validator_for(schema, default=Draft202012Validator)
        kind.check_schema(schema)
        # With nothing in it that a `$ref` to elsewhere could find, and no way to look for it.
        validator = kind(schema, registry=Registry())
    except SchemaError as error:
        for _ in texts:
            yield "unknown", short(f"The schema is not valid: {error.message}")
        return
    for text in texts:
        yield verdict(validator, text)


def verdict(validator: Any, text: str) -> Verdict:
    try:
        error = next(validator.iter_errors(parsed(text)), None)
    except Unresolvable as unresolved:
        return "unknown", short(
            f"The schema refers to {unresolved.ref}, which is not in it. Nothing is fetched."
        )
    except ValueError:
        return "fails", "It is no JSON."
    except RecursionError:
        return "unknown", "The schema, or the answer, goes too deep."
    return ("fails", short(f"{error.json_path}: {error.message}")) if error else ("fits", "")


def short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"


def keep_within_bounds() -> None:
    """Also if the server that started this is gone."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such bounds.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 1, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES_OF_MEMORY, MOST_BYTES_OF_MEMORY))


def main() -> None:
    keep_within_bounds()
    task = json.load(sys.stdin)
    for each in judge(task["schema"], task["texts"]):
        sys.stdout.write(json.dumps(each) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
