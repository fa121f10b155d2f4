"""Tool calls with arguments that are valid for the schema of each tool."""

import re
from collections.abc import Iterator, Sequence
from uuid import uuid4

import orjson

from chat.demo.request import ChatRequest, Tool
from chat.demo.showcase.instances import instance_of
from chat.demo.showcase.script import Call
from chat.demo.showcase.subjects import subjects

MOST_CALLS = 4


def calls(request: ChatRequest, question: str) -> Iterator[Call]:
    """One call, or several in parallel where the client allows it and the question gives reason."""
    most = MOST_CALLS if request.parallel_tool_calls else 1
    chosen = chosen_tools(request, question)[:most]
    if len(chosen) == 1:
        names = subjects(question)[:most] or [""]
        yield from unique_calls(chosen[0], names, question)
    else:
        for tool in chosen:
            yield make_call(tool, question)


def chosen_tools(request: ChatRequest, question: str) -> Sequence[Tool]:
    if request.tool_choice.startswith("="):
        return [tool for tool in request.tools if tool.name == request.tool_choice[1:]][:1]
    return [tool for tool in request.tools if is_named(tool, question)] or request.tools[:1]


def is_named(tool: Tool, question: str) -> bool:
    """Whether a longer word of the tool's name stands in the question: `get_weather` in "the weather"."""
    words = re.findall(r"[a-z]{4,}", tool.name.lower())
    return any(word in question.lower() for word in words)


def unique_calls(tool: Tool, names: Sequence[str], question: str) -> Iterator[Call]:
    """A call for each thing that the question names, unless the tool cannot tell them apart."""
    seen = set()
    for name in names:
        call = make_call(tool, name or question)
        if call.text not in seen:
            seen.add(call.text)
            yield call


def make_call(tool: Tool, text: str) -> Call:
    schema = {"type": "object", **tool.parameters}
    arguments = instance_of(schema, text, f"tools.{tool.name}.parameters")
    return Call(orjson.dumps(arguments).decode(), f"call_{uuid4().hex[:24]}", tool.name)
