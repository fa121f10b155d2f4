"""Who one is: the local owner, sessions that end, and pages that are not ours."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import websockets
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, override_settings

from chat import consumers, who
from chat.consumers import SIGNED_OUT, PageConsumer
from chat.models import Conversation
from tests.generation.playing import play

WITHOUT_ACCOUNTS = [name for name in settings.MIDDLEWARE if not name.startswith("django.contrib")]
WITHOUT_ACCOUNTS.insert(WITHOUT_ACCOUNTS.index("playground.middleware.Csrf"), "chat.middleware.local_owner")


# The local owner


@pytest.fixture
def at_home() -> Iterator[None]:
    """Without accounts, as on a machine of one's own."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    with override_settings(MIDDLEWARE=WITHOUT_ACCOUNTS, ACCOUNTS=False):
        yield


@pytest.mark.django_db
def test_the_owner_is_signed_in_and_made_once(at_home: None) -> None:
    for _ in range(2):
        assert Client().get("/").status_code == 200
        who._owner = None
    owner = get_user_model().objects.get()
    assert (owner.username, owner.is_staff, owner.has_usable_password()) == ("owner", True, False)


@pytest.mark.django_db
def test_tabs_that_a_new_browser_opens_at_once_can_all_send(at_home: None) -> None:
    tabs = [Client(enforce_csrf_checks=True) for _ in range(2)]
    first, last = (tab.get("/").cookies[settings.CSRF_COOKIE_NAME].value for tab in tabs)
    tabs[0].cookies = tabs[1].cookies
    assert tabs[0].post("/presets/", headers={"x-csrftoken": first}).status_code != 403
    assert tabs[0].post("/presets/", headers={"x-csrftoken": last[::-1]}).status_code == 403


@pytest.mark.django_db
def test_nobody_can_sign_in_as_the_owner_with_a_password(at_home: None) -> None:
    Client().get("/")
    assert not Client().login(username="owner", password="")
    assert not Client().login(username="owner", password="!")


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["testserver", "testserver:8000", "127.0.0.1", "localhost:1", "LOCALHOST"])
def test_by_the_machines_own_names_everything_is_there(at_home: None, host: str) -> None:
    Conversation.objects.create(owner=who.local_owner(), title="Secret talk")
    assert Client(headers={"host": host}).get("/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    ["evil.test", "evil.test:8000", "localhost.evil.test", "127.0.0.1.evil.test", "127.0.0.2", "", "x y"],
)
def test_by_a_strangers_name_nothing_is_there(at_home: None, host: str) -> None:
    """A web page may give its own name this machine's address, and would then read all of it."""
    Conversation.objects.create(owner=who.local_owner(), title="Secret talk")
    stranger = Client(headers={"host": host})
    for path in ("/", "/history/", "/settings/", "/models/", "/nowhere/"):
        response = stranger.get(path)
        assert response.status_code == 400
        assert b"Secret" not in response.content
        assert b"DisallowedHost" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin", ["http://evil.test", "null", "http://localhost:8000", "https://testserver"]
)
def test_another_page_cannot_send_a_form_to_it(at_home: None, origin: str) -> None:
    talk = Conversation.objects.create(owner=who.local_owner(), title="Mine")
    client = Client(enforce_csrf_checks=True)
    token = client.get("/").content.decode().split('"X-CSRFToken": "')[1].split('"')[0]
    headers = {"X-CSRFToken": token, "Origin": origin}
    assert client.post(f"/c/{talk.pk}/title/", {"title": "Theirs"}, headers=headers).status_code == 403
    assert client.delete(f"/c/{talk.pk}/pin/", headers=headers).status_code == 403


# The socket's Origin

OURS = [
    ("http://testserver", "testserver"),
    ("http://127.0.0.1:8000", "127.0.0.1:8000"),
    ("https://localhost", "localhost"),
    ("http://LocalHost:8000", "localhost:8000"),
]
THEIRS = [
    ("http://evil.test", "127.0.0.1:8000"),
    ("http://evil.test", "evil.test"),
    ("http://host.evil.test", "testserver"),
    ("http://testserver.evil.test", "testserver"),
    ("http://127.0.0.1:9000", "127.0.0.1:8000"),
    ("http://127.0.0.1", "127.0.0.1:8000"),
    ("http://localhost:8000", "127.0.0.1:8000"),
    ("null", "127.0.0.1:8000"),
    ("", "127.0.0.1:8000"),
    ("", ""),
    ("http://", ""),
    ("file://127.0.0.1:8000", "127.0.0.1:8000"),
    ("chrome-extension://127.0.0.1:8000", "127.0.0.1:8000"),
    ("http://evil.test@127.0.0.1:8000", "127.0.0.1:8000"),
    ("http://127.0.0.1:8000, http://evil.test", "127.0.0.1:8000"),
    ("http://[::1", "[::1"),
    ("//127.0.0.1:8000", "127.0.0.1:8000"),
    ("http://é.test", "é.test"),
]


