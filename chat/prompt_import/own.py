"""Our own form: a prompt with all its versions. docs/prompts.md describes it."""

import json
from collections.abc import Mapping
from typing import Any

from chat.completions.characters import clean, clean_json
from chat.placeholders import TYPES, Variable, variables_in

from .imported import Imported, ImportedVersion, Unreadable

FORMAT = "playground-prompt"
NUMBER = 1
KINDS = ("system", "user")
MOST_VERSIONS = 1000
LONGEST_NAME, LONGEST_NOTE = 120, 300


def write_own(prompt: Imported) -> str:
    """Oldest version first."""
    versions = [
        {
            "text": each.text,
            "note": each.note,
            "variables": [variable.stored() for variable in each.variables],
        }
        for each in prompt.versions
    ]
    written = {
        "format": FORMAT, "version": NUMBER, "name": prompt.name, "kind": prompt.kind, "versions": versions,
    }  # fmt: skip
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def read_own(written: Mapping[str, Any]) -> Imported:
    """Raises Unreadable."""
    if written.get("version") != NUMBER:
        raise Unreadable("This prompt was written by another version of the playground.")
    name, kind, versions = (written.get(key) for key in ("name", "kind", "versions"))
    if not isinstance(name, str) or kind not in KINDS or not isinstance(versions, list) or not versions:
        raise Unreadable('This prompt is not whole: "name", "kind" or "versions" is missing.')
    if len(versions) > MOST_VERSIONS:
        raise Unreadable(f"This prompt has more than {MOST_VERSIONS:,} versions.")
    known = ("format", "version", "name", "kind", "versions")
    return Imported(
        str(kind),
        [_version(each) for each in versions],
        name=clean(name).strip()[:LONGEST_NAME],
        left_out=[clean(str(key))[:40] for key in written if key not in known],
    )


def _version(written: object) -> ImportedVersion:
    if not isinstance(written, dict) or not isinstance(written.get("text"), str):
        raise Unreadable("A version of this prompt has no text.")
    text, note, described = clean(written["text"]), written.get("note", ""), written.get("variables", [])
    if not isinstance(note, str) or not isinstance(described, list):
        raise Unreadable("A version of this prompt has a note or variables that cannot be read.")
    variables = variables_in(text, [_variable(each) for each in described])
    return ImportedVersion(text, variables, clean(note)[:LONGEST_NOTE])


def _variable(written: object) -> Variable:
    """Raises Unreadable."""
    trouble = Unreadable("A variable of this prompt cannot be read.")
    if not isinstance(written, dict) or not isinstance(written.get("name"), str):
        raise trouble
    choices = clean_json(written.get("choices", []))
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        raise trouble
    type, default, required = (
        written.get(key, usual) for key, usual in (("type", "text"), ("default", ""), ("required", True))
    )
    if type not in list(TYPES) or not isinstance(default, str) or not isinstance(required, bool):
        raise trouble
    variable = Variable(written["name"], type, clean(default), required, tuple(map(str, choices)))
    if variable.fault():
        raise trouble
    return variable
