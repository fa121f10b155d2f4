"""Calls of tools and their answers, as providers take them: right below a call stands the answer to each of its ids.

Muting keeps them together (chat/models/calling.py). What was deleted or moved alone is told here, before anything is
sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chat.completions import DIALECTS
from chat.models import Conversation, Provider, Role
from chat.refusals import Refused

WAYS_OUT = (
    "Add it there (Add below, with the role tool), or delete what calls it, or choose Do not send for it."
)
ONLY_WAY_OUT = "Delete the message that calls it."
LONGEST_WORDS = 40


def must_pair(conversation: Conversation, provider: Provider) -> bool:
    """Not in a blind round: what is wrong in one pane cannot be told there, and would hold up all of them."""
    return DIALECTS[provider.dialect].pairs_calls and not conversation.blind


def refuse_unpaired(messages: Sequence[Mapping[str, Any]], ways_out: str = WAYS_OUT) -> None:
    """Raises Refused."""
    called: dict[str, str] = {}
    answered: set[str] = set()
    for message in messages:
        if message["role"] != Role.TOOL:
            _refuse_unanswered(called, answered, ways_out)
            called, answered = _calls_in(message), set()
        elif message.get("tool_call_id", "") in called:
            answered.add(message.get("tool_call_id", ""))
        else:
            said = _beginning(message.get("content"))
            words = f"Not sent: the answer of a tool {said}stands below no call that it answers."
            raise Refused(f"{words} Delete it, or choose Do not send for it.", status=409)
    _refuse_unanswered(called, answered, ways_out)


def _refuse_unanswered(called: Mapping[str, str], answered: Iterable[str], ways_out: str) -> None:
    if open_calls := [called[id] for id in called.keys() - set(answered)]:
        names = ", ".join(sorted(set(filter(None, open_calls)))) or "a tool"
        words = f"Not sent: no answer stands right below the call of {names}."
        raise Refused(f"{words} {ways_out}", status=409)


def _calls_in(message: Mapping[str, Any]) -> dict[str, str]:
    """The name of each function by the id of its call."""
    calls = message.get("tool_calls") or ()
    return {str(call.get("id") or ""): str((call.get("function") or {}).get("name", "")) for call in calls}


def _beginning(content: Any) -> str:
    text = " ".join(content.split()) if isinstance(content, str) else ""
    if not text:
        return ""
    return f"“{text[:LONGEST_WORDS]}{'…' if text[LONGEST_WORDS:] else ''}” "
