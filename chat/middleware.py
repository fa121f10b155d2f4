"""What happens around every view."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction as is_async
from asgiref.sync import markcoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import sync_and_async_middleware

from chat import who
from chat.generation import Closing, Nothing
from chat.models import CommandConflict
from chat.refusals import Refused


@sync_and_async_middleware
def local_owner(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Sign the owner of this machine in. Only by the machine's own names: a stranger's name may lead here too.

    Tabs that are all opened at once by a new browser would each be given a secret for their forms, and only the last
    one counts. So the first secret is the same for all.
    """
    if is_async(get_response):

        async def middleware(request: HttpRequest) -> HttpResponse:
            request.get_host()
            request.COOKIES.setdefault(settings.CSRF_COOKIE_NAME, who.first_form_secret())
            request.user = who._owner or await sync_to_async(who.local_owner)()
            response: HttpResponse = await get_response(request)
            return response

        return middleware

    def plain(request: HttpRequest) -> HttpResponse:
        request.get_host()
        request.COOKIES.setdefault(settings.CSRF_COOKIE_NAME, who.first_form_secret())
        request.user = who.local_owner()
        response: HttpResponse = get_response(request)
        return response

    return plain


@sync_and_async_middleware
def private(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Nobody between us and the browser may keep a page, and the browser keeps none after signing out."""

    def mark(response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    if is_async(get_response):

        async def middleware(request: HttpRequest) -> HttpResponse:
            return mark(await get_response(request))

        return middleware

    return lambda request: mark(get_response(request))


class Refusals:
    """What cannot be done is answered in words, in the place that the page keeps for them. Who came by an address gets
    a page of its own."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if is_async(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        status = next((status for kind, status in REFUSALS.items() if isinstance(error, kind)), None)
        if status is None:
            return None
        status = getattr(error, "status", status)
        return render(
            request, "errors/error.html", {"title": "Refused", "message": str(error)}, status=status
        )


REFUSALS: dict[type[Exception], int] = {Refused: 400, CommandConflict: 409, Nothing: 422, Closing: 503}
