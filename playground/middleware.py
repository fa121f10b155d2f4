"""Django's middleware and WhiteNoise, without a thread for each step of each.

Django runs the steps of its own middleware in a thread, in case they wait for something. These wait for nothing, and a
trip to a thread costs more than any of them; only what takes long is taken there.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction as is_async
from asgiref.sync import markcoroutinefunction, sync_to_async
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

# Parsing or compressing this many bytes takes less than a millisecond.
SHORT = 32 * 1024


class Direct:
    """Before a middleware of Django: its steps run where they are."""

    get_response: Callable[[HttpRequest], Any]

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        before, after = getattr(self, "process_request", None), getattr(self, "process_response", None)
        response = before(request) if before else None
        response = response or await self.get_response(request)
        done: HttpResponse = after(request, response) if after else response
        return done


class Security(Direct, SecurityMiddleware):
    pass


class ContentPolicy(Direct, CSPMiddleware):
    pass


class Frames(Direct, XFrameOptionsMiddleware):
    pass


class Csrf(Direct, CsrfViewMiddleware):
    """Reads the form in search of its token, so a long form is for a thread."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        if is_async(get_response):
            setattr(self, "process_view", self._process_view_async)  # noqa: B010, types know only the other form

    async def _process_view_async(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        check = super().process_view
        if has_short_form(request):
            return check(request, *view)
        return await sync_to_async(check)(request, *view)


def has_short_form(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH", "")
    return request.method in ("GET", "HEAD") or (length.isdecimal() and int(length) <= SHORT)


class Gzip(GZipMiddleware):
    """What is streamed stays as it is: Django would pack each piece by itself, and of several packed pieces in a row
    most clients read only the first."""

    async def __acall__(self, request: HttpRequest) -> Any:
        response: Any = await self.get_response(request)  # type: ignore[misc]
        if response.streaming:
            return response
        if len(response.content) <= SHORT:
            return self.process_response(request, response)
        return await sync_to_async(self.process_response)(request, response)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """A file is read in a thread; any other request passes by."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        self._is_async = is_async(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self._answer(request) if self._is_async else super().__call__(request)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        file = self.files.get(request.path_info)
        if file is None:
            response: HttpResponse = await self.get_response(request)
            return response
        return await sync_to_async(self._read)(file, request)

    def _read(self, file: Any, request: HttpRequest) -> HttpResponse:
        """In one piece: files are small here, and Django would collect a file for an asynchronous server anyway."""
        found = self.serve(file, request)
        response = HttpResponse(b"".join(found.streaming_content), status=found.status_code)
        del response["Content-Type"]
        for name, value in found.items():
            response[name] = value
        found.close()
        return response