def knock(origin: str, host: str) -> tuple[bool, int]:
    """Whether the socket behind the guard was reached, and the code that it closed with."""
    reached, closed = [], []

    async def socket(*_: Any) -> None:
        reached.append(True)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        closed.append(message["code"])

    headers = [(b"origin", origin.encode("latin-1")), (b"host", host.encode("latin-1"))]
    scope = {"type": "websocket", "headers": [pair for pair in headers if pair[1]]}
    asyncio.run(who.from_own_pages(socket)(scope, receive, send))
    return bool(reached), closed[0] if closed else 0


@pytest.mark.parametrize(("origin", "host"), OURS)
def test_our_own_pages_open_a_socket(origin: str, host: str) -> None:
    assert knock(origin, host) == (True, 0)


@pytest.mark.parametrize(("origin", "host"), THEIRS)
def test_no_other_page_does(origin: str, host: str) -> None:
    assert knock(origin, host) == (False, 4403)


# Sessions


def socket_of(client: Client) -> WebsocketCommunicator:
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    return WebsocketCommunicator(
        who.with_user(PageConsumer.as_asgi()), "/socket/", headers=[(b"cookie", cookie)]
    )


async def code_of_the_close(socket: WebsocketCommunicator) -> int:
    while (message := await socket.receive_output(timeout=10))["type"] != "websocket.close":
        pass
    return int(message["code"])


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "SECONDS_BETWEEN_CHECKS_OF_THE_SESSION", 0.02)


def sign_out(client: Client, user: Any) -> None:
    client.post("/logout/")


def change_the_password(client: Client, user: Any) -> None:
    user.set_password("another one")
    user.save()


def close_the_account(client: Client, user: Any) -> None:
    user.is_active = False
    user.save()


def delete_the_account(client: Client, user: Any) -> None:
    user.delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [sign_out, change_the_password, close_the_account, delete_the_account])
def test_a_session_that_ends_closes_its_open_socket(as_user: Any, alice: Any, often: None, end: Any) -> None:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    client = as_user(alice)

    async def act() -> None:
        socket = socket_of(client)
        assert (await socket.connect())[0]
        await socket.send_to(text_data='{"type": "ping"}')
        assert await socket.receive_from() == '{"type":"pong"}'
        await sync_to_async(end)(client, alice)
        assert await code_of_the_close(socket) == SIGNED_OUT
        await socket.disconnect()

    play(act)


@pytest.mark.django_db(transaction=True)
def test_a_session_that_stands_keeps_it_open(as_user: Any, alice: Any, often: None) -> None:
    client = as_user(alice)

    async def act() -> None:
        socket = socket_of(client)
        assert (await socket.connect())[0]
        assert await socket.receive_nothing(0.2)
        await socket.disconnect()

    play(act)


@pytest.mark.django_db(transaction=True)
def test_a_made_up_session_opens_none(db: None) -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32

    async def act() -> None:
        assert await socket_of(client).connect() == (False, SIGNED_OUT)

    play(act)


def test_it_takes_at_most_five_seconds() -> None:
    assert consumers.SECONDS_BETWEEN_CHECKS_OF_THE_SESSION <= 5


# A real server


def test_a_server_at_home_signs_its_owner_in_and_nobody_elses_page(make_server: Any) -> None:
    server = make_server()
    assert httpx.get(server.url, trust_env=False).status_code == 200
    assert httpx.get(server.url, headers={"host": "evil.test"}, trust_env=False).status_code == 400
    address = server.url.replace("http", "ws") + "/socket/"

    async def opens(origin: str | None) -> bool:
        try:
            async with websockets.connect(address, origin=origin, proxy=None) as socket:  # type: ignore[arg-type]
                await socket.send('{"type": "ping"}')
                return await socket.recv() == '{"type":"pong"}'
        except websockets.InvalidStatus:
            return False

    async def act() -> list[bool]:
        return [await opens(origin) for origin in (server.url, "http://evil.test", "null", None)]

    assert asyncio.run(act()) == [True, False, False, False]
