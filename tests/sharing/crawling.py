"""Somebody who is signed out and follows every address that a shared page speaks of, down to the last asset."""

import html
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client

from playground.joining import JOINED

ADDRESS = re.compile(r'(?:href|src|action|hx-[a-z]+)="([^"]*)"|content="(/[^"]*)"|"(/static/[^"]+)"')
MOST = 200


def crawl(start: str, *, assets: bool = True) -> dict[str, str]:
    """By address, everything that came: status, headers, cookies, content. Assets are the same for every page."""
    found: dict[str, str] = {}
    waiting = [start]
    client = Client()
    while waiting:
        path = waiting.pop()
        if path in found or (path.startswith("/static/") and not assets):
            continue
        assert len(found) < MOST, "This page leads everywhere"
        found[path] = asset(path) if path.startswith("/static/") else reply(client.get(path))
        # A page that asks to sign in is not part of it.
        if not path.startswith(("/static/", "/login/")):
            waiting += addresses_in(found[path], path)
    return found


def reply(response: Any) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{response.status_code}\n{headers}\n{response.cookies.output()}\n{html.unescape(response.content.decode())}"


def addresses_in(text: str, base: str) -> set[str]:
    found = {next(filter(None, each), "") for each in ADDRESS.findall(text)}
    found |= set(re.findall(r"^Location: (.*)$", text, re.M))
    near = {urljoin(base, html.unescape(address)) for address in found if address and " " not in address}
    return {
        address.split("#")[0] for address in near if address.startswith("/") and not urlsplit(address).netloc
    }


def asset(path: str) -> str:
    name = path.removeprefix("/static/")
    static = settings.BASE_DIR / "static"
    return JOINED[name](static) if name in JOINED else (static / name).read_bytes().decode("latin-1")
