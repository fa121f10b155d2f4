"""Which script a request gets: tool calls, JSON, a look at images, a report of tool results, or the tour."""

from collections.abc import Sequence
from dataclasses import fields

import orjson

from chat.demo.errors import ApiError, unsupported
from chat.demo.fields import Fields
from chat.demo.messages import Message
from chat.demo.request import ChatRequest, Sampling
from chat.demo.showcase.images import describe
from chat.demo.showcase.instances import instance_of
from chat.demo.showcase.script import Content, Part, Reasoning
from chat.demo.showcase.tools import calls
from chat.demo.showcase.tour import SCRIPT_NOTICE, tour

MOST_IMAGES = 8


def direct(request: ChatRequest) -> list[Part]:
    question = last_text(request.messages)
    kind, parts = choose(request, question)
    if not request.reasoning:
        return parts
    return [Reasoning(thoughts(kind)), *parts]


def choose(request: ChatRequest, question: str) -> tuple[str, list[Part]]:
    """What is shown, in words, and the parts that show it."""
    last = request.messages[-1]
    if request.tools and request.tool_choice != "none" and last.role != "tool":
        return "a tool call made from the schema of a tool", list(calls(request, question))
    if (text := json_answer(request, question)) is not None:
        return "JSON made from the wanted format", [Content(text)]
    if last.role == "tool":
        return "what the tools answered", [Content(report(request.messages))]
    if last.images:
        return "what a program can tell about an image", [Content(look_at(last.images))]
    return "a tour of what the page can render", [
        Content(tour(question) + no_effect(request.wishes.sampling))
    ]


def last_text(messages: Sequence[Message]) -> str:
    return next((message.text for message in reversed(messages) if message.role == "user"), "")


def thoughts(kind: str) -> str:
    return (
        "This is a script, not a model: nothing is thought here. These lines show where reasoning stands.\n\n"
        f"The request was looked at by a few plain rules. They chose {kind}."
    )


def json_answer(request: ChatRequest, question: str) -> str | None:
    """None where text is wanted."""
    wanted = Fields(request.response_format or {"type": "text"}, "response_format")
    kind = wanted.required_text("type")
    if kind == "text":
        return None
    if kind == "json_schema":
        return dump(instance_of(schema_of(wanted), question, "response_format"))
    if kind == "json_object":
        return dump({"notice": SCRIPT_NOTICE, "question": question, "words": len(question.split())})
    if kind == "regex":
        raise unsupported("response_format", "a response format of type regex")
    raise wanted.wrong("type", "must be text, json_object or json_schema")


def schema_of(wanted: Fields) -> dict[str, object]:
    """The schema from the nested form of OpenAI, or from the flat one."""
    holder = wanted.object("json_schema") or wanted
    if holder.object("schema") is None:
        raise holder.wrong("schema", "is required")
    schema: dict[str, object] = holder.raw("schema")
    return schema


def dump(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def report(messages: Sequence[Message]) -> str:
    results: list[str] = []
    for message in reversed(messages):
        if message.role != "tool":
            break
        results.insert(0, f"`{message.answers}` answered:\n\n{quoted(message.text)}")
    return "\n\n".join([SCRIPT_NOTICE, "The tools have answered. Word for word:", *results])


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in (text.splitlines() or [""]))


def look_at(images: Sequence[str]) -> str:
    if len(images) > MOST_IMAGES:
        raise ApiError(f"A message may hold {MOST_IMAGES} images, not {len(images)}.", param="messages")
    return "\n\n".join([SCRIPT_NOTICE, *(describe(address) for address in images)])


def no_effect(sampling: Sampling) -> str:
    """The truth about controls that a client set."""
    usual = Sampling()
    given = [f.name for f in fields(Sampling) if getattr(sampling, f.name) != getattr(usual, f.name)]
    if not given:
        return ""
    named = ", ".join(f"`{name}`" for name in given)
    return f"\n\nThe request set {named}. Nothing is drawn at random here, so that has no effect on a script."
