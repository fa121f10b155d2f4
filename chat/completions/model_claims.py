"""What a row of a model list says that the model can do and cannot do, its own defaults, and whose it is."""

from collections.abc import Iterator

from .characters import clean

Json = dict[str, object]

CAPABILITIES = {
    "tools": "tools", "function_calling": "tools", "supports_tools": "tools", "feature_tool_calling": "tools",
    "response_format": "json", "structured_outputs": "json", "json_mode": "json",
    "feature_structured_output": "json",
    "reasoning": "reasoning", "include_reasoning": "reasoning", "reasoning_effort": "reasoning",
    "thinking": "reasoning", "feature_reasoning": "reasoning",
    "logprobs": "logprobs", "top_logprobs": "logprobs",
    "vision": "images", "image": "images", "supports_image_input": "images",
    "audio": "audio", "video": "video", "file": "files",
}  # fmt: skip
# A list of these is whole: what is not on it, the model does not have.
BY_PARAMETERS = ("tools", "json", "reasoning")
BY_MODALITIES = ("images", "audio", "video", "files")

MODALITIES = ("architecture.input_modalities", "input_modalities", "inputModalities")
MOST_DEFAULTS = 40
MOST = 2**53
LONGEST_NAME = 80


def at(row: Json, path: str) -> object:
    value: object = row
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def modalities_of(row: Json) -> tuple[str, ...]:
    value = next((found for key in MODALITIES if isinstance(found := at(row, key), list)), [])
    names = (item.lower().removeprefix("modality_") for item in value if isinstance(item, str))
    return tuple(dict.fromkeys(clean(name)[:40] for name in names))[:20]


def capabilities_of(row: Json) -> tuple[str, ...]:
    claims = [*((name, True) for name in modalities_of(row)), *_claims(row)]
    return tuple(dict.fromkeys(_known(name) for name, has in claims if has and _known(name)))


def lacks_of(row: Json) -> tuple[str, ...]:
    """What it cannot do, as far as the list says so. Of what it does not speak of, nothing is known."""
    denied = [_known(name) for name, has in _claims(row) if not has]
    parameters = row.get("supported_parameters")
    if isinstance(parameters, list) and any(isinstance(name, str) for name in parameters):
        denied += BY_PARAMETERS
    if modalities_of(row):
        denied += BY_MODALITIES
    has = capabilities_of(row)
    return tuple(name for name in dict.fromkeys(denied) if name and name not in has)


def defaults_of(row: Json) -> dict[str, float | str]:
    """The values that the model takes where a parameter is not sent."""
    told = row.get("default_parameters")
    values = dict(told) if isinstance(told, dict) else {}
    values.setdefault("temperature", row.get("default_model_temperature"))
    values.setdefault("reasoning_effort", at(row, "reasoning.default_effort"))
    sound = {name: value for name, value in values.items() if _is_sound(value) and _is_sound(name)}
    return dict(list(sound.items())[:MOST_DEFAULTS])


def origin_of(row: Json, id: str) -> str:
    """Fine-tuned by somebody, or on machines of one's own; empty for what everybody is offered."""
    if id.startswith("ft:") or row.get("type") == "fine-tuned" or row.get("kind") == "HF_PEFT_ADDON":
        return "fine-tuned"
    if isinstance(row.get("parent"), str) and row["parent"]:
        return "fine-tuned"  # an adapter that vLLM serves
    hourly = at(row, "pricing.hourly")
    return "dedicated" if isinstance(hourly, int | float) and hourly > 0 else ""


def _known(claim: str) -> str:
    return CAPABILITIES.get(claim.lower(), "")


def _claims(row: Json) -> Iterator[tuple[str, bool]]:
    """Everything that a row says the model can do or not do, in the provider's words."""
    for key in ("supported_parameters", "capabilities", "features"):
        value = row.get(key)
        if isinstance(value, list):
            yield from ((item, True) for item in value if isinstance(item, str))
        elif isinstance(value, dict):
            yield from ((name, has) for name, has in value.items() if isinstance(has, bool))
    for key, has in row.items():
        if key.startswith("supports_") and isinstance(has, bool):
            yield key, has
    if row.get("type") == "vlm":
        yield "vision", True


def _is_sound(value: object) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= LONGEST_NAME and clean(value) == value
    # A number that JSON can carry anywhere. Infinities and NaN are in no range.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST
