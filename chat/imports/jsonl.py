"""OpenAI's `messages`: requests, lines of a fine-tuning file or of a batch. PURE."""

from typing import Any

from chat.sampling import BY_NAME

from .cleaning import words
from .pieces import (
    Notices,
    call,
    in_a_row,
    name_calls,
    name_of,
    objects,
    settings_of,
    table,
    take_system_prompt,
    text_part,
)
from .talk import Said, Talk

NAME = "openai-jsonl"
LABEL = "OpenAI JSONL"

ROLES = {
    "user": "user", "assistant": "assistant", "system": "system", "developer": "system", "tool": "tool",
    "function": "tool",
}  # fmt: skip
TEXTS = ("text", "input_text", "output_text")
# What has a place of its own here.
PLACED = {"messages", "model", "title", "stream", "metadata", "id"}
# What a request may hold beside the settings that have fields: it goes into Extra parameters.
EXTRA = ("tools", "parallel_tool_calls")


def fits(value: Any) -> bool:
    turns = body_of(value).get("messages")
    return isinstance(turns, list) and bool(turns) and any("role" in each for each in objects(turns))


def body_of(value: Any) -> dict[str, Any]:
    """A line of a batch holds the request in its `body`."""
    row = table(value)
    return row if "messages" in row else table(row.get("body"))


def read(value: dict[str, Any]) -> Talk:
    notices: Notices = []
    body = body_of(value)
    messages = [said_of(each, notices) for each in objects(body["messages"])]
    if len(messages) < len(body["messages"]):
        notices.append("Something among the messages was none, and was left out.")
    in_a_row(messages)
    talk = Talk(
        title=words(body.get("title")),
        model=words(body.get("model")),
        settings=settings_from(body, notices),
        messages=messages,
        tip=messages[-1].key if messages else None,
        notices=notices,
    )
    take_system_prompt(talk)
    name_calls(talk.messages)
    return talk


def said_of(message: dict[str, Any], notices: Notices) -> Said:
    written = words(message.get("role"))
    if written not in ROLES:
        notices.append(f"A message of the role “{name_of(written)}” stands as one of the user.")
    said = Said("", None, ROLES.get(written, "user"), parts_of(message.get("content"), notices))
    said.reasoning = words(message.get("reasoning_content")) or words(message.get("reasoning"))
    said.tool_call_id = words(message.get("tool_call_id"))
    said.tool_calls = [made_of(each) for each in objects(message.get("tool_calls"))]
    if made := table(message.get("function_call")):
        said.tool_calls.append(call("call-0", words(made.get("name")), words(made.get("arguments"))))
    if refusal := words(message.get("refusal")):
        said.parts.append(text_part(refusal))
        said.finish_reason = "refusal"
    if "weight" in message:
        notices.append("The weight of a message in training was left out.")
    if name := words(message.get("name")):
        notices.append(f"The name of who says a message was left out: {name_of(name)}.")
    if message.get("audio"):
        notices.append("A recording was left out: the file only refers to it.")
    return said


def made_of(made: dict[str, Any]) -> dict[str, Any]:
    function = table(made.get("function"))
    return call(words(made.get("id")), words(function.get("name")), function.get("arguments", ""))


def parts_of(content: Any, notices: Notices) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [text_part(content)] if content else []
    found = []
    for part in objects(content):
        kind = words(part.get("type"))
        if kind in TEXTS:
            found.append(text_part(words(part.get("text"))))
        elif kind == "refusal":
            found.append(text_part(words(part.get("refusal"))))
        else:
            # What may not stay is listed where it is stored.
            found.append(part)
    if content is not None and not isinstance(content, list):
        notices.append("A message had content that is no text and no list of parts.")
    return found


def settings_from(body: dict[str, Any], notices: Notices) -> dict[str, Any]:
    given = settings_of({name: value for name, value in body.items() if name not in PLACED})
    extra = {name: given.pop(name) for name in EXTRA if name in given}
    form = given.pop("response_format", None)
    if isinstance(form, dict):
        given["response_format"] = form.get("type")
        if schema := table(table(form.get("json_schema")).get("schema")):
            given["schema"] = schema
    elif form is not None:
        given["response_format"] = form
    if isinstance(given.get("stop"), str):
        given["stop"] = [given["stop"]]
    for name in sorted(set(given) - set(BY_NAME)):
        notices.append(f"The field {name_of(name)} was left out.")
    kept = {name: value for name, value in given.items() if name in BY_NAME}
    return {**kept, "extra": {**table(kept.get("extra")), **extra}} if extra else kept
