"""What the code says: the address where it is not the SDK's own, parameters in their places, the key by name."""

import ast
import inspect
from typing import Any

import openai
import pytest
import together

from chat.snippets import TARGETS, snippet, streamed, targets_for
from chat.snippets.sdks import OPENAI_PARAMETERS, TOGETHER_PARAMETERS
from tests.snippets.bodies import EXAMPLE, PLAIN

TOGETHER = "https://api.together.ai/v1/chat/completions"
OPENAI = "https://api.openai.com/v1/chat/completions"
OTHER = "https://llm.example.org/v1/chat/completions"
ALL = [target.name for target in TARGETS]
SDKS = ["python-together", "python-openai", "typescript-together", "typescript-openai"]


@pytest.mark.parametrize(
    ("package", "parameters"), [(openai, OPENAI_PARAMETERS), (together, TOGETHER_PARAMETERS)]
)
def test_what_is_called_a_parameter_is_one(package: Any, parameters: frozenset[str]) -> None:
    create = package.resources.chat.completions.Completions if package is openai else None
    create = create or package.resources.chat.CompletionsResource
    assert parameters <= inspect.signature(create.create).parameters.keys()


@pytest.mark.parametrize("target", ALL)
@pytest.mark.parametrize("url", [TOGETHER, OPENAI, OTHER])
def test_the_address_is_named_unless_the_sdk_calls_it_unasked(target: str, url: str) -> None:
    code = snippet(target, url, PLAIN, "API_KEY")
    own = (target.endswith("together") and url == TOGETHER) or (target.endswith("openai") and url == OPENAI)
    assert ("base_url" in code or "baseURL" in code or url in code) is not own


def test_an_sdk_that_adds_the_version_itself_is_told_the_address_without_it() -> None:
    assert 'base_url="https://llm.example.org"' in snippet("python-together", OTHER, PLAIN, "")
    assert 'baseURL: "https://llm.example.org/v1"' in snippet("typescript-together", OTHER, PLAIN, "")


def test_an_address_that_an_sdk_cannot_call_has_no_code_for_it() -> None:
    url = "https://api.deepseek.com/chat/completions"
    assert [target.name for target in targets_for(url)] == [name for name in ALL if name != "python-together"]
    with pytest.raises(ValueError, match="python-together"):
        snippet("python-together", url, PLAIN, "")


def test_there_is_no_code_of_another_kind() -> None:
    with pytest.raises(ValueError, match="cobol"):
        snippet("cobol", TOGETHER, PLAIN, "")


@pytest.mark.parametrize("target", ALL)
def test_the_key_is_named_and_read_from_the_environment(target: str) -> None:
    assert "TOGETHER_API_KEY" in snippet(target, TOGETHER, PLAIN, "TOGETHER_API_KEY")


@pytest.mark.parametrize("target", [name for name in ALL if name not in SDKS])
def test_where_no_key_is_asked_for_nothing_is_said_of_one(target: str) -> None:
    code = snippet(target, OTHER, PLAIN, "")
    assert "uthorization" not in code
    assert "environ" not in code
    assert "process.env" not in code


def test_parameters_that_python_sdks_do_not_know_go_into_the_extra_body() -> None:
    body = {**PLAIN, "min_p": 0.1, "stream_options": {"include_usage": True}, "mine": None}
    with_openai = snippet("python-openai", OPENAI, body, "OPENAI_API_KEY")
    assert 'extra_body={"top_k": 5, "min_p": 0.1, "mine": None}' in with_openai
    assert "\n    stream_options=" in with_openai
    with_together = snippet("python-together", TOGETHER, body, "TOGETHER_API_KEY")
    assert 'extra_body={"stream_options": {"include_usage": True}, "mine": None}' in with_together
    assert "\n    top_k=5," in with_together


def test_parameters_that_typescript_does_not_know_are_spread() -> None:
    assert "...{ top_k: 5 }" in snippet("typescript-openai", OPENAI, PLAIN, "OPENAI_API_KEY")
    assert "...{" not in snippet("typescript-together", TOGETHER, PLAIN, "TOGETHER_API_KEY")


@pytest.mark.parametrize("target", ["typescript-together", "typescript-openai", "fetch"])
def test_only_a_body_with_huge_integers_is_sent_as_text(target: str) -> None:
    assert "const body = `{" in snippet(target, OTHER, {**PLAIN, "seed": 2**53}, "")
    assert "const body" not in snippet(target, OTHER, {**PLAIN, "seed": 2**53 - 1}, "")


def test_a_stream_that_is_switched_off_takes_its_options_with_it() -> None:
    off = streamed(EXAMPLE, on=False)
    assert off == {key: value for key, value in EXAMPLE.items() if key != "stream_options"} | {
        "stream": False
    }
    assert streamed(PLAIN, on=True) == PLAIN
    assert EXAMPLE["stream"] is True


@pytest.mark.parametrize("target", ["python-together", "python-openai", "python-httpx"])
def test_python_needs_every_import_that_it_has(target: str) -> None:
    for body in (PLAIN, {**PLAIN, "stream": False}, EXAMPLE, {**EXAMPLE, "stream": False}):
        for key in ("API_KEY", ""):
            tree = ast.parse(snippet(target, OTHER, body, key))
            imported = {
                alias.name
                for node in tree.body
                if isinstance(node, (ast.Import, ast.ImportFrom))
                for alias in node.names
            }
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert imported <= used


def test_an_odd_address_is_quoted_for_the_shell() -> None:
    code = snippet("curl", "https://llm.example.org/$(id)/{a,b}'/v1/chat/completions", PLAIN, "")
    assert code.startswith(
        """curl --globoff 'https://llm.example.org/$(id)/{a,b}'"'"'/v1/chat/completions' \\\n"""
    )


def test_the_whole_of_a_snippet() -> None:
    body = {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": False,
        "temperature": 0.5,
    }
    assert (
        snippet("python-together", TOGETHER, body, "TOGETHER_API_KEY")
        == """\
import os

from together import Together

client = Together(api_key=os.environ["TOGETHER_API_KEY"])

completion = client.chat.completions.create(
    model="m",
    messages=[{"role": "user", "content": "Hi"}],
    stream=False,
    temperature=0.5,
)
print(completion.choices[0].message.content)
"""
    )
