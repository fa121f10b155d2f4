"""How OpenAI-compatible providers differ, as data. Parameter names that differ are in `chat/sampling/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import httpx

LOOPBACK = ("localhost", "127.0.0.1", "::1")
NO_KEYS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What a request needs beside an assistant's message at its end, so that the model goes on from there.

    `known` says whether it then does, None where that depends on the model; those whose ids begin with one of `never`
    do not. `path` takes the place of that of the base URL, for a host of the provider itself.
    """

    known: bool | None = None
    never: tuple[str, ...] = ()
    in_body: Mapping[str, object] = field(default_factory=lambda: NO_KEYS)
    in_message: Mapping[str, object] = field(default_factory=lambda: NO_KEYS)
    path: str = ""


PREFIX: Mapping[str, object] = MappingProxyType({"prefix": True})
FINAL_MESSAGE: Mapping[str, object] = MappingProxyType({
    "continue_final_message": True, "add_generation_prompt": False,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """`asks_for_usage`: usage comes only if `stream_options` asks for it, and that key is taken.

    `pairs_calls`: a call of a tool without its answer, or an answer without its call, is refused there. Servers on
    one's own machine give what they get to the template of the model. `goes_on` says how an answer is continued there,
    where the last message is its beginning.
    """

    label: str
    base_url: str
    hosts: tuple[str, ...] = ()
    asks_for_usage: bool = False
    pairs_calls: bool = True
    goes_on: "GoingOn" = field(default_factory=lambda: GoingOn())

    def speaks_at(self, host: str, port: int | None) -> bool:
        """True for its hosts, for their subdomains, and on this machine for its usual port."""
        if host in LOOPBACK:
            own = httpx.URL(self.base_url)
            return own.host in LOOPBACK and own.port == port
        return any(host == known or host.endswith("." + known) for known in self.hosts)


DIALECTS: Mapping[str, Dialect] = MappingProxyType({
    "together": Dialect("Together AI", "https://api.together.ai/v1", ("together.ai", "together.xyz")),
    "openai": Dialect(
        "OpenAI", "https://api.openai.com/v1", ("api.openai.com",), asks_for_usage=True, goes_on=GoingOn(known=False)
    ),
    "openrouter": Dialect(
        "OpenRouter", "https://openrouter.ai/api/v1", ("openrouter.ai",), asks_for_usage=True,
        goes_on=GoingOn(never=("openai/",)),
    ),
    "groq": Dialect("Groq", "https://api.groq.com/openai/v1", ("groq.com",), asks_for_usage=True),
    # Without the key an assistant's message at the end is refused.
    "mistral": Dialect(
        "Mistral", "https://api.mistral.ai/v1", ("mistral.ai",), goes_on=GoingOn(known=True, in_message=PREFIX)
    ),
    "deepseek": Dialect(
        "DeepSeek", "https://api.deepseek.com", ("deepseek.com",),
        goes_on=GoingOn(known=True, in_message=PREFIX, path="/beta"),
    ),
    "fireworks": Dialect("Fireworks", "https://api.fireworks.ai/inference/v1", ("fireworks.ai",)),
    "ollama": Dialect("Ollama", "http://localhost:11434/v1", asks_for_usage=True, pairs_calls=False),
    "vllm": Dialect(
        "vLLM", "http://localhost:8000/v1", asks_for_usage=True, pairs_calls=False,
        goes_on=GoingOn(known=True, in_body=FINAL_MESSAGE),
    ),
    "llamacpp": Dialect(
        "llama.cpp", "http://localhost:8080/v1", asks_for_usage=True, pairs_calls=False, goes_on=GoingOn(known=True)
    ),
    "lmstudio": Dialect("LM Studio", "http://localhost:1234/v1", pairs_calls=False),
    "demo": Dialect(
        "Demo", "http://demo.invalid/v1", ("demo.invalid",), asks_for_usage=True,
        goes_on=GoingOn(known=True, never=("demo/showcase",)),
    ),
})  # fmt: skip


def guess_dialect(base_url: str) -> str:
    """The dialect that is spoken at this address; "openai" if nothing is known about it."""
    url = httpx.URL(base_url)
    found = (name for name, dialect in DIALECTS.items() if dialect.speaks_at(url.host, url.port))
    return next(found, "openai")
