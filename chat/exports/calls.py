"""What a file tells of the call that made an answer. No key, no address, no id."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from chat.exports.values import arranged, filled
from chat.models import Generation, Message

# In this order. What else an imported message was told of stands behind, sorted.
NAMES = (
    "model", "answered_model", "provider", "status", "settings", "usage", "estimate", "cost", "timings", "error",
)  # fmt: skip


def facts_of(message: Message, sent: Mapping[UUID, dict[str, Any]]) -> dict[str, Any] | None:
    """Of the call here that made it, or what was told of it where it was imported from."""
    call = message.call
    told = told_of(call, sent.get(call.pk, {})) if call else message.imported_facts
    if not told:
        return None
    rest = sorted(set(told) - set(NAMES))
    return {name: arranged(told[name]) for name in (*NAMES, *rest) if name in told}


def told_of(call: Generation, settings: dict[str, Any]) -> dict[str, Any]:
    return filled(
        {
            "model": call.model,
            "answered_model": call.answered_model,
            "provider": call.provider_name,
            "status": call.status,
            "settings": {name: value for name, value in settings.items() if name != "model"},
            "usage": call.usage,
            "estimate": call.estimate,
            "cost": call.cost,
            "timings": call.timings,
            "error": without_address(call.error, call),
        }
    )


def without_address(error: Any, call: Generation) -> Any:
    """Our own words name the host that was asked."""
    if isinstance(error, dict):
        return {name: without_address(value, call) for name, value in error.items()}
    if not isinstance(error, str):
        return error
    url, name = urlsplit(call.url), call.provider_name or "the provider"
    base = call.url.removesuffix("/chat/completions")
    for address in (call.url, base, f"{url.scheme}://{url.netloc}", url.netloc, url.hostname):
        if address and address != "://":
            error = error.replace(address, name)
    return error
