"""The kinds of code that there are."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .curl import write_curl
from .javascript_fetch import write_javascript_fetch
from .python_httpx import write_python_httpx
from .python_sdk import write_python_sdk
from .request import Request
from .sdks import PYTHON_OPENAI, PYTHON_TOGETHER, TYPESCRIPT_OPENAI, TYPESCRIPT_TOGETHER, Sdk
from .typescript_sdk import write_typescript_sdk


@dataclass(frozen=True, slots=True)
class Target:
    """`language` is what a highlighter calls it; `needs` says what must be there for the code to run."""

    name: str
    label: str
    language: str
    needs: str
    write: Callable[[Request], str]
    sdk: Sdk | None = None

    def reaches(self, request: Request) -> bool:
        return self.sdk is None or self.sdk.reaches(request.base_url)


def _python(name: str, sdk: Sdk) -> Target:
    label, needs = f"Python · {sdk.package}", f"pip install {sdk.package}"
    return Target(name, label, "python", needs, partial(write_python_sdk, sdk), sdk)


def _typescript(name: str, sdk: Sdk) -> Target:
    label, needs = f"TypeScript · {sdk.package}", f"npm install {sdk.package}"
    return Target(name, label, "typescript", needs, partial(write_typescript_sdk, sdk), sdk)


TARGETS = (
    _python("python-together", PYTHON_TOGETHER),
    _python("python-openai", PYTHON_OPENAI),
    Target("python-httpx", "Python · httpx", "python", "pip install httpx httpx-sse", write_python_httpx),
    _typescript("typescript-together", TYPESCRIPT_TOGETHER),
    _typescript("typescript-openai", TYPESCRIPT_OPENAI),
    Target(
        "fetch", "JavaScript · fetch", "javascript", "Node 18 or newer, as a module", write_javascript_fetch
    ),
    Target("curl", "cURL", "bash", "any POSIX shell", write_curl),
)
BY_NAME = {target.name: target for target in TARGETS}


def targets_for(url: str) -> list[Target]:
    """Those that can call this address."""
    request = Request(url, {}, "")
    return [target for target in TARGETS if target.reaches(request)]
