"""Providers that are there without being typed in: the built-in demo, those of the environment, local servers."""

import asyncio
import logging
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import Q

from chat import catalogue, demo
from chat.completions import Client, CompletionError, Endpoint, Limits, ListedModel
from chat.models import Provider
from chat.models.provider import ProviderQuerySet

logger = logging.getLogger(__name__)

Source = Provider.Source


@dataclass(frozen=True, slots=True)
class Known:
    """A provider by the names that its own SDK reads from the environment."""

    variable: str
    label: str
    dialect: str
    base_url: str


KNOWN = (
    Known("TOGETHER", "Together AI", "together", "https://api.together.ai/v1"),
    Known("OPENAI", "OpenAI", "openai", "https://api.openai.com/v1"),
    Known("OPENROUTER", "OpenRouter", "openrouter", "https://openrouter.ai/api/v1"),
    Known("GROQ", "Groq", "groq", "https://api.groq.com/openai/v1"),
    Known("MISTRAL", "Mistral", "mistral", "https://api.mistral.ai/v1"),
    Known("DEEPSEEK", "DeepSeek", "deepseek", "https://api.deepseek.com"),
    Known("FIREWORKS", "Fireworks", "fireworks", "https://api.fireworks.ai/inference/v1"),
)

LOCAL = (
    ("Ollama", "ollama", 11434),
    ("LM Studio", "lmstudio", 1234),
    ("llama.cpp", "llamacpp", 8080),
    ("vLLM", "vllm", 8000),
)
# A local server answers at once, or is not there.
PROBE = Limits(connect=0.5, first_token=1.5, silence=1.5, total=3.0, retries=0)


def seed() -> None:
    """The rows of the built-in provider and of the environment, as they are at this start."""
    close_old_connections()
    with transaction.atomic():
        shared("Demo (built in)", demo.BASE_URL, "demo", Source.BUILT_IN)
        for known in KNOWN:
            seed_from_environment(known)


def seed_from_environment(known: Known) -> None:
    key = os.environ.get(f"{known.variable}_API_KEY", "").strip()
    address = os.environ.get(f"{known.variable}_BASE_URL", "").strip()
    try:
        endpoint = Endpoint(address or known.base_url, key, known.dialect)
    except ValueError as error:
        logger.warning("%s_BASE_URL or %s_API_KEY is of no use: %s", known.variable, known.variable, error)
        key = address = ""
    if not key and not address:
        # What the environment gave it takes back: the key does not outlive it.
        take_away(Provider.objects.filter(source=Source.ENVIRONMENT, name=known.label))
        return
    provider = shared(known.label, endpoint.base_url, known.dialect, Source.ENVIRONMENT)
    provider.key = endpoint.key
    provider.save()


def take_away(providers: ProviderQuerySet) -> None:
    providers.update(removed=True, sealed_key="", key_hint="")


def shared(name: str, base_url: str, dialect: str, source: str) -> Provider:
    """The operator's provider of this name and source, at this address."""
    ours = Provider.objects.filter(owner=None)
    named = ours.filter(source=source, name=name)
    # By address first: no two may have the same.
    provider = ours.filter(base_url=base_url, removed=False).first() or named.first()
    if provider is None:
        return Provider.objects.create(name=name, base_url=base_url, dialect=dialect, source=source)
    take_away(named.exclude(pk=provider.pk))
    provider.move_to(base_url)
    provider.name, provider.dialect, provider.source, provider.removed = name, dialect, source, False
    provider.refreshed_at = None
    provider.save()
    return provider


async def find_local_servers() -> None:
    """Ask the usual ports of this machine. Nobody waits for it."""
    client = Client(PROBE)
    try:
        await asyncio.gather(*(probe(client, *local) for local in LOCAL))
    finally:
        await client.aclose()


async def probe(client: Client, name: str, dialect: str, port: int) -> None:
    if port == settings.PORT:
        return
    address = f"http://127.0.0.1:{port}/v1"
    try:
        listed = await client.models(Endpoint(address, "", dialect))
    except CompletionError:
        return
    await sync_to_async(remember_local)(name, dialect, address, listed)


def remember_local(name: str, dialect: str, address: str, listed: list[ListedModel]) -> None:
    close_old_connections()
    # One that was found and then removed by a person is not found again.
    there = Provider.objects.filter(Q(removed=False) | Q(source=Source.FOUND), owner=None)
    provider = next((row for row in there.order_by("removed") if same_server(row.base_url, address)), None)
    if provider is None:
        provider = Provider.objects.create(name=name, base_url=address, dialect=dialect, source=Source.FOUND)
    if provider.source == Source.FOUND and not provider.removed:
        catalogue.store(provider, listed)


def same_server(one: str, other: str) -> bool:
    def place(url: str) -> tuple[str, int | None]:
        parts = urlsplit(url)
        return ("127.0.0.1" if parts.hostname == "localhost" else parts.hostname or "", parts.port)

    return place(one) == place(other)
