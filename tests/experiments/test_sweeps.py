"""A sweep over anything: the requests that arrive differ in the one key that was varied, and in nothing else."""

import json
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest

from chat.completions import DIALECTS
from chat.experiments.sweeps import PAIRS, refuse_unless_one_key_differs
from chat.experiments.variations import (
    MOST_VALUES,
    NOT_SET,
    Sweep,
    of_parameter,
    of_prompt_versions,
    of_system_prompts,
    values_in,
)
from chat.generation.begin import request_for
from chat.models import Conversation, LanguageModel, Message, Prompt, Provider
from chat.placeholders import Variable
from chat.refusals import Refused
from chat.sampling import BY_NAME, PARAMETERS, Parameter

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def typed_values(parameter: Parameter) -> list[str]:
    """Three that it takes, as a person types them, and for most also none at all."""
    low, high = parameter.minimum, parameter.maximum
    match parameter.kind:
        case "number":
            return [parameter.show(value) for value in (low, ((low or 0) + (high or 0)) / 2, high)] + [""]
        case "integer":
            least = int(low or 0)
            return [str(value) for value in (least, least + 1, int(min(high or 0, 16.0)))] + [
                "" if least else "2"
            ]
        case "choice":
            # Not set streams, as "on" does.
            return list(parameter.choices[:3]) if parameter.name == "stream" else [*parameter.choices[:3], ""]
        case "text":
            return ["one", "two, and three", ""]
        case "lines":
            return ["END", "one\ntwo, three", ""]
        case "bias":
            return ["1712: -100", "5: 3\n6: 1", ""]
        case _:
            return ['{"top_a": {"b": [1]}}', '{\n  "top_a": 2\n}'] + (
                [] if parameter.name == "schema" else [""]
            )


def settings_beside(parameter: Parameter) -> dict[str, Any]:
    """Others that are set, and without which some cannot be sent."""
    others: dict[str, Any] = {"user": "somebody"} if parameter.name != "user" else {"max_tokens": 50}
    if parameter.name == "response_format":
        others["schema"] = SCHEMA
    if parameter.name == "schema":
        others["response_format"] = "json_schema"
    return others


def differing(bodies: Sequence[dict[str, Any]]) -> set[str]:
    keys = {key for body in bodies for key in body}
    return {key for key in keys if len({json.dumps(body.get(key, "absent")) for body in bodies}) > 1}


def key_of(parameter: Parameter, dialect: str) -> set[str]:
    """By which this dialect sends it."""
    if parameter.name == "schema":
        return {"response_format"}
    if parameter.name == "stream":
        return {"stream", "stream_options"}
    settings = settings_beside(parameter)
    sent = [
        parameter.sent(dialect, parameter.parse(text), settings) for text in typed_values(parameter) if text
    ]
    return {key for each in sent for key in each}


def assert_only(keys: set[str], bodies: Sequence[dict[str, Any]]) -> None:
    """Each differs from each of the others, in these keys, which are one setting."""
    assert len(keys) == 1 or keys in PAIRS
    for one, other in combinations(bodies, 2):
        assert differing([one, other])
        assert differing([one, other]) <= keys


TAKEN = [(p.name, dialect) for p in PARAMETERS for dialect in DIALECTS if p.taken_by(dialect)]
# Each parameter once on its way, by the first dialect that takes it.
SENT = list({name: (name, dialect) for name, dialect in reversed(TAKEN)}.values())


def test_every_parameter_is_swept() -> None:
    assert {name for name, _ in SENT} == {parameter.name for parameter in PARAMETERS}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "dialect"), TAKEN)
def test_in_every_dialect_one_key_differs(conversation: Conversation, name: str, dialect: str) -> None:
    parameter = BY_NAME[name]
    speak(conversation, dialect)
    conversation.settings = settings_beside(parameter)
    sweep = of_parameter(parameter, typed_values(parameter))
    question = Message.objects.create(conversation=conversation, role="user", parts=[])
    refuse_unless_one_key_differs(conversation, sweep, question)
    varied = [variation.applied_to(conversation) for variation in sweep.variations]
    assert_only(key_of(parameter, dialect), [request_for(each, question)[1] for each in varied])
    assert conversation.settings == settings_beside(parameter)


def speak(conversation: Conversation, dialect: str) -> None:
    assert conversation.provider
    conversation.provider.dialect = dialect
    conversation.provider.save()


# What is no sweep


def refusal(conversation: Conversation, sweep: Sweep) -> str:
    with pytest.raises(Refused) as refused:
        refuse_unless_one_key_differs(conversation, sweep, None)
    assert refused.value.status == 422
    return str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("settings", "name", "values", "words"),
    [
        ({}, "stream", ["on", ""], "“on” and “not set” would send the same request"),
        (
            {"extra": {"temperature": 1}},
            "temperature",
            ["0", "0.5"],
            "“0” and “0.5” would send the same request",
        ),
        (
            {},
            "extra",
            ['{"a": 1}', '{"b": 1}'],
            "would change 2 keys of the request: a, b. A sweep changes one.",
        ),
        ({}, "extra", ["{}", ""], "would send the same request"),
        ({}, "schema", ['{"a": 1}', '{"b": 1}'], "with the response format json_schema only"),
        (
            {},
            "response_format",
            ["text", "json_schema"],
            "json_schema: The response format json_schema needs",
        ),
        ({}, "extra", ['{"model": "other"}', ""], "model is set elsewhere on this page"),
        (
            {},
            "reasoning",
            ["on", "off"],
            "Reasoning is not sent: Scripted does not take it. So no request would",
        ),
    ],
)
def test_where_not_one_key_would_differ_it_is_said(
    conversation: Conversation, settings: dict[str, Any], name: str, values: list[str], words: str
) -> None:
    conversation.settings = settings
    assert words in refusal(conversation, of_parameter(BY_NAME[name], values))


