"""The quiet line under an answer: what it took, each figure with its unit."""

from chat.costs import in_dollars
from chat.models import Generation, Message


def facts_of(message: Message) -> list[str]:
    """Model first, then what is known, with ~ before what is estimated. Of a blind round only that it goes on."""
    generation = message.call
    if generation is None:
        return told_elsewhere(message)
    if message.hides:
        return ["answering"] if generation.status == "running" else []
    facts = [
        generation.answered_model or generation.model,
        _queued(generation),
        _first_token(generation),
        _first_answer(generation),
    ]
    facts += [speed_of(generation), _duration(generation), *_tokens(generation)]
    if generation.status == "running":
        facts.append("waiting for its turn" if generation.unsent else "answering")
    elif generation.status in ("stopped", "interrupted"):
        facts.append(generation.status)
    else:
        facts.append(message.finish_reason)
    return [fact for fact in facts if fact]


def told_elsewhere(message: Message) -> list[str]:
    """What the file told that it was imported from. Nobody here made that call, and whoever wrote it may err."""
    told = message.imported_facts
    if not isinstance(told, dict) or not told or message.hides:
        return []
    usage = told.get("usage")
    counted = usage if isinstance(usage, dict) else {}
    facts = [name for name in (told.get("answered_model"), told.get("model")) if isinstance(name, str)][:1]
    for name, word in (("prompt_tokens", "in"), ("completion_tokens", "out")):
        if type(counted.get(name)) is int:
            facts.append(f"{counted[name]:,} {word}")
    if isinstance(told.get("cost"), int | float) and told["cost"] > 0:
        facts.append(in_dollars(told["cost"]))
    facts += [message.finish_reason, "imported" if message.conversation.transfer_id else ""]
    return [fact for fact in facts if fact]


def thinking_of(message: Message) -> str:
    """The line above the reasoning: how long it took and how much it was, once that is known."""
    generation = message.call
    if generation is not None and generation.status == "running":
        return "Thinking"
    if generation is None or message.hides:
        return "Thought"
    began, ended = generation.timings.get("first_token"), generation.timings.get("first_text")
    ended = generation.timings.get("ended") if ended is None else ended
    took = f" for {seconds(ended - began)}" if began is not None and ended is not None else ""
    count = (generation.usage or {}).get("reasoning_tokens")
    return f"Thought{took}" + (f" · {count:,} tokens" if count else "")


def seconds(milliseconds: float) -> str:
    return f"{milliseconds:,.0f} ms" if milliseconds < 10_000 else f"{milliseconds / 1000:,.1f} s"


def _queued(generation: Generation) -> str:
    """Where it had to wait for its turn."""
    queued = generation.timings.get("queued")
    return f"{seconds(generation.timings.get('called', queued))} in the queue" if queued else ""


def _first_token(generation: Generation) -> str:
    first = generation.first_token
    return f"{seconds(first)} to first token" if first is not None else ""


def speed_of(generation: Generation) -> str:
    return "" if generation.speed is None else f"{generation.speed:,.0f} tok/s"


def _first_answer(generation: Generation) -> str:
    """Where something came before the answer itself."""
    first, answer = generation.first_token, generation.first_text
    return f"{seconds(answer)} to first answer token" if answer is not None and answer != first else ""


def _duration(generation: Generation) -> str:
    took = generation.duration
    return f"{seconds(took)} in all" if took is not None else ""


def _tokens(generation: Generation) -> list[str]:
    """With ~ where the provider did not count, so that the figure is our estimate."""
    used, about = generation.used, "~" if generation.estimate else ""
    facts = []
    if used.get("prompt_tokens") is not None:
        cached = f", {used['cached_tokens']:,} cached" if used.get("cached_tokens") else ""
        facts.append(f"{about}{used['prompt_tokens']:,} in{cached}")
    if generation.status == "running":
        # The rest grows, and the line does not: the browser draws what comes.
        return facts
    if used.get("completion_tokens") is not None:
        thought = f", {used['reasoning_tokens']:,} reasoning" if used.get("reasoning_tokens") else ""
        facts.append(f"{about}{used['completion_tokens']:,} out{thought}")
    # A price list that says 0 may mean free or not priced by the token: neither is a sum to show.
    if generation.spent:
        facts.append(("~" if generation.cost is None else "") + in_dollars(generation.spent))
    return facts
