"""Open WebUI's export of chats: a list of rows, each with a `chat`, of which `history` is the tree. PURE.

An answer of newer versions has an `output`, a list of what the model gave in its order; that of older ones is text,
with what the model thought between tags.
"""

from html import unescape
from typing import Any

from .blocks import Turn
from .cleaning import moment, words
from .pieces import Notices, image_part, name_calls, name_of, objects, settings_of, strings, table, text_of
from .talk import Said, Talk
from .trees import Node, arranged

NAME = "open-webui"
LABEL = "Open WebUI"

ROLES = ("user", "assistant", "system", "tool")
THOUGHT = '<details type="reasoning"'
END = "</details>"


def fits(value: Any) -> bool:
    chat = chat_of(value)
    history = table(chat.get("history"))
    return isinstance(history.get("messages"), dict) or (
        isinstance(chat.get("models"), list) and isinstance(chat.get("messages"), list)
    )


def chat_of(value: Any) -> dict[str, Any]:
    """What stands in a row of the export, or a chat that was exported by itself."""
    row = table(value)
    return table(row.get("chat")) or row


def read(value: dict[str, Any]) -> Talk:
    notices: Notices = []
    chat = chat_of(value)
    history = table(chat.get("history"))
    nodes, last = nodes_of(chat, history, notices)
    messages, tip = arranged(nodes, words(history.get("currentId")) or last, notices)
    name_calls(messages)
    models = strings(chat.get("models"))
    parameters = settings_of(table(chat.get("params")))
    system = words(chat.get("system")) or words(parameters.pop("system", ""))
    tell_of_the_rest(value, chat, notices)
    return Talk(
        title=words(value.get("title")) or words(chat.get("title")),
        system_prompt=system,
        model=models[0] if models else "",
        settings=parameters,
        messages=messages,
        tip=tip,
        pinned=value.get("pinned") is True,
        archived=value.get("archived") is True,
        tags=tags_of(value, chat),
        created_at=moment(value.get("created_at")) or moment(chat.get("timestamp")),
        active_at=moment(value.get("updated_at")),
        notices=notices,
    )


def nodes_of(
    chat: dict[str, Any], history: dict[str, Any], notices: Notices
) -> tuple[list[Node], str | None]:
    tree = history.get("messages")
    if isinstance(tree, dict):
        nodes = []
        for key, message in tree.items():
            message = table(message)
            children = message.get("childrenIds")
            nodes.append(
                Node(
                    key,
                    words(message.get("parentId")) or None,
                    messages_of(message, notices),
                    children if isinstance(children, list) else (),
                )
            )
        return nodes, None
    nodes, above = [], None
    for number, message in enumerate(objects(chat.get("messages"))):
        nodes.append(Node(str(number), above, messages_of(message, notices)))
        above = str(number)
    return nodes, above


def messages_of(message: dict[str, Any], notices: Notices) -> list[Said]:
    role = words(message.get("role"))
    if role not in ROLES:
        notices.append(f"A message of the role “{name_of(role)}” stands as one of the user.")
        role = "user"
    turn = Turn(role, moment(message.get("timestamp")), facts_of(message) if role == "assistant" else None)
    output = objects(message.get("output"))
    for each in output:
        take(turn, each, notices)
    if not output:
        take_content(turn, message.get("content"), notices)
    for file in objects(message.get("files")):
        url = words(file.get("url"))
        if file.get("type") == "image" and url.startswith("data:"):
            turn.show(image_part(url))
        else:
            notices.append(f"An attached file was left out: {name_of(file.get('name'))}.")
    if message.get("sources") or message.get("citations"):
        notices.append("The sources that a message cites were left out.")
    if error := message.get("error"):
        said = words(table(error).get("content")) or words(error)
        notices.append(f"An answer had failed: {name_of(said, 120)}")
    if message.get("annotation"):
        notices.append("A rating of an answer was left out.")
    return turn.messages


def facts_of(message: dict[str, Any]) -> dict[str, Any] | None:
    usage = table(message.get("usage")) or table(message.get("info"))
    counted = {
        name: usage[name]
        for name in ("prompt_tokens", "completion_tokens", "total_tokens")
        if isinstance(usage.get(name), int) and not isinstance(usage.get(name), bool)
    }
    told = settings_of({"model": words(message.get("model")), "usage": counted})
    return told or None


def take(turn: Turn, item: dict[str, Any], notices: Notices) -> None:
    kind = words(item.get("type"))
    if kind == "message":
        turn.say(text_of(item.get("content")))
    elif kind == "reasoning":
        turn.think(text_of(item.get("content")) or text_of(item.get("summary")))
    elif kind == "function_call":
        turn.call(
            words(item.get("call_id")) or words(item.get("id")),
            words(item.get("name")),
            item.get("arguments"),
        )
    elif kind == "function_call_output":
        turn.result(words(item.get("call_id")), text_of(item.get("output")))
    else:
        notices.append(f"Output of the kind “{name_of(kind)}” was left out.")


def take_content(turn: Turn, content: Any, notices: Notices) -> None:
    """Text, with what was thought between tags. Found from left to right, so that no text takes long."""
    if not isinstance(content, str):
        for part in objects(content):
            url = words(table(part.get("image_url")).get("url"))
            turn.show(image_part(url)) if url else turn.say(words(part.get("text")))
        return
    at = 0
    while (begin := content.find(THOUGHT, at)) >= 0 and (end := content.find(END, begin)) >= 0:
        turn.say(content[at:begin])
        inside = content[content.find(">", begin) + 1 : end]
        _, _, thought = inside.rpartition("</summary>")
        # It was written as a quotation, with its signs escaped.
        lines = unescape(thought).strip().splitlines()
        turn.think("\n".join(line.removeprefix("> ").removeprefix(">") for line in lines))
        at = end + len(END)
        at += content.startswith("\n", at)
    if content.find("<details type=", at) >= 0:
        notices.append("A call of a tool stands as text in its answer.")
    turn.say(content[at:])


def tags_of(value: dict[str, Any], chat: dict[str, Any]) -> list[str]:
    found = table(value.get("meta")).get("tags") or chat.get("tags")
    names = found if isinstance(found, list) else []
    return [name for name in (words(each) or words(table(each).get("name")) for each in names) if name]


def tell_of_the_rest(value: dict[str, Any], chat: dict[str, Any], notices: Notices) -> None:
    if value.get("folder_id"):
        notices.append("A conversation was in a folder, of which the export tells only an id.")
    if value.get("share_id"):
        notices.append("A conversation was shared: the link was not taken over.")
    for file in objects(chat.get("files")):
        notices.append(f"An attached file was left out: {name_of(file.get('name'))}.")
