"""What is set becomes the request. A parameter that a person did not set is not in `settings` at all, and so its key is
not in the request."""

from collections.abc import Mapping

from .parameter import Parameter, Settings
from .parameters import PARAMETERS

# What a conversation has fields of its own for.
NOT_EXTRA = ("model", "messages", "stream")


def contradiction(settings: Settings) -> tuple[str, str] | None:
    """The name of a parameter that cannot be sent beside the others, and why."""
    if settings.get("response_format") == "json_schema" and not settings.get("schema"):
        return "schema", "The response format json_schema needs a schema here."
    extra = settings.get("extra")
    taken = [key for key in NOT_EXTRA if isinstance(extra, Mapping) and key in extra]
    if taken:
        return "extra", f"{taken[0]} is set elsewhere on this page and cannot be replaced here."
    return None


def payload(settings: Settings, dialect: str) -> dict[str, object]:
    """The part of the request body that the settings make: set parameters only, under the dialect's keys."""
    body: dict[str, object] = {}
    for parameter in PARAMETERS:
        if parameter.name in settings and parameter.taken_by(dialect):
            for key, value in parameter.sent(dialect, settings[parameter.name], settings).items():
                before = body.get(key)
                # Two parameters may share an object, such as OpenRouter's `reasoning`.
                body[key] = (
                    {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
                )
    return body


def parameter_behind(key: str, dialect: str) -> Parameter | None:
    """The parameter that put this key into a request of this dialect."""
    found = (p for p in PARAMETERS if key in p.keys or (not p.encode and p.key(dialect) == key))
    return next(found, None)