@pytest.mark.django_db
def test_what_the_model_rejected_before_is_not_swept(conversation: Conversation) -> None:
    LanguageModel.objects.get(name="scripted").refuse("temperature", "It is fixed.")
    words = refusal(conversation, of_parameter(BY_NAME["temperature"], ["0", "1"]))
    assert words == "Temperature is not sent: scripted rejected it. So no request would differ."


@pytest.mark.django_db
def test_without_a_model_there_is_nothing_to_sweep(conversation: Conversation) -> None:
    conversation.provider = None
    assert "Choose a model first" in refusal(conversation, of_parameter(BY_NAME["temperature"], ["0", "1"]))


@pytest.mark.django_db
def test_a_prompt_without_its_value_is_named_with_its_version(conversation: Conversation) -> None:
    prompt = Prompt.objects.create(owner=conversation.owner, name="Helper")
    versions = [prompt.save_version("Plain.", []), prompt.save_version("For {{who}}.", [Variable("who")])]
    assert refusal(conversation, of_prompt_versions(versions)) == "v2: who has no value."


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("temperature", ["0", "hot"], "“hot” cannot be: Temperature must be a number"),
        ("temperature", ["0", "2.5"], "“2.5” cannot be: Temperature must be from 0 to 2."),
        ("top_k", ["1", "1.5"], "“1.5” cannot be: Top K must be a whole number"),
        ("reasoning_effort", ["low", "lots"], "“lots” cannot be: Reasoning effort must be one of"),
        ("extra", ["{}", "[1]"], "“[1]” cannot be: Extra parameters must be a JSON object"),
        ("logit_bias", ["1: 1", "x" * 90], f"“{'x' * 60}…” cannot be"),
        ("temperature", ["0.7", "1", "0.70"], "“0.7” stands here twice"),
        ("temperature", ["", "1", " "], "“not set” stands here twice"),
        ("stop", ["a\nb", "a\nb"], "“a b” stands here twice"),
        ("extra", ['{"a": 1, "b": 2}', '{"b": 2, "a": 1}'], "are the same"),
        ("temperature", ["1"], "at least two values"),
        ("temperature", [], "at least two values"),
        ("seed", [str(value) for value in range(17)], "takes 16 values at most, and here are 17"),
    ],
)
def test_values_that_cannot_be_are_named(name: str, values: list[str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        of_parameter(BY_NAME[name], values)
    assert words in str(refused.value)


def test_however_many_values_there_are_they_are_only_counted() -> None:
    """By pairs, these would take hours."""
    text = "\n".join(str(number) for number in range(500_000))
    with pytest.raises(Refused, match="here are 500000"):
        of_parameter(BY_NAME["seed"], values_in(text, BY_NAME["seed"]))


def test_system_prompts_that_are_the_same_are_named() -> None:
    with pytest.raises(Refused, match="System prompt 1 and System prompt 3 are the same"):
        of_system_prompts(["a", "b", "a"])
    assert len(of_system_prompts([str(number) for number in range(MOST_VALUES)]).variations) == MOST_VALUES


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("temperature", "", []),
        ("temperature", "0\n0.3\n", ["0", "0.3"]),
        ("temperature", "0, 0.3 ,1,", ["0", "0.3", "1"]),
        ("temperature", "0\n\n1", ["0", "", "1"]),
        ("temperature", " , \n1", ["", "1"]),
        ("reasoning_effort", "low, high\nmax", ["low", "high", "max"]),
        ("user", "Doe, John\nRoe", ["Doe, John", "Roe"]),
        ("user", "a\u2028b\nc", ["a\u2028b", "c"]),
    ],
)
def test_values_stand_on_lines_and_between_commas(name: str, text: str, values: list[str]) -> None:
    assert values_in(text, BY_NAME[name]) == values


def test_true_is_another_value_than_one() -> None:
    assert len(of_parameter(BY_NAME["extra"], ['{"a": true}', '{"a": 1}']).variations) == 2


def test_a_value_that_is_not_set_is_called_so() -> None:
    sweep = of_parameter(BY_NAME["temperature"], ["", "0.5"])
    assert [variation.label for variation in sweep.variations] == [NOT_SET, "0.5"]


def test_the_conversation_itself_is_left_alone(alice: Any, provider: Provider) -> None:
    conversation = Conversation(owner=alice, provider=provider, model="scripted", settings={"seed": 1})
    [varied, _] = [v.applied_to(conversation) for v in of_parameter(BY_NAME["seed"], ["5", ""]).variations]
    assert (varied.settings, conversation.settings) == ({"seed": 5}, {"seed": 1})
    assert varied.pk == conversation.pk
