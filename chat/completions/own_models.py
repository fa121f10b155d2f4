"""Models of one's own that a provider keeps in other lists than `/models`: fine-tuned ones and dedicated endpoints."""

import asyncio
from collections.abc import Awaitable, Callable

from .endpoint import Endpoint
from .errors import CompletionError
from .model_claims import Json
from .model_rows import ListedModel, is_id
from .words import decode

SECONDS = 10.0

Fetch = Callable[[Endpoint, str], Awaitable[bytes]]
Read = Callable[[Json], ListedModel | None]


async def list_own_models(fetch: Fetch, endpoint: Endpoint) -> list[ListedModel]:
    """An addition: a list that does not come leaves the others as they are."""
    lists = OWN_LISTS.get(endpoint.dialect, {})
    found = await asyncio.gather(*(_rows(fetch, endpoint, path, read) for path, read in lists.items()))
    return [model for models in found for model in models]


def read_fine_tune(job: Json) -> ListedModel | None:
    name = job.get("model_output_name")
    if job.get("status") != "completed" or not is_id(name):
        return None
    suffix = job.get("suffix")
    label = suffix if isinstance(suffix, str) and is_id(suffix) else name
    return ListedModel(name, label, "chat", origin="fine-tuned")


def read_dedicated(row: Json) -> ListedModel | None:
    name = row.get("name")
    if row.get("type") != "dedicated" or row.get("state") != "STARTED" or not is_id(name):
        return None
    base = row.get("model")
    label = base if isinstance(base, str) and is_id(base) else name
    return ListedModel(name, label, "chat", origin="dedicated")


OWN_LISTS: dict[str, dict[str, Read]] = {
    "together": {"/fine-tunes": read_fine_tune, "/endpoints?type=dedicated": read_dedicated}
}


async def _rows(fetch: Fetch, endpoint: Endpoint, path: str, read: Read) -> list[ListedModel]:
    try:
        async with asyncio.timeout(SECONDS):
            value = decode(await fetch(endpoint, f"{endpoint.base_url}{path}"))
    except (CompletionError, TimeoutError, ValueError):
        return []
    rows = value.get("data") if isinstance(value, dict) else value
    found = (read(row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return [model for model in found if model]
