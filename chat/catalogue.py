"""The model lists of the providers, kept in the database: one that is down leaves its last list usable."""

import asyncio
import logging
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.db import close_old_connections, transaction
from django.db.models import Q
from django.utils import timezone

from chat.completions import Client, CompletionError, ListedModel
from chat.endpoints import Unusable, endpoint_of
from chat.models import LanguageModel, Message, Provider

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=1)
TRIED_AGAIN_AFTER = timedelta(minutes=2)
SECONDS_FOR_A_LIST = 30.0
MOST_AT_ONCE = 10
COPIED = ("type", "context_length", "longest_answer", "price_input", "price_output", "price_cached")


async def refresh(client: Client, provider: Provider) -> str:
    """Read the provider's list into the database. Returns what is wrong, in words; empty when all is well."""
    try:
        async with asyncio.timeout(SECONDS_FOR_A_LIST):
            listed = await client.models(await sync_to_async(endpoint_of)(provider))
    except (CompletionError, Unusable, TimeoutError) as error:
        trouble = str(error) or f"It sent no whole list of models within {SECONDS_FOR_A_LIST:g} seconds."
        await sync_to_async(note_trouble)(provider, trouble)
        return trouble
    await sync_to_async(store)(provider, listed)
    return ""


async def refresh_stale(client: Client) -> None:
    """Several at once, so that one that hangs holds up no other."""
    places = asyncio.Semaphore(MOST_AT_ONCE)

    async def refresh_in_turn(provider: Provider) -> None:
        async with places:
            try:
                await refresh(client, provider)
            except Exception:
                # Of this provider. The others are not to wait for it.
                logger.exception("Could not refresh the models of provider %s", provider.pk)

    await asyncio.gather(*map(refresh_in_turn, await sync_to_async(stale)()))


def stale() -> list[Provider]:
    """Lists that are old, and troubled ones that are due for another try."""
    close_old_connections()
    now = timezone.now()
    due = Q(refreshed_at=None) | Q(refreshed_at__lt=now - KEPT_FOR)
    due |= ~Q(trouble="") & Q(refreshed_at__lt=now - TRIED_AGAIN_AFTER)
    return list(Provider.objects.filter(due, removed=False))


def store(provider: Provider, listed: list[ListedModel]) -> None:
    """The list as it is now. Models that are no longer on it stay as rows, for the conversations that used them."""
    close_old_connections()
    rows = [row_of(provider, model) for model in listed]
    names = [row.name for row in rows]
    fields = ["label", *COPIED, "modalities", "capabilities", "lacks", "defaults", "origin", "listed"]
    with transaction.atomic():
        provider.language_models.exclude(name__in=names).update(listed=False)
        LanguageModel.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["provider", "name"],
            update_fields=fields,
            batch_size=500,
        )
        Provider.objects.filter(pk=provider.pk).update(refreshed_at=timezone.now(), trouble="")


def row_of(provider: Provider, model: ListedModel) -> LanguageModel:
    copied = {name: getattr(model, name) for name in COPIED}
    return LanguageModel(
        provider=provider,
        name=model.id[:300],
        label=(model.name or "")[:300],
        modalities=list(model.modalities),
        capabilities=list(model.capabilities),
        lacks=list(model.lacks),
        defaults=dict(model.defaults),
        origin=model.origin,
        **{**copied, "type": (model.type or "")[:40]},
    )


def note_trouble(provider: Provider, words: str) -> None:
    close_old_connections()
    logger.info("Could not list the models of %s: %s", provider.name, words)
    Provider.objects.filter(pk=provider.pk).update(refreshed_at=timezone.now(), trouble=words)


def model_of(provider: Provider | None, name: str) -> LanguageModel | None:
    """What the catalogue knows of this model. It may be none: an id that no list has is allowed."""
    return LanguageModel.objects.filter(provider=provider, name=name).first() if provider and name else None


def remember_refusal(answer: Message, parameter: str) -> None:
    """The provider rejected this parameter for the model of this answer: it is not sent to it again."""
    generation = answer.call
    if generation is None or generation.provider is None:
        return
    model, _ = LanguageModel.objects.get_or_create(
        provider=generation.provider, name=generation.model, defaults={"listed": False}
    )
    model.refuse(parameter, (generation.error or {}).get("said", ""))
