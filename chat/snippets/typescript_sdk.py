"""TypeScript with the SDK of a provider. Node runs it as it stands: there are no types in it."""

from .javascript_literals import JavaScript, body_as_text
from .request import Request
from .sdks import NO_KEY, Sdk
from .values import is_exact_in_javascript

WRITER = JavaScript()
STEP = WRITER.step
CREATE = "await client.chat.completions.create("


def write_typescript_sdk(sdk: Sdk, request: Request) -> str:
    name = "stream" if request.is_streamed else "completion"
    exact = is_exact_in_javascript(request.body)
    given, call = _call(sdk, request) if exact else _call_with_text(request)
    return (
        f'import {sdk.client} from "{sdk.package}";\n\n'
        f"const client = new {_client(sdk, request)};\n\n"
        f"{given}const {name} = {call};\n{_printing(request)}\n"
    )


def _client(sdk: Sdk, request: Request) -> str:
    key = f"process.env.{request.key_variable}" if request.key_variable else WRITER.quote(NO_KEY)
    base_url = sdk.base_url_to_name(request.base_url)
    options = [f"apiKey: {key}"] + ([f"baseURL: {WRITER.quote(base_url)}"] if base_url else [])
    return WRITER.block(f"{sdk.client}({{", options, "})", taken=len("const client = new "))


def _call(sdk: Sdk, request: Request) -> tuple[str, str]:
    """A spread lets parameters pass that the SDK's types do not know."""
    known = {key: value for key, value in request.body.items() if key in sdk.parameters}
    extra = {key: value for key, value in request.body.items() if key not in sdk.parameters}
    items = WRITER.pairs(known, STEP)
    if extra:
        note = "// Not in the types of the SDK, and sent all the same\n"
        items.append(f"{note}{STEP}{WRITER.pair('...', extra, STEP)}")
    return "", WRITER.lines(CREATE + "{", items, "})")


def _call_with_text(request: Request) -> tuple[str, str]:
    """The SDK sends the `body` of its request options in place of what it was given first."""
    required = {"model": request.body.get("model", ""), "messages": [], "stream": request.is_streamed}
    items = [
        WRITER.write(required, STEP),
        '{ body, headers: { "Content-Type": "application/json" } }',
    ]
    return body_as_text(request.body), WRITER.lines(CREATE, items, ")")


def _printing(request: Request) -> str:
    if not request.is_streamed:
        whole = "JSON.stringify(completion, null, 2)"
        return f"console.log({'completion.choices[0]?.message?.content' if request.is_plain else whole});"
    words = 'process.stdout.write(chunk.choices[0]?.delta?.content ?? "");'
    shown = words if request.is_plain else "console.log(JSON.stringify(chunk));"
    return f"for await (const chunk of stream) {{\n  {shown}\n}}"
