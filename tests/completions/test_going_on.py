"""The exact request that asks a model to go on with an answer, of each dialect."""

from typing import Any

import pytest

from chat.completions import DIALECTS, ask_to_go_on, base_url_for, build_chat_body, known_to_go_on

START = "Once  upon a\n time, "
MESSAGES = [{"role": "user", "content": "A tale"}, {"role": "assistant", "content": START}]
LAST = {"role": "assistant", "content": START}
KEYS: dict[str, dict[str, Any]] = {"vllm": {"continue_final_message": True, "add_generation_prompt": False}}
PREFIXED = ("mistral", "deepseek")


def asking(dialect: str, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    return ask_to_go_on(dialect, build_chat_body(dialect, "m", MESSAGES, settings or {}))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_only_the_keys_that_the_dialect_needs_are_sent(dialect: str) -> None:
    plain = build_chat_body(dialect, "m", MESSAGES, {})
    last = {**LAST, "prefix": True} if dialect in PREFIXED else LAST
    assert asking(dialect) == {**plain, "messages": [MESSAGES[0], last], **KEYS.get(dialect, {})}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_request_that_does_not_go_on_has_none_of_them(dialect: str) -> None:
    body = build_chat_body(dialect, "m", MESSAGES, {})
    assert body["messages"] == MESSAGES
    assert not {"continue_final_message", "add_generation_prompt"} & set(body)


def test_what_the_person_set_under_such_a_key_stays() -> None:
    body = asking("vllm", {"extra": {"add_generation_prompt": True}})
    assert body["add_generation_prompt"] is True


def test_the_messages_that_were_given_are_not_touched() -> None:
    asking("mistral")
    assert MESSAGES[-1] == LAST


@pytest.mark.parametrize(
    ("dialect", "base", "goes_to"),
    [
        ("deepseek", "https://api.deepseek.com", "https://api.deepseek.com/beta"),
        ("deepseek", "https://api.deepseek.com/v1", "https://api.deepseek.com/beta"),
        ("deepseek", "https://proxy.example/deepseek", "https://proxy.example/deepseek"),
        ("mistral", "https://api.mistral.ai/v1", "https://api.mistral.ai/v1"),
        ("openai", "https://api.openai.com/v1", "https://api.openai.com/v1"),
    ],
)
def test_only_deepseek_has_an_address_of_its_own_for_it(dialect: str, base: str, goes_to: str) -> None:
    assert base_url_for(dialect, base, asking(dialect)) == goes_to
    assert base_url_for(dialect, base, build_chat_body(dialect, "m", MESSAGES, {})) == base
    assert base_url_for(dialect, base, {}) == base_url_for(dialect, base, {"messages": ["?"]}) == base


@pytest.mark.parametrize(
    ("dialect", "base", "model", "known"),
    [
        ("openai", "https://api.openai.com/v1", "gpt", False),
        # Whatever stands at an address of which nothing is known.
        ("openai", "https://llm.example/v1", "m", None),
        ("openrouter", "https://openrouter.ai/api/v1", "openai/gpt", False),
        ("openrouter", "https://openrouter.ai/api/v1", "mistralai/m", None),
        ("together", "https://api.together.ai/v1", "m", None),
        ("vllm", "https://vllm.example/v1", "m", True),
        ("mistral", "https://api.mistral.ai/v1", "m", True),
        ("demo", "http://demo.invalid/v1", "demo/ngram", True),
        ("demo", "http://demo.invalid/v1", "demo/showcase", False),
    ],
)
def test_what_is_known_of_a_model(dialect: str, base: str, model: str, known: bool | None) -> None:
    assert known_to_go_on(dialect, base, model) is known
