"""From a provider's row to what the client needs: the address, the key in clear, and how far both may reach."""

from collections.abc import Mapping
from typing import Any

from chat.completions import Endpoint, base_url_for
from chat.models import Provider
from chat.sealing import CannotUnseal


class Unusable(Exception):
    """The row's address or key is of no use. The message says why."""


def endpoint_of(provider: Provider, body: Mapping[str, Any] | None = None) -> Endpoint:
    """Where it is asked, or where this body goes. Raises Unusable.

    An address that an ordinary user typed may lie in public only: our network is not theirs.
    """
    public_only = provider.owner_id is not None
    try:
        base_url = base_url_for(provider.dialect, provider.base_url, body or {})
        return Endpoint(base_url, provider.key, provider.dialect, public_only=public_only)
    except (CannotUnseal, ValueError) as error:
        raise Unusable(str(error)) from None
