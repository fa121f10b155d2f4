"""A command for a POSIX shell."""

import shlex

from .json_text import write_json
from .request import Request


def write_curl(request: Request) -> str:
    """The body is a here-document: nothing in it is special, and it may be longer than an argument."""
    options = ['-H "Content-Type: application/json"']
    if request.key_variable:
        options.append(f'-H "Authorization: Bearer ${request.key_variable}"')
    options.append(f"{'--no-buffer ' if request.is_streamed else ''}--data-binary @- <<'JSON'")
    command = " \\\n  ".join([f"curl {_address(request.url)}", *options])
    return f"{command}\n{write_json(request.body)}\nJSON\n"


def _address(url: str) -> str:
    """curl reads braces and brackets in an address as patterns, unless it is told not to."""
    return ("--globoff " if set(url) & set("[]{}") else "") + shlex.quote(url)
