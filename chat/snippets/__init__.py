"""A request as code: whoever runs it sends the very same body. PURE: text from data, nothing is called.

    snippet("python-openai", generation.url, generation.request, "OPENAI_API_KEY")

The key itself is never known here: code reads it from the environment.
"""

from collections.abc import Mapping

from .request import Request, streamed
from .targets import BY_NAME, TARGETS, Target, targets_for
from .values import sendable

__all__ = ["TARGETS", "Target", "snippet", "streamed", "targets_for"]


def snippet(target: str, url: str, body: Mapping[str, object], key_variable: str) -> str:
    """The code for one target, ending in a line feed. `url` ends in /chat/completions.

    `key_variable` is the name of the environment variable with the key; empty if the server asks for none.
    Raises ValueError for a target that there is not, or that cannot call this address.
    """
    found = BY_NAME.get(target)
    request = Request(url, sendable(body), key_variable)
    if found is None or not found.reaches(request):
        raise ValueError(f"There is no code of the kind {target!r} for {url}")
    return found.write(request)
