"""The panel: what stands in a field that is not set."""

from typing import Any

import pytest

from chat.catalogue import row_of
from chat.completions.model_rows import read_row
from chat.demo.catalogue import MODELS, NGRAM
from chat.models import Conversation, LanguageModel, Provider
from chat.panel import panel_for

pytestmark = pytest.mark.django_db


def defaults(dialect: str, base_url: str, **known: Any) -> dict[str, str]:
    provider = Provider(name="P", base_url=base_url, dialect=dialect)
    model = LanguageModel(provider=provider, name="m", **known)
    panel = panel_for(Conversation(provider=provider, model="m"), model)
    fields = [field for _, section in panel.sections for field in section]
    return {field.parameter.name: field.default for field in fields if field.default}


def test_a_models_own_defaults_are_shown_where_its_list_tells_them() -> None:
    assert defaults(
        "openrouter", "https://o.test/v1", defaults={"temperature": 0.6, "reasoning_effort": "low"}
    ) == {
        "temperature": "0.6",
        "reasoning_effort": "low",
    }


def test_the_documented_ones_stand_where_the_list_tells_none() -> None:
    found = defaults("llamacpp", "http://localhost:8080/v1", defaults={"temperature": 0.1})
    assert found == {"temperature": "0.1", "top_p": "0.95"}


def test_what_openai_documents_is_said_of_openai_alone() -> None:
    assert defaults("openai", "https://api.openai.com/v1")["temperature"] == "1"
    assert defaults("openai", "https://somebody.test/v1") == {}


@pytest.mark.parametrize("told", ["hot", [1], {"a": 1}, None])
def test_a_default_that_makes_no_sense_is_not_shown(told: Any) -> None:
    assert (
        defaults("vllm", "https://v.test/v1", defaults={"temperature": told, "reasoning_effort": told}) == {}
    )


def test_a_parameter_that_is_not_taken_has_none() -> None:
    assert defaults("mistral", "https://m.test/v1", defaults={"top_k": 5}) == {}


def test_the_demo_model_tells_its_own() -> None:
    row = read_row(dict(MODELS[NGRAM]))
    assert row
    model = row_of(Provider(), row)
    assert defaults("demo", "http://demo.invalid/v1", defaults=model.defaults) == {
        "temperature": "0.7", "top_p": "1", "top_k": "0", "min_p": "0", "repetition_penalty": "1",
        "presence_penalty": "0", "frequency_penalty": "0",
    }  # fmt: skip
