"""What of a conversation that somebody else wrote may stand in our tables. PURE."""

import json
from collections.abc import Callable
from typing import Any

from chat.sampling import BY_NAME, Parameter, contradiction

Notice = Callable[[str], None]

# Where the content of each kind of part is, and the key that holds it.
HELD_BY = {
    "image_url": ("image_url", "url"),
    "video_url": ("video_url", "url"),
    "file": ("file", "file_data"),
    "input_audio": ("input_audio", "data"),
}
NAMES = {"image_url": "An image", "video_url": "A video", "file": "A file", "input_audio": "A recording"}


def fitting_settings(settings: dict[str, Any], notice: Notice) -> dict[str, Any]:
    """Those that the list of request parameters knows, with values that it allows."""
    kept: dict[str, Any] = {}
    for name, value in settings.items():
        parameter = BY_NAME.get(name)
        if parameter is None:
            notice(f"The setting {name[:60]} is not known here and was left out.")
        elif allows(parameter, value):
            kept[name] = value
        else:
            notice(f"The setting {parameter.label} had a value that is not allowed, and was left out.")
    while odd := contradiction(kept):
        # A schema that is missing makes the format impossible that asks for it.
        kept.pop(odd[0] if odd[0] in kept else "response_format")
        notice(f"A setting was left out: {odd[1]}")
    return kept


def allows(parameter: Parameter, value: Any) -> bool:
    if parameter.kind in ("number", "integer"):
        kinds = (int,) if parameter.kind == "integer" else (int, float)
        return type(value) in kinds and parameter.holds(value)
    try:
        # What is shown of a bias is rounded.
        typed = json.dumps(value) if parameter.kind == "bias" else parameter.show(value)
        return bool(parameter.parse(typed) == value)
    except (ValueError, TypeError):
        return False


def fitting_parts(parts: Any, notice: Notice) -> list[dict[str, Any]]:
    """Text, and media that are there themselves: an address is never fetched, and an id is of no file of ours."""
    kept = []
    for part in parts if isinstance(parts, list) else []:
        kind = part.get("type") if isinstance(part, dict) else None
        says = kind in ("text", "refusal") and isinstance(part.get(kind), str)
        if says or (kind == "annotation" and "annotation" in part):
            kept.append(part)
        elif kind in HELD_BY:
            inner, key = HELD_BY[kind]
            held = part.get(inner)
            content = held.get(key) if isinstance(held, dict) else None
            inline = isinstance(content, str) and (kind == "input_audio" or content.startswith("data:"))
            if inline and "file_id" not in held:
                kept.append(part)
            else:
                notice(f"{NAMES[kind]} that the file only refers to was left out.")
        else:
            notice("A part of a message of an unknown kind was left out.")
    return kept


def fitting_calls(calls: Any, notice: Notice) -> list[dict[str, Any]]:
    """Calls of functions, with a name and their arguments as text."""
    kept = []
    for call in calls if isinstance(calls, list) else []:
        function = call.get("function") if isinstance(call, dict) else None
        strings = isinstance(function, dict) and all(
            isinstance(function.get(key), str) for key in ("name", "arguments")
        )
        if strings and isinstance(call.get("id", ""), str):
            kept.append(call)
        else:
            notice("A tool call without a name or arguments was left out.")
    return kept
