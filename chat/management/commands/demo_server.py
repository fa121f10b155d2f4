"""`manage.py demo_server`: the built-in demo models on a port, for any client of such an API."""

from argparse import ArgumentParser
from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.demo import demo_app
from chat.demo.app import NATURAL_PACE


class Command(BaseCommand):
    help = "Serves the built-in demo models as an OpenAI-compatible API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8100)
        parser.add_argument(
            "--pace", type=float, default=NATURAL_PACE, help="tokens a second; 0 does not wait"
        )

    def handle(self, *args: Any, host: str, port: int, pace: float, **options: Any) -> None:
        if not 0 < port < 65536 or not 0 <= pace < float("inf"):
            raise CommandError("--port must be from 1 to 65535, and --pace 0 or more.")
        server = Server(
            application=demo_app(settings.DATA / "demo", pace),
            endpoints=build_endpoint_description_strings(host=host, port=port),
            ready_callable=lambda: self.announce(host, port),
            http_timeout=None,
        )
        server.run()
        if not server.listening_addresses:
            raise CommandError(f"Nothing listens at {host}:{port}.")

    def announce(self, host: str, port: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"The demo models answer at http://{shown}:{port}/v1")
