"""Runs that wait for their turn: who holds up the others, and what was told meanwhile."""

from chat.generation import engine
from chat.models import Conversation
from tests.upstream import Gate, Request, Upstream, stream

from .playing import Reader, until


def limited(conversation: Conversation, limit: int | None) -> Conversation:
    assert conversation.provider
    conversation.provider.most_at_once = limit
    conversation.provider.save()
    return conversation


def held(upstream: Upstream, count: int) -> list[Gate]:
    """Answers that stay open until their gates do, in the order of the requests."""
    gates = [Gate() for _ in range(count)]
    for gate in gates:
        upstream.script(stream("Hel", gate, "lo"))
    return gates


async def until_asked(upstream: Upstream, count: int) -> None:
    await until(lambda: len(upstream.requests) >= count)
    assert len(upstream.requests) == count


def said_to(request: Request) -> str:
    return str(request.body["messages"][-1]["content"])


def queued(reader: Reader) -> list[int]:
    events = [event for frame in reader.frames for event in frame.get("events", [])]
    return [event["ahead"] for event in events if event["type"] == "queued"]


def all_over() -> bool:
    """No run is left, and nobody stands in a line."""
    return not engine().tasks and not engine().turns._lines
