"""LibreChat's export of a conversation: `messages` in a row with their parents' ids, or a tree of `children`. PURE."""

from typing import Any

from .blocks import Turn
from .cleaning import moment, words
from .pieces import Notices, name_calls, name_of, objects, settings_of, strings, table, text_of
from .talk import Said, Talk
from .trees import Node, arranged

NAME = "librechat"
LABEL = "LibreChat"

NO_PARENT = "00000000-0000-0000-0000-000000000000"
# Of the options of a conversation: those that mean the same here, by our name.
SETTINGS = {
    "temperature": "temperature", "top_p": "top_p", "topP": "top_p", "topK": "top_k", "top_k": "top_k",
    "presence_penalty": "presence_penalty", "frequency_penalty": "frequency_penalty", "stop": "stop", "seed": "seed",
    "max_tokens": "max_tokens", "maxOutputTokens": "max_tokens", "reasoning_effort": "reasoning_effort",
}  # fmt: skip
# Those that say nothing to any other program.
OWN = {
    "endpoint", "endpointType", "model", "presetId", "conversationId", "title", "user", "messages", "createdAt",
    "updatedAt", "_id", "__v", "promptPrefix", "system", "instructions", "modelLabel", "chatGptLabel", "iconURL",
    "greeting", "spec", "order", "defaultPreset", "expiredAt", "isArchived", "tags", "agent_id", "assistant_id",
    "resendFiles", "imageDetail", "promptCache", "thinking", "thinkingBudget", "files",
}  # fmt: skip


def fits(value: Any) -> bool:
    if not isinstance(value, dict) or "conversationId" not in value:
        return False
    return isinstance(value.get("messages"), list) or isinstance(value.get("messagesTree"), list)


def read(value: dict[str, Any]) -> Talk:
    notices: Notices = []
    options = table(value.get("options"))
    written = value["messages"] if isinstance(value.get("messages"), list) else value["messagesTree"]
    nodes = [Node(key, parent, messages_of(each, notices)) for key, parent, each in flattened(written)]
    messages, tip = arranged(nodes, nodes[-1].key if nodes else None, notices)
    name_calls(messages)
    return Talk(
        title=words(value.get("title")),
        system_prompt=first_of(options, "promptPrefix", "system", "instructions"),
        provider=words(value.get("endpoint")) or words(options.get("endpoint")),
        model=words(options.get("model")) or words(value.get("model")) or last_model(messages),
        settings=settings_from(options, notices),
        messages=messages,
        tip=tip,
        archived=value.get("isArchived") is True,
        tags=strings(value.get("tags")),
        created_at=moment(value.get("createdAt")),
        active_at=moment(value.get("updatedAt")),
        notices=notices,
    )


def flattened(written: list[Any]) -> list[tuple[str, str | None, dict[str, Any]]]:
    """Key, parent and message of each, whichever way it is told. Children of a tree need not name their parent."""
    found: list[tuple[str, str | None, dict[str, Any]]] = []
    waiting: list[tuple[Any, str | None]] = [(each, None) for each in reversed(objects(written))]
    # Without any parent at all they stand in a row.
    flat = not any(
        words(each.get("parentMessageId")) or objects(each.get("children")) for each in objects(written)
    )
    while waiting:
        message, above = waiting.pop()
        key = words(message.get("messageId")) or f"\n{len(found)}"
        parent: str | None = words(message.get("parentMessageId")) or None
        if flat and found:
            above = found[-1][0]
        parent = above if above is not None else parent
        found.append((key, None if parent == NO_PARENT else parent, message))
        waiting.extend((child, key) for child in reversed(objects(message.get("children"))))
    return found


def messages_of(message: dict[str, Any], notices: Notices) -> list[Said]:
    mine = message.get("isCreatedByUser")
    role = (
        "user" if mine is True or (mine is None and words(message.get("sender")) == "User") else "assistant"
    )
    facts = facts_of(message) if role == "assistant" else None
    turn = Turn(role, moment(message.get("createdAt")), facts)
    blocks = objects(message.get("content"))
    for block in blocks:
        take(turn, block, notices)
    if not blocks:
        turn.say(words(message.get("text")))
    for file in [*objects(message.get("files")), *objects(message.get("attachments"))]:
        notices.append(f"An attached file was left out: {name_of(file.get('filename'))}.")
    if message.get("error") is True:
        notices.append("An answer had failed: the text of the error stands as the answer.")
    if message.get("feedback"):
        notices.append("A rating of an answer was left out.")
    if turn.messages and message.get("unfinished") is True:
        turn.messages[-1].finish_reason = "stopped"
    return turn.messages


def take(turn: Turn, block: dict[str, Any], notices: Notices) -> None:
    kind = words(block.get("type"))
    if kind == "text":
        text = block.get("text")
        turn.say(words(table(text).get("value")) or words(text))
    elif kind == "think":
        thought = block.get("think")
        turn.think(words(table(thought).get("value")) or words(thought))
    elif kind == "tool_call":
        made = table(block.get("tool_call"))
        id = words(made.get("id"))
        turn.call(id, words(made.get("name")), made.get("args"))
        if "output" in made:
            turn.result(id or "call-0", text_of(made["output"]))
    elif kind == "error":
        turn.say(words(block.get("error")))
        notices.append("An answer had failed: the text of the error stands as the answer.")
    else:
        notices.append(f"A part of the kind “{name_of(kind)}” was left out.")


def facts_of(message: dict[str, Any]) -> dict[str, Any] | None:
    count = message.get("tokenCount")
    usage = {"completion_tokens": count} if type(count) is int else {}
    return settings_of({"model": words(message.get("model")), "usage": usage}) or None


def settings_from(options: dict[str, Any], notices: Notices) -> dict[str, Any]:
    given = settings_of(options)
    for name in sorted(set(given) - set(SETTINGS) - OWN):
        notices.append(f"The setting {name_of(name)} is not known here and was left out.")
    return {SETTINGS[name]: value for name, value in given.items() if name in SETTINGS}


def first_of(options: dict[str, Any], *names: str) -> str:
    return next((found for name in names if (found := words(options.get(name)))), "")


def last_model(messages: list[Said]) -> str:
    return next(
        (said.facts["model"] for said in reversed(messages) if said.facts and "model" in said.facts), ""
    )
