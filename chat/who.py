"""Who one is. Without accounts the one local owner is signed in by itself; Host and Origin are still checked."""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack, get_user
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils.crypto import salted_hmac

OWNER = "owner"
PLAIN_TEXT = [(b"content-type", b"text/plain")]
FROM_ELSEWHERE = b"This playground is for its own machine. Set PLAYGROUND_ACCOUNTS=1 to let others sign in.\n"


class SignedIn(HttpRequest):
    """A request as views see it: the middleware lets nobody through who is not signed in."""

    user: User


Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
_owner: User | None = None


def local_owner() -> User:
    """The account that everything belongs to on a machine of one's own. It has no password."""
    global _owner
    if _owner is None:
        fresh = {"is_staff": True, "is_superuser": True, "password": make_password(None)}
        _owner, _ = User.objects.get_or_create(username=OWNER, defaults=fresh)
    return _owner


def first_form_secret() -> str:
    """What a browser without a CSRF cookie is given: known to this playground only."""
    return salted_hmac("chat.who.first_form_secret", "").hexdigest()[:CSRF_SECRET_LENGTH]


def with_user(application: Application) -> Any:
    """The same application, with `scope["user"]`."""
    if settings.ACCOUNTS:
        return AuthMiddlewareStack(application)

    async def as_owner(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await application({**scope, "user": await sync_to_async(local_owner)()}, receive, send)

    return as_owner


def on_this_machine(application: Application) -> Application:
    """Without accounts nobody may come in from elsewhere, wherever the server was told to listen."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if settings.ACCOUNTS or scope["type"] == "lifespan" or is_this_machine(scope.get("client")):
            await application(scope, receive, send)
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 403, "headers": PLAIN_TEXT})
            await send({"type": "http.response.body", "body": FROM_ELSEWHERE})
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403})

    return guarded


def is_this_machine(client: Sequence[Any] | None) -> bool:
    """True too for a client without an address: it came by a file of this machine."""
    if not client or not client[0]:
        return True
    address = ip_address(client[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def from_own_pages(application: Application) -> Any:
    """Refuse a socket that another web page opened: its Origin must be the very host and port that it calls."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        if origin_matches(
            headers.get(b"origin", b"").decode("latin-1"), headers.get(b"host", b"").decode("latin-1")
        ):
            await application(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403})

    return guarded


def origin_matches(origin: str, host: str) -> bool:
    try:
        url = urlsplit(origin)
    except ValueError:
        return False
    domain, _ = split_domain_port(host)
    known = bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
    return known and url.scheme in ("http", "https") and url.netloc.lower() == host.lower()


def may_be_signed_out(scope: dict[str, Any]) -> bool:
    return "session" in scope


async def is_still_signed_in(scope: dict[str, Any]) -> bool:
    """Whether the session of an open socket still stands: not signed out, not deactivated, password unchanged."""
    await sync_to_async(close_old_connections)()
    session = type(scope["session"]._wrapped)(scope["session"].session_key)
    user = await get_user({**scope, "session": session})
    return bool(user.is_authenticated and user.is_active)
