"""Serve the playground under daphne: what `make run` calls."""

import socket
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command

from chat.lock import hold_data_folder
from playground.bodies import limit_daphne
from playground.collected import collect_if_changed


class Command(BaseCommand):
    help = "Migrates, collects the static files if they changed, and serves on HOST and PORT."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REDIS_URL:
            hold_data_folder(settings.DATA)
        refuse_taken_port()
        call_command("migrate", verbosity=0)
        refuse_to_be_open()
        collect_if_changed()
        self.stdout.write(f"Playground {settings.VERSION} is at {address()} (Ctrl+C stops it)")
        self.stdout.flush()
        serve()


# Both ways. A stored answer goes in one message, and so does an image that a model made.
LARGEST_MESSAGE = 16 * 1024 * 1024


def serve() -> None:
    # First: daphne puts its reactor in place, before anybody asks for one.
    from playground.pacing import PacedServer

    # isort: split
    from daphne.endpoints import build_endpoint_description_strings
    from twisted.internet import reactor

    from playground.asgi import application

    limit_daphne()

    # Once the loop runs: recovery must not wait for the first visitor.
    reactor.callLater(0, application.start)  # type: ignore[arg-type]
    endpoints = build_endpoint_description_strings(host=settings.HOST, port=settings.PORT)
    server = PacedServer(
        application,
        endpoints,
        verbosity=0,
        server_name="playground",
        websocket_max_message_size=LARGEST_MESSAGE,
        websocket_max_frame_size=LARGEST_MESSAGE,
    )
    server.run()


def address() -> str:
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"http://{host}:{settings.PORT}"


def refuse_taken_port() -> None:
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            reason = error.strerror or str(error)
            raise CommandError(
                f"Cannot listen on {address()}: {reason}. Choose another port: PORT=8001 make run"
            ) from None


def refuse_to_be_open() -> None:
    """Who listens to a network without an account to sign in with would be open to all of it."""
    if settings.HOST in ("127.0.0.1", "::1", "localhost"):
        return
    people = get_user_model().objects.filter(is_active=True)
    if not any(person.has_usable_password() for person in people):
        raise CommandError(
            f"HOST={settings.HOST} is open to a network, and there is no account to sign in with. "
            "Make one first: python manage.py createsuperuser"
        )
