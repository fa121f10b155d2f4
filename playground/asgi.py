"""The server's one entry: HTTP, the page's socket, and what happens at start and at the end."""

import os

from playground.handler import get_handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
http = get_handler()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from chat import who  # noqa: E402
from chat.consumers import PageConsumer  # noqa: E402
from chat.housekeeping import with_housekeeping  # noqa: E402

socket = URLRouter([path("socket/", PageConsumer.as_asgi())])

application = with_housekeeping(
    who.on_this_machine(
        ProtocolTypeRouter({"http": http, "websocket": who.from_own_pages(who.with_user(socket))})
    )
)
