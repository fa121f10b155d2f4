"""Python with httpx alone. Streams are read with httpx-sse: httpx's own lines end at U+2028, in the midst of JSON."""

from .python_literals import Python
from .request import Request

WRITER = Python()

WHOLE = """\
response = httpx.post(url, headers=headers, json=body, timeout=600)
response.raise_for_status()
"""
STREAMED = """\
with httpx.Client(timeout=600) as client:
    with connect_sse(client, "POST", url, headers=headers, json=body) as source:
        source.response.raise_for_status()
        for event in source.iter_sse():
            if event.data == "[DONE]":
                break
"""
WORDS_OF_EVENT = """\
            for choice in json.loads(event.data)["choices"]:
                print(choice["delta"].get("content") or "", end="", flush=True)
"""


def write_python_httpx(request: Request) -> str:
    body = WRITER.lines("{", WRITER.pairs(request.body, WRITER.step), "}")
    given = f"url = {WRITER.quote(request.url)}\nheaders = {_headers(request)}\nbody = {body}\n"
    return f"{_imports(request)}\n\n{given}\n{_sending(request)}"


def _imports(request: Request) -> str:
    standard = ["json"] if request.is_streamed and request.is_plain else []
    standard += ["os"] if request.key_variable else []
    lines = [f"import {name}" for name in standard]
    lines += ["", "import httpx"] if standard else ["import httpx"]
    lines += ["from httpx_sse import connect_sse"] if request.is_streamed else []
    return "\n".join(lines)


def _headers(request: Request) -> str:
    if not request.key_variable:
        return "{}"
    return f"""{{"Authorization": f"Bearer {{os.environ['{request.key_variable}']}}"}}"""


def _sending(request: Request) -> str:
    if request.is_streamed:
        return STREAMED + (WORDS_OF_EVENT if request.is_plain else "            print(event.data)\n")
    shown = '.json()["choices"][0]["message"]["content"]' if request.is_plain else ".text"
    return f"{WHOLE}print(response{shown})\n"
