"""A request as code to take away: the one that was sent, or any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from chat.completions import DIALECTS
from chat.models import Generation, Provider
from chat.refusals import Refused
from chat.seeding import KNOWN
from chat.snippets import TARGETS, Target, snippet, streamed

BY_NAME = {target.name: target for target in TARGETS}
USUAL = BY_NAME["python-openai"]
PATH = "/chat/completions"
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Shown:
    """A request, and in words which one it is."""

    url: str
    body: Mapping[str, Any]
    provider: Provider | None
    words: str


def as_sent(generation: Generation) -> Shown:
    words = f"The request of the last answer, as it was sent to {generation.provider_name or 'the provider'}"
    return Shown(generation.url, generation.request, generation.provider, words)


def own_target(url: str) -> Target:
    """For somebody who has not chosen yet: the SDK of this very provider, if there is one."""
    own = (target for target in TARGETS if target.sdk and url.removesuffix(PATH) == target.sdk.base_url)
    return next(own, USUAL)


def code_of(shown: Shown, target: Target, stream: str) -> dict[str, Any]:
    """`stream` is "on", "off", or empty for as the request has it. Raises Refused."""
    own = bool(shown.body.get("stream"))
    on = stream == "on" if stream else own
    body = shown.body if on == own else streamed(shown.body, on)
    variable = key_variable(shown.url, shown.provider)
    try:
        code = snippet(target.name, shown.url, body, variable)
    except ValueError:
        words = f"{target.label} adds /v1 to every address, and this provider's has none. Choose another language."
        raise Refused(words, status=422) from None
    return {
        "code": code,
        "streamed": on,
        "turned": on != own,
        "words": shown.words,
        "variable": variable,
        "is_demo": shown.provider is not None and shown.provider.source == Provider.Source.BUILT_IN,
    }


def key_variable(url: str, provider: Provider | None) -> str:
    """The environment variable with this provider's key, by the name that its own SDK reads. Empty: it asks for none.

    A name stands only beside the address that it is for: code must not carry a key elsewhere.
    """
    seeded = (known for known in KNOWN if is_of(provider, known.label))
    found = next(seeded, None) or next((known for known in KNOWN if speaks_at(known.dialect, url)), None)
    if found:
        return f"{found.variable}_API_KEY"
    has_key = bool(provider.sealed_key) if provider else urlsplit(url).hostname not in LOCAL
    return "API_KEY" if has_key else ""


def is_of(provider: Provider | None, label: str) -> bool:
    """Whether the environment of this server has its key, under the name of that provider."""
    if provider is None or not provider.sealed_key:
        return False
    return provider.source == Provider.Source.ENVIRONMENT and provider.name == label


def speaks_at(dialect: str, url: str) -> bool:
    parts = urlsplit(url)
    return DIALECTS[dialect].speaks_at(parts.hostname or "", parts.port)
