"""The bare page: Django, Channels and htmx, one template, one query, and a script that appends what a socket says.

`python -m bench.page daphne|uvicorn PORT`. The database is `BENCH_DATA`.
"""

import gzip
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

HTMX = Path(__file__).parent.parent / "static/vendor/htmx/htmx.min.js"
COMPRESSED = gzip.compress(HTMX.read_bytes())

if not settings.configured:
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(os.environ["BENCH_DATA"]) / "bare.sqlite3",
    }
    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent],
    }
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="bench",
        INSTALLED_APPS=["channels"],
        MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
        DATABASES={"default": database},
        TEMPLATES=[templates],
        ROOT_URLCONF=__name__,
    )


def index(request: HttpRequest) -> HttpResponse:
    from django.shortcuts import render

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master LIMIT 50")
        return render(request, "page.html", {"rows": cursor.fetchall()})


def htmx(request: HttpRequest) -> HttpResponse:
    return HttpResponse(COMPRESSED, content_type="text/javascript", headers={"Content-Encoding": "gzip"})


urlpatterns = [path("", index), path("htmx.js", htmx)]


def application() -> Any:
    import django
    from channels.routing import ProtocolTypeRouter, URLRouter
    from django.core.asgi import get_asgi_application

    django.setup()
    from bench.relay import Relay

    sockets = URLRouter([path("socket/", Relay.as_asgi())])
    return ProtocolTypeRouter({"http": get_asgi_application(), "websocket": sockets})


if __name__ == "__main__":
    from bench.serving import serve

    serve(application(), *sys.argv[1:])
