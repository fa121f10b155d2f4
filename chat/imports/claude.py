"""Claude's data export: conversations.json with `chat_messages`. PURE.

A message of newer exports names its parent; older ones stand in a row. An answer is a list of blocks: a call of a tool
and its result stand between its texts, and become messages of their own here.
"""

from typing import Any

from .blocks import Turn
from .cleaning import moment, words
from .pieces import Notices, name_calls, name_of, objects, table, text_of
from .talk import Said, Talk
from .trees import Node, arranged

NAME = "claude"
LABEL = "Claude"

NO_PARENT = ("00000000-0000-4000-8000-000000000000", "00000000-0000-0000-0000-000000000000")
ROLES = {"human": "user", "user": "user", "assistant": "assistant", "system": "system"}
# Of the blocks that tell nothing of what was said.
SILENT = ("token_budget",)


def fits(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("chat_messages"), list)


def read(value: dict[str, Any]) -> Talk:
    notices: Notices = []
    written = objects(value["chat_messages"])
    if len(written) < len(value["chat_messages"]):
        notices.append("Something among the messages was none, and was left out.")
    tree = any(words(each.get("parent_message_uuid")) for each in written)
    nodes, above = [], None
    for number, message in enumerate(written):
        key = words(message.get("uuid")) or str(number)
        parent = parent_of(message) if tree else above
        nodes.append(Node(key, parent, messages_of(message, notices)))
        above = key
    tip = words(value.get("current_leaf_message_uuid")) or above
    messages, tip = arranged(nodes, tip, notices)
    name_calls(messages)
    if summary := words(value.get("summary")):
        notices.append("A summary stands in the notes of its conversation.")
    if project := table(value.get("project")):
        notices.append(f"What belongs to the project {name_of(project.get('name'))} was left out.")
    return Talk(
        title=words(value.get("name")),
        notes=summary,
        model=words(value.get("model")),
        messages=messages,
        tip=tip,
        pinned=value.get("is_starred") is True,
        created_at=moment(value.get("created_at")),
        active_at=moment(value.get("updated_at")),
        notices=notices,
    )


def parent_of(message: dict[str, Any]) -> str | None:
    parent = words(message.get("parent_message_uuid"))
    return None if parent in NO_PARENT or not parent else parent


def messages_of(message: dict[str, Any], notices: Notices) -> list[Said]:
    sender = words(message.get("sender"))
    if sender not in ROLES:
        notices.append(f"A message of “{name_of(sender)}” stands as one of the user.")
    turn = Turn(ROLES.get(sender, "user"), moment(message.get("created_at")))
    blocks = objects(message.get("content"))
    for block in blocks:
        take(turn, block, notices)
    if not any(said.parts for said in turn.messages) and (text := words(message.get("text"))) and not blocks:
        turn.say(text)
    for attachment in objects(message.get("attachments")):
        if text := words(attachment.get("extracted_content")):
            turn.say(f"\n\n{name_of(attachment.get('file_name'))}:\n\n{text}")
        else:
            notices.append(f"An attached file was left out: {name_of(attachment.get('file_name'))}.")
    for file in objects(message.get("files")):
        notices.append(f"An attached file was left out: {name_of(file.get('file_name'))}.")
    return turn.messages


def take(turn: Turn, block: dict[str, Any], notices: Notices) -> None:
    kind = words(block.get("type"))
    if kind == "text":
        turn.say(words(block.get("text")))
        if block.get("citations"):
            notices.append("The sources that a message cites were left out.")
    elif kind == "thinking":
        turn.think(words(block.get("thinking")))
    elif kind == "tool_use":
        turn.call(words(block.get("id")), words(block.get("name")), block.get("input"))
    elif kind == "tool_result":
        result = block.get("content")
        turn.result(words(block.get("tool_use_id")), text_of(result))
        if any(words(each.get("type")) != "text" for each in objects(result)):
            notices.append("Of the result of a tool only the text was kept.")
    elif kind == "voice_note":
        turn.say(words(block.get("text")))
        notices.append("A recording was left out: its words are kept.")
    elif kind not in SILENT:
        notices.append(f"A block of the kind “{name_of(kind)}” was left out.")
