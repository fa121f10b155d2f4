import json

import pytest

from chat.completions import (
    Client,
    CompletionError,
    Endpoint,
    KeyRefused,
    ListedModel,
    NotAnApi,
    ProviderFailed,
    WrongBase,
)
from tests.upstream import Cut, Head, Script, Send, reply

from .asking import KEY, run


def models(upstream, *answers, base: str = "") -> list[ListedModel]:
    upstream.drop_scripts()
    for answer in answers:
        upstream.script(answer if isinstance(answer, Script) else reply(200, answer))
    return run(_models(Endpoint(upstream.base_url + base, KEY)))


async def _models(endpoint: Endpoint) -> list[ListedModel]:
    client = Client()
    try:
        return await client.models(endpoint)
    finally:
        await client.aclose()


def refused(upstream, *answers, base: str = "") -> CompletionError:
    with pytest.raises(CompletionError) as raised:
        models(upstream, *answers, base=base)
    return raised.value


TOGETHER = {
    "id": "zai-org/GLM-5.3", "object": "model", "created": 1786665600, "type": "chat", "running": False,
    "display_name": "GLM 5.3", "organization": "Z.ai", "license": "mit", "context_length": 1048575,
    "config": {"chat_template": "x" * 1_000_000, "stop": ["<|endoftext|>"], "bos_token": None},
    "pricing": {"hourly": 0, "input": 1.4, "output": 4.4, "cached_input": 0.26, "base": 0, "finetune": 0},
}  # fmt: skip

OPENROUTER = {
    "id": "acme/reasoner-mini", "name": "Acme: Reasoner Mini", "created": 1788200000, "context_length": 262144,
    "architecture": {"input_modalities": ["text", "image", "file"], "output_modalities": ["text"]},
    "pricing": {"prompt": "0.00000015", "completion": "0.0000006", "input_cache_read": "0.00000003"},
    "top_provider": {"context_length": 262144, "max_completion_tokens": 65536},
    "supported_parameters": ["max_tokens", "tools", "response_format", "reasoning", "include_reasoning", "seed"],
    "default_parameters": {"temperature": 0.6, "top_p": None}, "reasoning": {"default_effort": "medium"},
}  # fmt: skip

