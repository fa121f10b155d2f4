"""One call laid open: what went out, what came back, and when. All of it from what is stored of that call."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat.completions.recorder import MOST_CHARACTERS
from chat.completions.request import encode_body
from chat.costs import in_dollars
from chat.facts import seconds, speed_of
from chat.models import Exchange, Generation, Message
from chat.models.branch import ids_to
from chat.models.exchange import EVENTS_KEPT, Arrival
from chat.snippets.json_text import write_json
from chat.timeline import gaps_of, phases_of, strip_of, trace_of

FIRST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One event: how long it came after the one before it."""

    number: int
    at: float
    gap: float
    data: str


@dataclass(frozen=True, slots=True)
class Difference:
    what: str
    here: str
    there: str

    @property
    def differs(self) -> bool:
        return self.here != self.there


def laid_open(call: Generation) -> dict[str, Any]:
    """What the page shows."""
    exchange, answers = exchange_of(call), answers_of(call)
    arrivals = exchange.arrivals if exchange else []
    return {
        "call": call,
        "exchange": exchange,
        "answer": answers[0] if answers else None,
        "number": len(ids_to(answers[0].pk)) if answers else None,
        "readout": readout(call, exchange, answers),
        "body": write_json(call.request),
        "body_bytes": len(encode_body(call.request)),
        "usage": write_json(call.usage) if call.usage else "",
        "error": write_json(call.error) if call.error else "",
        "raw": "Raw events" if is_stream(exchange) else "Raw body",
        "rows": rows_of(arrivals[:FIRST_EVENTS]),
        "more": max(0, len(arrivals) - FIRST_EVENTS),
        "missing": missing(call, exchange, len(arrivals)),
        "differences": differences(call, answers, call.replay_of),
        "replays": call.replays.defer("request").order_by("created_at"),
        **timeline(call, arrivals, answers),
    }


def exported(call: Generation) -> dict[str, Any]:
    """The whole exchange, to be taken away."""
    exchange = exchange_of(call)
    arrivals = exchange.arrivals if exchange else []
    return {
        "request": {
            "method": "POST",
            "url": call.url,
            "headers": exchange.request_headers if exchange else {},
            "body": call.request,
        },
        "response": {
            "status": exchange.status if exchange else None,
            "headers": exchange.response_headers if exchange else {},
            "events": [{"at": at, "data": data} for at, data in arrivals],
            "event_count": exchange.event_count if exchange else 0,
            "missing": missing(call, exchange, len(arrivals)),
        },
        "attempts_before": exchange.failed if exchange else [],
        "status": call.status,
        "created_at": call.created_at.isoformat() if call.created_at else None,
        "timings": call.timings,
        "usage": call.usage,
        "cost": call.cost,
        "error": call.error,
    }


def lines_of(call: Generation) -> str:
    """The raw events as JSON lines."""
    exchange = exchange_of(call)
    arrivals = exchange.arrivals if exchange else []
    return "".join(json.dumps({"at": at, "data": data}, ensure_ascii=False) + "\n" for at, data in arrivals)


def rows_of(arrivals: Sequence[Arrival], before: int = 0, earlier: float | None = None) -> list[Row]:
    """`before` is how many came before these, `earlier` when the last of those came."""
    rows = []
    for number, (at, data) in enumerate(arrivals, before + 1):
        rows.append(Row(number, at, at - (at if earlier is None else earlier), data))
        earlier = at
    return rows


def rows_after_the_first(call: Generation) -> list[Row]:
    exchange = exchange_of(call)
    arrivals = exchange.arrivals if exchange else []
    earlier = arrivals[FIRST_EVENTS - 1][0] if len(arrivals) > FIRST_EVENTS else None
    return rows_of(arrivals[FIRST_EVENTS:], FIRST_EVENTS, earlier)


def exchange_of(call: Generation) -> Exchange | None:
    return getattr(call, "exchange", None)


def answers_of(call: Generation) -> list[Message]:
    return list(call.messages.order_by("choice"))


