"""Whether the server can serve: it answers, and its database does."""

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse


async def show(request: HttpRequest) -> HttpResponse:
    await sync_to_async(ask_database)()
    return HttpResponse("ok\n", content_type="text/plain")


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
