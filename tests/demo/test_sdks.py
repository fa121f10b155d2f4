"""The official SDKs, as clients of a real server on a real port, take every answer and map every error."""

import base64
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import together
from PIL import Image

from tests.demo.checker import check

ROOT = Path(__file__).resolve().parents[2]

QUESTION: Any = [{"role": "user", "content": "How warm is it in Oslo?"}]
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
TOOLS: Any = [{"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}]
MODELS = ["demo/ngram", "demo/showcase"]


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "demo_server", "--port", str(port), "--pace", "0"]
    environment = os.environ | {
        "PLAYGROUND_DATA": str(tmp_path_factory.mktemp("data")),
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            assert line.startswith("The demo models answer at http://127.0.0.1:"), line
            yield line.split(" at ")[1].strip()
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def openai_client(base_url: str) -> Iterator[openai.OpenAI]:
    options: Any = {"_strict_response_validation": True}
    with openai.OpenAI(base_url=base_url, api_key="none", max_retries=0, **options) as client:
        yield client


@pytest.fixture(scope="session")
def together_client(base_url: str) -> Iterator[together.Together]:
    address = base_url.removesuffix("/v1")  # this SDK has /v1 in its paths
    with together.Together(base_url=address, api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture(params=["openai", "together"])
def sdk(
    request: pytest.FixtureRequest, openai_client: openai.OpenAI, together_client: together.Together
) -> Any:
    return openai_client if request.param == "openai" else together_client


@pytest.mark.parametrize("model", MODELS)
def test_a_whole_chat_answer(sdk: Any, model: str) -> None:
    answer = sdk.chat.completions.create(model=model, messages=QUESTION, max_tokens=400, seed=1)
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.parametrize("model", MODELS)
def test_a_streamed_chat_answer(sdk: Any, model: str) -> None:
    body = {"model": model, "messages": QUESTION, "max_tokens": 400, "seed": 1}
    whole = sdk.chat.completions.create(**body).choices[0]
    chunks = list(sdk.chat.completions.create(**body, stream=True))
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert said == whole.message.content
    assert chunks[-1].choices[0].finish_reason == whole.finish_reason


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_completion(sdk: Any, model: str, stream: bool) -> None:
    # Null stands before a stream's end and for the first token, though the types of OpenAI's SDK deny it.
    lenient = sdk.copy(_extra_kwargs={"_strict_response_validation": False})
    body = {"model": model, "prompt": "The while", "max_tokens": 9, "echo": True, "logprobs": 1}
    answer = lenient.completions.create(**body, stream=stream)
    parts = list(answer) if stream else [answer]
    assert "".join(part.choices[0].text or "" for part in parts).startswith("The while")


@pytest.mark.parametrize("model", MODELS)
def test_several_choices(sdk: Any, model: str) -> None:
    body = {"model": model, "messages": QUESTION, "max_tokens": 5, "n": 3}
    assert len(sdk.chat.completions.create(**body).choices) == 3
    chunks = list(sdk.chat.completions.create(**body, stream=True))
    assert {choice.index for chunk in chunks for choice in chunk.choices} == {0, 1, 2}


def test_streamed_usage(openai_client: openai.OpenAI) -> None:
    *_, last = openai_client.chat.completions.create(
        model="demo/showcase",
        messages=QUESTION,
        stream=True,
        stream_options={"include_usage": True},
    )
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.completion_tokens_details is not None
    assert last.usage.completion_tokens_details.reasoning_tokens


@pytest.mark.parametrize("model", MODELS)
def test_logprobs_for_openai(openai_client: openai.OpenAI, model: str) -> None:
    # With a seed: an answer that the limit cuts within a character has a token less text than tokens.
    body: Any = {
        "model": model,
        "messages": QUESTION,
        "logprobs": True,
        "top_logprobs": 2,
        "max_tokens": 90,
        "seed": 1,
    }
    choice = openai_client.chat.completions.create(**body).choices[0]
    assert choice.logprobs is not None
    assert "".join(token.token for token in choice.logprobs.content or []) == choice.message.content
    streamed = [
        token
        for chunk in openai_client.chat.completions.create(**body, stream=True)
        if chunk.choices[0].logprobs
        for token in chunk.choices[0].logprobs.content
    ]
    assert streamed


def test_logprobs_for_together(together_client: together.Together) -> None:
    body: Any = {"model": "demo/ngram", "messages": QUESTION, "logprobs": 2, "max_tokens": 5}
    scores = together_client.chat.completions.create(**body).choices[0].logprobs
    assert scores is not None
    assert len(scores.tokens or []) == len(scores.token_logprobs or [])
    chunks = list(together_client.chat.completions.create(**body, stream=True))
    assert any(isinstance(chunk.choices[0].logprobs, float) for chunk in chunks)


def test_tool_calls(sdk: Any) -> None:
    answer = sdk.chat.completions.create(model="demo/showcase", messages=QUESTION, tools=TOOLS)
    [call] = answer.choices[0].message.tool_calls
    assert answer.choices[0].finish_reason == "tool_calls"
    assert call.function.name == "get_weather"
    check(PARAMETERS, json.loads(call.function.arguments))
    conversation = [
        *QUESTION,
        {"role": "assistant", "content": None, "tool_calls": [call.model_dump()]},
        {"role": "tool", "tool_call_id": call.id, "content": "4 degrees"},
    ]
    answer = sdk.chat.completions.create(model="demo/showcase", messages=conversation, tools=TOOLS)
    assert "> 4 degrees" in answer.choices[0].message.content


def test_streamed_tool_calls(sdk: Any) -> None:
    stream = sdk.chat.completions.create(model="demo/showcase", messages=QUESTION, tools=TOOLS, stream=True)
    calls = [call for chunk in stream for call in chunk.choices[0].delta.tool_calls or []]
    arguments = "".join(call.function.arguments for call in calls)
    assert len(calls) > 3
    check(PARAMETERS, json.loads(arguments))


def test_openais_own_assembly_of_a_stream(openai_client: openai.OpenAI) -> None:
    tools: Any = [{**TOOLS[0], "function": {**TOOLS[0]["function"], "strict": True}}]
    with openai_client.chat.completions.stream(
        model="demo/showcase", messages=QUESTION, tools=tools
    ) as stream:
        stream.until_done()
        [choice] = stream.get_final_completion().choices
    assert choice.message.tool_calls
    assert choice.message.tool_calls[0].function.parsed_arguments["city"] == "Oslo"  # type: ignore[index]


def test_a_json_schema(sdk: Any) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "weather", "schema": PARAMETERS}}
    answer = sdk.chat.completions.create(model="demo/showcase", messages=QUESTION, response_format=form)
    check(PARAMETERS, json.loads(answer.choices[0].message.content))


def test_an_image(sdk: Any) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), (220, 30, 30)).save(file, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    parts = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": url}}]
    answer = sdk.chat.completions.create(model="demo/showcase", messages=[{"role": "user", "content": parts}])
    assert "PNG image of 40 × 20 pixels" in answer.choices[0].message.content


def test_the_list_of_models(openai_client: openai.OpenAI) -> None:
    assert [model.id for model in openai_client.models.list()] == MODELS
    assert openai_client.models.retrieve("demo/ngram").owned_by == "demo"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"model": "demo/none"}, "NotFoundError"),
        ({"temperature": 9}, "BadRequestError"),
        ({"messages": []}, "BadRequestError"),
        ({"messages": [{"role": "user", "content": "x" * 21_000_000}]}, "APIStatusError"),
    ],
)
def test_errors_become_the_right_exception(sdk: Any, body: dict[str, Any], error: str, stream: bool) -> None:
    package = openai if isinstance(sdk, openai.OpenAI) else together
    body = {"model": "demo/ngram", "messages": QUESTION, **body}
    with pytest.raises(getattr(package, error)) as raised:
        sdk.chat.completions.create(**body, stream=stream)
    assert type(raised.value).__name__ == error
    if isinstance(raised.value, openai.BadRequestError):
        assert raised.value.param == next(iter(body.keys() - {"model"} & {"temperature"}), "messages")
