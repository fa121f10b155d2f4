"""Going on with an answer: its beginning is the last message of the request, and each dialect has its way of asking."""

from collections.abc import Mapping
from typing import Any

import httpx

from .dialects import DIALECTS


def ask_to_go_on(dialect: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The same body with the keys that the dialect needs and no others. What was set under such a key stays."""
    way = DIALECTS[dialect].goes_on
    *before, last = body["messages"]
    asking = {**body, "messages": [*before, {**last, **way.in_message}]}
    for key, value in way.in_body.items():
        asking.setdefault(key, value)
    return asking


def base_url_for(dialect: str, base_url: str, body: Mapping[str, Any]) -> str:
    """Where this body goes: to the base URL, but where the provider goes on with an answer at another path."""
    way, url = DIALECTS[dialect].goes_on, httpx.URL(base_url)
    messages = body.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else None
    if (
        way.path
        and isinstance(last, Mapping)
        and way.in_message.items() <= last.items()
        and _is_its_own(dialect, url)
    ):
        return f"{url.scheme}://{url.netloc.decode()}{way.path}"
    return base_url


def known_to_go_on(dialect: str, base_url: str, model: str) -> bool | None:
    """Whether this model goes on with an answer, as far as that is known. None if it has to be tried."""
    way = DIALECTS[dialect].goes_on
    if way.never and model.startswith(way.never):
        return False
    # An address that nothing is known of is taken for one of OpenAI's kind, and may well go on.
    return None if way.known is False and not _is_its_own(dialect, httpx.URL(base_url)) else way.known


def _is_its_own(dialect: str, url: httpx.URL) -> bool:
    return DIALECTS[dialect].speaks_at(url.host, url.port)
