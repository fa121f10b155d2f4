"""The models that a provider lists, in one shape."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from .endpoint import Endpoint
from .errors import CompletionError, ModelUnknown, NotAnApi, WrongBase
from .model_rows import ListedModel, read_row
from .own_models import list_own_models
from .words import decode

MOST_ROWS = 10_000
MOST_BYTES = 32 * 1024 * 1024

Fetch = Callable[[Endpoint, str], Awaitable[bytes]]


async def list_models(fetch: Fetch, endpoint: Endpoint) -> list[ListedModel]:
    """The catalogue at this base URL. Raises WrongBase if there is none, but one below `/v1`."""
    try:
        listed = read_models(await fetch(endpoint, f"{endpoint.base_url}/models"), endpoint.host)
        return merged(listed, await list_own_models(fetch, endpoint))
    except (NotAnApi, ModelUnknown) as error:
        suggestion = f"{endpoint.base_url}/v1"
        if endpoint.base_url.endswith("/v1") or not await _answers(fetch, endpoint, suggestion):
            raise
        raise WrongBase(f"The API is not at this address, but at {suggestion}", suggestion) from error


def read_models(data: bytes, host: str) -> list[ListedModel]:
    """The rows with an id, each id once, in the provider's order. Raises NotAnApi if it is no list."""
    try:
        value = decode(data)
    except ValueError:
        raise NotAnApi(
            f"{host} answered with something that is no list of models. Check the base URL."
        ) from None
    if isinstance(value, dict):
        keys = [key for key in ("data", "models") if key in value]
        value = (value[keys[0]] or []) if keys else value
    if not isinstance(value, list):
        raise NotAnApi(f"{host} answered, but not with a list of models. Check the base URL.")
    models: dict[str, ListedModel] = {}
    for row in value[:MOST_ROWS]:
        if isinstance(row, dict) and (model := read_row(row)):
            models.setdefault(model.id, model)
    return list(models.values())


def merged(listed: list[ListedModel], own: list[ListedModel]) -> list[ListedModel]:
    """One row for each id. The list knows more of a model, the other one that it is one's own."""
    origins = {model.id: model.origin for model in own}
    known = {model.id for model in listed}
    ours = [model for model in own if model.id not in known]
    return [replace(model, origin=origins.get(model.id, model.origin)) for model in listed] + ours


async def _answers(fetch: Fetch, endpoint: Endpoint, base_url: str) -> bool:
    try:
        read_models(await fetch(endpoint, f"{base_url}/models"), endpoint.host)
    except CompletionError:
        return False
    return True
