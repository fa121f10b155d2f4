"""From the body of a request back to the settings that made it: `payload`, the other way round."""

from collections.abc import Iterable, Mapping

from .parameter import Parameter
from .parameters import PARAMETERS

Body = Mapping[str, object]

# What every request has, whatever is set.
NOT_SET_HERE = ("model", "messages", "stream_options")
# What a request that goes on with an answer has beside that: chat/completions/dialects.py.
TO_GO_ON = ("continue_final_message", "add_generation_prompt")
MOST_ALTERNATIVES = 20
SCHEMA = ("response_format", "json_schema", "schema")


def settings_in(body: Body, dialect: str) -> dict[str, object]:
    """What was set, as far as it can be seen: that it streams, which is what happens anyway, is not."""
    leaves = {path: value for path, value in leaves_of(body) if path[0] not in (*NOT_SET_HERE, *TO_GO_ON)}
    schema = leaves.get(SCHEMA)
    found: dict[str, object] = {} if schema is None else {"schema": schema}
    for parameter in PARAMETERS:
        if not parameter.taken_by(dialect) or parameter.name == "extra":
            continue
        for value in candidates(parameter, dialect, leaves):
            sent = dict(leaves_of(parameter.sent(dialect, value, found)))
            if sent and all(path in leaves and leaves[path] == at for path, at in sent.items()):
                found[parameter.name] = value
                leaves = {path: at for path, at in leaves.items() if path not in sent}
                break
    if found.get("stream") == "on":
        del found["stream"]
    rest = {path[0]: body[path[0]] for path in leaves}
    return {**found, "extra": rest} if rest else found


def candidates(
    parameter: Parameter, dialect: str, leaves: Mapping[tuple[str, ...], object]
) -> Iterable[object]:
    """The values that may have made these leaves; the one that says most comes first."""
    if not parameter.encode:
        key = (parameter.key(dialect),)
        return [leaves[key]] if key in leaves else []
    return parameter.choices or reversed(range(MOST_ALTERNATIVES + 1))


def leaves_of(body: Body, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], object]]:
    """Down to what one parameter may share with another; a schema and a bias are values, and stay whole."""
    for key, value in body.items():
        here = (*path, key)
        whole = here[0] == "logit_bias" or key == "schema"
        if isinstance(value, Mapping) and value and not whole:
            yield from leaves_of(value, here)
        else:
            yield here, value
