"""ChatGPT's data export: conversations.json, since 2025 also conversations-000.json and so on. PURE.

A conversation is a `mapping` of nodes, each with its parent, its children and perhaps a message. What ChatGPT itself
hides (its own system messages, custom instructions) is kept and muted where it has words. Thoughts stand in nodes of
their own, above the answer that they led to: they become its reasoning.
"""

from typing import Any

from .cleaning import moment, words
from .pieces import Notices, call, name_calls, name_of, objects, settings_of, table, text_of, text_part
from .talk import Said, Talk
from .trees import Node, arranged

NAME = "chatgpt"
LABEL = "ChatGPT"

FINISHED = {"stop": "stop", "max_tokens": "length", "interrupted": "stopped"}
ROLES = {"user": "user", "assistant": "assistant", "system": "system", "tool": "tool", "critic": "assistant"}
EVERYBODY = ("", "all", "user")
THINKING = ("thoughts", "reasoning_recap")


def fits(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("mapping"), dict)


def read(value: dict[str, Any]) -> Talk:
    notices: Notices = []
    nodes = [node_of(key, each, notices) for key, each in value["mapping"].items()]
    claim_thoughts(nodes)
    messages, tip = arranged(nodes, words(value.get("current_node")) or None, notices)
    name_calls(messages)
    models = [said.facts["model"] for said in messages if said.facts]
    tell_of_the_rest(value, notices)
    return Talk(
        title=words(value.get("title")),
        model=words(value.get("default_model_slug")) or (models[-1] if models else ""),
        messages=messages,
        tip=tip,
        pinned=value.get("is_starred") is True,
        archived=value.get("is_archived") is True,
        created_at=moment(value.get("create_time")),
        active_at=moment(value.get("update_time")),
        notices=notices,
    )


def node_of(key: str, node: Any, notices: Notices) -> Node:
    node = table(node)
    parent = node.get("parent")
    children = node.get("children")
    found = Node(
        key,
        parent if isinstance(parent, str) else None,
        children=children if isinstance(children, list) else (),
    )
    if message := table(node.get("message")):
        said = message_of(key, message, notices)
        if said.parts or said.reasoning or said.tool_calls:
            found.said.append(said)
    return found


def message_of(key: str, message: dict[str, Any], notices: Notices) -> Said:
    author, content, about = (
        table(message.get("author")),
        table(message.get("content")),
        table(message.get("metadata")),
    )
    written = words(author.get("role"))
    if written not in ROLES:
        notices.append(f"A message of the role “{name_of(written)}” stands as one of the user.")
    role = ROLES.get(written, "user")
    said = Said(key, None, role, created_at=moment(message.get("create_time")))
    kind = words(content.get("content_type"))
    if kind in THINKING:
        said.reasoning = thoughts_of(content)
    else:
        said.parts = parts_of(kind, content, notices)
    recipient = words(message.get("recipient"))
    if role == "assistant" and recipient not in EVERYBODY and said.parts:
        said.tool_calls, said.parts = [call(key, recipient, text_of(said.parts))], []
        if recipient.startswith("canmore"):
            notices.append("A canvas stands as the tool call that made it.")
    said.muted = about.get("is_visually_hidden_from_conversation") is True or message.get("weight") == 0
    if role == "assistant":
        if slug := words(about.get("model_slug")):
            said.facts = {"model": slug}
        ended = words(table(about.get("finish_details")).get("type"))
        said.finish_reason = FINISHED.get(ended, ended)
    if about.get("citations") or about.get("content_references"):
        notices.append("The sources that a message cites were left out.")
    notices += [
        f"An attached file was left out: {name_of(each.get('name'))}."
        for each in objects(about.get("attachments"))
    ]
    return said


def thoughts_of(content: dict[str, Any]) -> str:
    if content.get("content_type") == "reasoning_recap":
        return words(content.get("content"))
    each = (
        settings_of({"s": words(t.get("summary")), "c": words(t.get("content"))})
        for t in objects(content.get("thoughts"))
    )
    return "\n\n".join("\n".join(one.values()) for one in each if one)


def claim_thoughts(nodes: list[Node]) -> None:
    """What was thought belongs to the answer below it. A node of thoughts without one stays a message."""
    by_key = {node.key: node for node in nodes}

    def thinks(node: Node | None) -> bool:
        return (
            node is not None and bool(node.said) and bool(node.said[0].reasoning) and not node.said[0].parts
        )

    for node in nodes:
        if not node.said or node.said[0].role != "assistant" or node.said[0].reasoning:
            continue
        above: list[str] = []
        at = by_key.get(node.parent or "")
        while at is not None and thinks(at):
            above.append(at.said[0].reasoning)
            # Claimed once, so that nobody walks over it again.
            at.said.clear()
            at = by_key.get(at.parent or "")
        node.said[0].reasoning = "\n\n".join(reversed(above))


def parts_of(kind: str, content: dict[str, Any], notices: Notices) -> list[dict[str, Any]]:
    if kind in ("text", "multimodal_text"):
        parts = content.get("parts")
        found = [part_of(each, notices) for each in (parts if isinstance(parts, list) else [])]
    elif kind in ("code", "execution_output"):
        found = [words(content.get("text"))]
    elif kind == "user_editable_context":
        found = [
            "\n\n".join(filter(None, (words(content.get(k)) for k in ("user_profile", "user_instructions"))))
        ]
    elif kind == "model_editable_context":
        found = [words(content.get("model_set_context"))]
    elif kind == "tether_browsing_display":
        found = [words(content.get("result")) or words(content.get("summary"))]
    elif kind in ("tether_quote", "sonic_webpage"):
        found = ["\n".join(filter(None, (words(content.get(k)) for k in ("title", "url", "text"))))]
    elif kind == "system_error":
        found = [": ".join(filter(None, (words(content.get(k)) for k in ("name", "text"))))]
    else:
        notices.append(f"Content of the kind “{name_of(kind)}” is not known here: only its text was kept.")
        found = [words(content.get("text")) or words(content.get("result")) or text_of(content.get("parts"))]
    return [text_part(text) for text in found if text]


def part_of(part: Any, notices: Notices) -> str:
    """The text of a part; what else there is stands in files beside the conversations."""
    if isinstance(part, str):
        return part
    kind = words(table(part).get("content_type"))
    if kind == "audio_transcription":
        return words(part.get("text"))
    if "image" in kind:
        notices.append("An image was left out: the file only refers to it.")
    elif "audio" in kind or "video" in kind:
        notices.append("A recording was left out: the file only refers to it.")
    else:
        notices.append(f"A part of the kind “{name_of(kind)}” was left out.")
    return ""


def tell_of_the_rest(value: dict[str, Any], notices: Notices) -> None:
    if words(value.get("gizmo_id")):
        notices.append("A conversation was with a custom GPT, of which the export tells only an id.")
    if value.get("plugin_ids"):
        notices.append("A conversation used plugins, which are not here.")
    if value.get("voice"):
        notices.append("A conversation was spoken: its voice is not kept, its words are.")