def is_stream(exchange: Exchange | None) -> bool:
    return exchange is not None and "event-stream" in exchange.response_headers.get("content-type", "")


def missing(call: Generation, exchange: Exchange | None, kept: int) -> str:
    """Which raw events are not there, and why. Empty if all are."""
    if call.unsent:
        if call.status == "running":
            return "It waits for its turn: nothing was sent yet."
        return "Nothing was sent: it ended before its turn came."
    if exchange is None:
        if call.status == "running":
            return "The answer is still running. What comes back is kept when it ends."
        if call.status == "interrupted":
            return "The raw events were not kept: the server was stopped."
        return "Nothing of what came back was kept for this call."
    if exchange.event_count and exchange.events is None:
        return f"The raw events are kept for {EVENTS_KEPT.days} days and were then dropped. All else stays."
    if left_out := exchange.event_count - kept:
        return (
            f"{left_out:,} of {exchange.event_count:,} raw events are left out: "
            f"of one answer no more than {MOST_CHARACTERS:,} characters are kept."
        )
    return ""


# Figures


def readout(
    call: Generation, exchange: Exchange | None, answers: Sequence[Message]
) -> list[tuple[str, str, str]]:
    """The facts of the answer again: name, figure, and what stands small beside it."""
    usage = call.usage or {}
    thought = usage.get("reasoning_tokens")
    found = outcome(call, answers)
    return [
        ("Status", str(exchange.status) if exchange and exchange.status else "–", found["Ended"]),
        ("Model", found["Model"], ""),
        ("First token", found["First token"], ""),
        ("Speed", speed_of(call) or "–", ""),
        ("In", found["Tokens in"], "tokens" if usage.get("prompt_tokens") is not None else ""),
        (
            "Out",
            found["Tokens out"],
            f"{thought:,} reasoning"
            if thought
            else "tokens"
            if usage.get("completion_tokens") is not None
            else "",
        ),
        ("Cost", found["Cost"], ""),
    ]


def count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def timeline(call: Generation, arrivals: Sequence[Arrival], answers: Sequence[Message]) -> dict[str, Any]:
    thought = any(answer.reasoning for answer in answers)
    phases = phases_of(call.timings, call.usage or {}, thought=thought)
    if not phases:
        return {"phases": []}
    over = phases[-1].end
    gaps = gaps_of(arrivals)
    shown: dict[str, Any] = {"phases": phases, "strip": strip_of(phases), "over": over, "gaps": gaps}
    if gaps:
        at, longest = gaps.longest
        shown |= {"trace": trace_of(gaps, over), "longest": longest, "longest_at": place_of(at / over)}
    return shown


def place_of(share: float) -> str:
    """Where on the scale the figure of the longest gap stands; nowhere if it would stand on those at the ends."""
    return f"{share:.1%}" if 0.2 <= share <= 0.75 else ""


def differences(call: Generation, answers: Sequence[Message], earlier: Generation | None) -> list[Difference]:
    """What came of the same request, here and there."""
    if earlier is None:
        return []
    before = answers_of(earlier)
    here, there = outcome(call, answers), outcome(earlier, before)
    same = [answer.text for answer in answers] == [answer.text for answer in before]
    text = Difference("Text", "the same" if same else "another", "the same" if same else "")
    return [*(Difference(what, here[what], there[what]) for what in here), text]


def outcome(call: Generation, answers: Sequence[Message]) -> dict[str, str]:
    usage = call.usage or {}
    finished = answers and call.status == "finished"
    return {
        "Model": call.answered_model or call.model,
        "Ended": answers[0].finish_reason if finished else call.status,
        "Tokens in": count(usage.get("prompt_tokens")),
        "Tokens out": count(usage.get("completion_tokens")),
        "Cost": in_dollars(call.cost) if call.cost else "–",
        "First token": time(call.first_token),
        "Duration": time(call.duration),
    }


def time(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else seconds(milliseconds)
