"""Pages for what went wrong. They name no path, no setting and no trace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(
        request,
        404,
        "Not found",
        "There is nothing here: it was deleted, or it never was, or it is not yours.",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400, "Not understood", "The server could not read this request.")


def server_error(request: HttpRequest) -> HttpResponse:
    return page(
        request, 500, "Something failed here", "The server's log has the details. What was stored is safe."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = "This form is out of date, or another web page sent it. Reload the page and send it again."
    return page(request, 403, "Refused", words)


def page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    return render(request, "errors/error.html", {"title": title, "message": message}, status=status)
