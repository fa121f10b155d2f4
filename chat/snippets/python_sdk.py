"""Python with the SDK of a provider."""

from .python_literals import Python
from .request import Request
from .sdks import NO_KEY, Sdk

WRITER = Python()
STEP = WRITER.step


def write_python_sdk(sdk: Sdk, request: Request) -> str:
    name = "stream" if request.is_streamed else "completion"
    call = WRITER.lines(f"{name} = client.chat.completions.create(", _arguments(sdk, request), ")")
    parts = [_imports(sdk, request), f"client = {_client(sdk, request)}", call + "\n" + _printing(request)]
    return "\n\n".join(parts) + "\n"


def _imports(sdk: Sdk, request: Request) -> str:
    needed = ["import os\n"] if request.key_variable else []
    return "\n".join([*needed, f"from {sdk.package} import {sdk.client}"])


def _client(sdk: Sdk, request: Request) -> str:
    key = f'os.environ["{request.key_variable}"]' if request.key_variable else WRITER.quote(NO_KEY)
    base_url = sdk.base_url_to_name(request.base_url)
    arguments = [f"api_key={key}"] + ([f"base_url={WRITER.quote(base_url)}"] if base_url else [])
    return WRITER.block(f"{sdk.client}(", arguments, ")", taken=len("client = "))


def _arguments(sdk: Sdk, request: Request) -> list[str]:
    """Parameters that the SDK does not know go into `extra_body`, which it merges into the body."""
    known = {key: value for key, value in request.body.items() if key in sdk.parameters}
    extra = {key: value for key, value in request.body.items() if key not in sdk.parameters}
    arguments = [WRITER.pair(f"{key}=", value, STEP) for key, value in known.items()]
    return arguments + ([WRITER.pair("extra_body=", extra, STEP)] if extra else [])


def _printing(request: Request) -> str:
    if not request.is_streamed:
        return f"print(completion{'.choices[0].message.content' if request.is_plain else '.to_json()'})"
    if not request.is_plain:
        return "for chunk in stream:\n    print(chunk.to_json(indent=None))"
    return (
        "for chunk in stream:\n"
        "    if chunk.choices:\n"
        '        print(chunk.choices[0].delta.content or "", end="", flush=True)'
    )
