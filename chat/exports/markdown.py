"""Markdown: roles as headings, and nothing in a message that swallows what follows it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from chat.exports.selection import Selection
from chat.exports.shown import Told, Turn, instructions_of, told, turns_of

# A fence begins a line, after at most three blanks; after a blank of the margin of a list it may stand deeper.
FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})(.*)$")
# What begins a block of HTML that goes on over empty lines, until a certain end that may never come.
OPENING = re.compile(r"^([ \t]*)<(?=!|\?|(?:script|pre|style|textarea)\b)", re.IGNORECASE)
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!$])")
TICKS = re.compile("`+")


def write(selection: Selection) -> Iterator[str]:
    between = ""
    for each in told(selection):
        yield between
        between = "\n---\n\n"
        if each.pane == 1:
            yield f"# {in_line(each.group)}\n\n"
        yield from conversation_text(each)


def conversation_text(each: Told) -> Iterator[str]:
    level = "##" if each.pane else "#"
    yield f"{level} {in_line(each.title)}\n"
    instructions = instructions_of(each.conversation)
    if instructions.strip():
        yield f"\n{level}# System\n\n{closed(instructions)}\n"
    for turn in turns_of(each.conversation):
        yield turn_text(turn, f"{level}#")


def turn_text(turn: Turn, level: str) -> str:
    about = [code(turn.model)] if turn.model else []
    about += ["*not sent*"] if turn.muted else []
    pieces = [f"\n{level} {turn.role.capitalize()}{''.join(f' · {each}' for each in about)}"]
    if turn.reasoning:
        pieces.append(f"Reasoning:\n\n{fenced(turn.reasoning, 'text')}")
    # What a tool gave back is data.
    pieces += (part_text(part, raw=turn.role == "tool") for part in turn.parts)
    for call in turn.calls:
        function = call.get("function") or {}
        called = fenced(str(function.get("arguments", "")), "json")
        pieces.append(f"Called {code(str(function.get('name', '')))}:\n\n{called}")
    return "\n\n".join(piece for piece in pieces if piece.strip()) + "\n"


def part_text(part: dict[str, Any], *, raw: bool) -> str:
    kind = part.get("type")
    if kind == "text":
        return fenced(part["text"], "text") if raw else closed(part["text"])
    if kind == "refusal":
        return f"Refused: {in_line(str(part.get('refusal', '')))}"
    if kind == "image_url":
        url = str((part.get("image_url") or {}).get("url", ""))
        # No image of elsewhere is loaded by who opens the file.
        return (
            f"![Image](<{url}>)" if re.fullmatch(r"data:image/[\w.+-]+;base64,[\w+/=]*", url) else code(url)
        )
    return "" if kind == "annotation" else fenced(json.dumps(part, ensure_ascii=False), "json")


def closed(text: str) -> str:
    """The words as they are, but that what they open ends with them: a code fence, a block of HTML."""
    lines, fence = [], ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        found = FENCE.match(line)
        if fence:
            ends = found and found[1].startswith(fence) and not found[2].strip()
            fence = "" if ends else fence
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
        else:
            line = OPENING.sub(r"\1\\<", line)
        lines.append(line)
    return "\n".join([*lines, fence] if fence else lines)


def fenced(text: str, language: str) -> str:
    """In a fence that is longer than any inside."""
    longest = max((len(ticks) for ticks in TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def code(text: str) -> str:
    """In one line, as it is."""
    text = " ".join(text.split())
    fence = "`" * (max((len(ticks) for ticks in TICKS.findall(text)), default=0) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def in_line(text: str) -> str:
    """Plain words, whatever they look like."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