ROWS = {
    "together": (
        TOGETHER,
        ListedModel("zai-org/GLM-5.3", "GLM 5.3", "chat", 1048575, None, 1.4, 4.4, 0.26, owner="Z.ai"),
    ),
    "openai": (
        {"id": "gpt-x-mini", "object": "model", "created": 1780000000, "owned_by": "openai", "shutdown_date": None},
        ListedModel("gpt-x-mini", "gpt-x-mini", "chat", owner="openai"),
    ),
    "openrouter": (
        OPENROUTER,
        ListedModel(
            "acme/reasoner-mini", "Acme: Reasoner Mini", "chat", 262144, 65536, 0.15, 0.6, 0.03,
            ("text", "image", "file"), ("images", "files", "tools", "json", "reasoning"),
            lacks=("audio", "video"), defaults={"temperature": 0.6, "reasoning_effort": "medium"},
        ),
    ),
    "groq": (
        {"id": "a", "active": True, "context_window": 8192, "max_completion_tokens": 1024, "owned_by": "Acme"},
        ListedModel("a", "a", "chat", 8192, 1024, owner="Acme"),
    ),
    "mistral": (
        {"id": "m", "type": "base", "max_context_length": 32768, "name": "M",
         "capabilities": {"completion_chat": True, "function_calling": True, "vision": True, "audio": False},
         "default_model_temperature": 0.3},
        ListedModel("m", "M", "chat", 32768, capabilities=("tools", "images"), lacks=("audio",),
                    defaults={"temperature": 0.3}),
    ),
    "fireworks": (
        {"id": "f", "kind": "HF_BASE_MODEL", "supports_image_input": True, "supports_tools": True},
        ListedModel("f", "f", "chat", capabilities=("images", "tools")),
    ),
    "vllm": (
        {"id": "v", "owned_by": "vllm", "max_model_len": 4096, "root": "v"},
        ListedModel("v", "v", "chat", 4096, owner="vllm"),
    ),
    "llama.cpp": (
        {"id": "/models/l.gguf", "owned_by": "llamacpp", "meta": {"n_ctx_train": 131072},
         "architecture": {"input_modalities": ["text", "image"]}},
        ListedModel("/models/l.gguf", "/models/l.gguf", "chat", 131072, modalities=("text", "image"),
                    capabilities=("images",), owner="llamacpp", lacks=("audio", "video", "files")),
    ),
    "llama.cpp while it loads": ({"id": "l", "meta": None}, ListedModel("l", "l", "chat")),
    "lm studio": (
        {"id": "q", "type": "vlm", "publisher": "acme", "max_context_length": 8192},
        ListedModel("q", "q", "chat", 8192, capabilities=("images",), owner="acme"),
    ),
    "ollama show": (
        {"id": "o", "capabilities": ["completion", "vision", "tools", "thinking"]},
        ListedModel("o", "o", "chat", capabilities=("images", "tools", "reasoning")),
    ),
    "together v2": (
        {"id": "t", "displayName": "T", "contextLength": "262144",
         "inputModalities": ["MODALITY_TEXT", "MODALITY_IMAGE"],
         "features": ["FEATURE_TOOL_CALLING", "FEATURE_REASONING"],
         "pricing": {"input": 1, "output": 2, "cachedInput": 0.5}},
        ListedModel("t", "T", "chat", 262144, None, 1, 2, 0.5, ("text", "image"), ("images", "tools", "reasoning"),
                    lacks=("audio", "video", "files")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("row", "model"), ROWS.values(), ids=ROWS)
def test_a_row_of_every_provider_is_read(upstream, row, model):
    assert models(upstream, {"object": "list", "data": [row]}) == [model]
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    assert (upstream.requests[-1].method, upstream.requests[-1].path) == ("GET", "/v1/models")


@pytest.mark.parametrize(
    "shape", [lambda rows: rows, lambda rows: {"data": rows}, lambda rows: {"models": rows}]
)
def test_every_shape_of_a_list_is_read(upstream, shape):
    assert [model.id for model in models(upstream, shape([{"id": "a"}, {"id": "b"}]))] == ["a", "b"]


def test_a_list_that_is_null_is_empty(upstream):
    assert models(upstream, {"object": "list", "data": None}) == []
    assert models(upstream, []) == []


def test_rows_that_cannot_be_called_and_repeated_rows_are_dropped(upstream):
    rows = [{"id": "a", "name": "first"}, {"id": "a"}, {}, {"id": 7}, {"id": ""}, {"id": " "}, {"id": None}, None, "x",
            {"id": "x" * 301}, {"id": "nul\x00"}, {"id": "b"}]  # fmt: skip
    assert [(model.id, model.name) for model in models(upstream, rows)] == [("a", "first"), ("b", "b")]


@pytest.mark.parametrize(
    ("pricing", "prices"),
    [
        ({"input": 0, "output": 0}, (0, 0, None)),
        ({"prompt": "-1", "completion": "-1"}, (None, None, None)),
        ({"prompt": "", "completion": "free"}, (None, None, None)),
        ({"prompt": "0.000001", "input": None}, (1, None, None)),
        ({"input": float("1e300"), "output": True}, (None, None, None)),
        ({"input": "NaN", "output": "Infinity"}, (None, None, None)),
        ({"input": [1], "output": {"a": 1}}, (None, None, None)),
        ("dear", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_a_price_is_in_dollars_per_million_or_unknown(upstream, pricing, prices):
    (model,) = models(upstream, [{"id": "a", "pricing": pricing}])
    assert (model.price_input, model.price_output, model.price_cached) == prices


@pytest.mark.parametrize(
    ("row", "type"),
    [
        ({"id": "x", "type": "language"}, "language"),
        ({"id": "x", "type": "moderation"}, "moderation"),
        ({"id": "x", "type": "hologram"}, "other"),
        ({"id": "x", "type": None}, "chat"),
        ({"id": "text-embedding-3-small"}, "embedding"),
        ({"id": "whisper-1"}, "transcribe"),
        ({"id": "gpt-4o-mini-tts"}, "audio"),
        ({"id": "dall-e-3"}, "image"),
        ({"id": "e", "type": "embeddings"}, "embedding"),
        ({"id": "x", "architecture": {"output_modalities": ["image"]}}, "image"),
        ({"id": "x", "architecture": {"output_modalities": ["smell"]}}, "other"),
        ({"id": "x", "architecture": "odd"}, "chat"),
    ],
)
def test_the_type_says_what_a_model_is_for_and_hides_nothing(upstream, row, type):
    assert [model.type for model in models(upstream, [row])] == [type]


def test_odd_fields_are_unknown(upstream):
    row = {"id": "a", "context_length": -5, "max_model_len": "many", "display_name": 7, "capabilities": "all",
           "architecture": {"input_modalities": [1, None]}, "top_provider": [],
           "supported_parameters": [{}]}  # fmt: skip
    assert models(upstream, [row]) == [ListedModel("a", "a", "chat")]


def test_a_default_that_is_no_sound_value_is_unknown(upstream):
    told = {"temperature": 10**400, "top_p": "9" * 81, "a\0b": 1, "top_k": True, "min_p": 0.1}
    assert models(upstream, [{"id": "m", "default_parameters": told}])[0].defaults == {"min_p": 0.1}


def test_a_list_has_a_limit_of_rows(upstream):
    rows = [{"id": f"m{number}"} for number in range(10_500)]
    assert len(models(upstream, rows)) == 10_000


def test_a_list_has_a_limit_of_bytes(upstream, monkeypatch):
    monkeypatch.setattr("chat.completions.client.MOST_BYTES", 1000)
    error = refused(upstream, [{"id": "a", "template": "x" * 2000}])
    assert isinstance(error, NotAnApi)


def test_a_base_url_without_v1_is_corrected(upstream):
    upstream.drop_scripts()
    upstream.script(reply(404, "not here"), path="/wrong/models")
    upstream.script(reply(200, [{"id": "a"}]), path="/wrong/v1/models")
    with pytest.raises(WrongBase) as raised:
        run(_models(Endpoint(upstream.base_url + "/wrong", KEY)))
    assert raised.value.suggestion == f"{upstream.base_url}/wrong/v1"
    assert raised.value.suggestion in raised.value.message


def test_a_web_page_instead_of_a_list_is_called_one(upstream):
    page = reply(200, "<html>", {"Content-Type": "text/html"})
    assert type(refused(upstream, page)) is NotAnApi
    assert type(refused(upstream, page, page, base="/wrong")) is NotAnApi


@pytest.mark.parametrize("content", [{}, {"data": "x"}, {"error": "x"}, "plain", 7, '{"data": [', ""])
def test_what_is_no_list_is_called_so(upstream, content):
    assert type(refused(upstream, content)) is NotAnApi


def test_a_wrong_key_is_called_one(upstream):
    error = refused(upstream, reply(401, {"error": {"message": f"Bad key {KEY}"}}))
    assert isinstance(error, KeyRefused)
    assert KEY not in error.said


def test_a_list_cut_off_is_an_error(upstream):
    data = json.dumps([{"id": "a"}] * 100).encode()
    error = refused(upstream, Script([Head(framing="length:99999"), Send(data), Cut()]))
    assert "broke" in error.message


def test_a_provider_that_is_down_is_called_so(upstream):
    assert isinstance(refused(upstream, reply(503, "")), ProviderFailed)


@pytest.mark.parametrize(
    ("row", "origin"),
    [
        ({"id": "ft:gpt-x-mini:acme::7"}, "fine-tuned"),
        ({"id": "m", "type": "fine-tuned"}, "fine-tuned"),
        ({"id": "accounts/acme/models/a", "kind": "HF_PEFT_ADDON"}, "fine-tuned"),
        ({"id": "adapter", "parent": "base"}, "fine-tuned"),
        ({"id": "base", "parent": None}, ""),
        ({"id": "mine", "pricing": {"hourly": 2.5}}, "dedicated"),
        ({"id": "theirs", "pricing": {"hourly": 0}}, ""),
        ({"id": "odd", "pricing": {"hourly": "much"}}, ""),
    ],
)
def test_whose_a_model_is_stands_in_its_row(upstream, row, origin):
    [model] = models(upstream, [row])
    assert (model.origin, model.type) == (origin, "chat")


FINE_TUNES = {
    "data": [
        {"status": "completed", "model_output_name": "acme/base-7", "suffix": "support"},
        {"status": "running", "model_output_name": "acme/base-8"},
        {"status": "completed"},
        "nonsense",
    ]
}
ENDPOINTS = {
    "object": "list",
    "data": [
        {"name": "acme/busy-1", "model": "base", "type": "dedicated", "state": "STARTED"},
        {"name": "acme/idle-1", "model": "base", "type": "dedicated", "state": "STOPPED"},
        {"name": "base", "model": "base", "type": "serverless", "state": "STARTED"},
    ],
}


def of_together(upstream, fine_tunes: Script, endpoints: Script) -> dict[str, ListedModel]:
    upstream.drop_scripts()
    upstream.script(
        reply(200, [{"id": "base"}, {"id": "acme/busy-1", "context_length": 4096}]), path="/models"
    )
    upstream.script(fine_tunes, path="/fine-tunes")
    upstream.script(endpoints, path="/endpoints")
    listed = run(_models(Endpoint(upstream.base_url, KEY, "together")))
    return {model.id: model for model in listed}


def test_together_tells_of_ones_own_models_elsewhere(upstream):
    found = of_together(upstream, reply(200, FINE_TUNES), reply(200, ENDPOINTS))
    origins = {id: model.origin for id, model in found.items()}
    assert origins == {"base": "", "acme/busy-1": "dedicated", "acme/base-7": "fine-tuned"}
    assert found["acme/busy-1"].context_length == 4096
    assert found["acme/base-7"].name == "support"


@pytest.mark.parametrize("bad", [reply(404, {}), reply(401, {}), reply(200, "?"), reply(200, {"data": 7})])
def test_ones_own_models_are_an_addition(upstream, bad):
    assert set(of_together(upstream, bad, bad)) == {"base", "acme/busy-1"}
