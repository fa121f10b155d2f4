"""Who may come in without an account: the owner of the machine, from the machine, by its own names."""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chat import who
from playground import environment
from tests.servers import ROOT

SHOW = "from django.conf import settings; print(settings.ACCOUNTS)"


def accounts_with(folder: Path, **given: str) -> str:
    """What the settings make of this environment."""
    bare = {"PATH": os.environ["PATH"], "PLAYGROUND_DATA": str(folder)}
    bare["DJANGO_SETTINGS_MODULE"] = "playground.settings"
    done = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=bare | given, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("given", [{}, {"HOST": "::1"}, {"ALLOWED_HOSTS": "localhost,127.0.0.1"}])
def test_a_machine_of_ones_own_asks_nobody_to_sign_in(tmp_path: Path, given: dict[str, str]) -> None:
    assert accounts_with(tmp_path, **given) == "False"


@pytest.mark.parametrize(
    "given",
    [
        {"HOST": "0.0.0.0"},
        {"HOST": "0.0.0.0", "ALLOWED_HOSTS": "localhost"},
        {"ALLOWED_HOSTS": "localhost,chat.example.org"},
        {"PLAYGROUND_BEHIND_PROXY": "1"},
        {"PLAYGROUND_HTTPS": "1"},
        {"PLAYGROUND_ACCOUNTS": "1"},
    ],
)
def test_whatever_lets_others_in_asks_them_to_sign_in(tmp_path: Path, given: dict[str, str]) -> None:
    """A proxy on this machine calls a loopback address, too: its name tells."""
    assert accounts_with(tmp_path, **given) == "True"


@pytest.mark.parametrize(
    ("client", "ours"),
    [
        (("127.0.0.1", 1), True),
        (("127.8.8.8", 1), True),
        (("::1", 1), True),
        (("::ffff:127.0.0.1", 1), True),
        (None, True),
        (("", 0), True),
        (("192.168.1.5", 1), False),
        (("::ffff:192.168.1.5", 1), False),
        (("2001:db8::1", 1), False),
        (("10.0.0.1", 1), False),
    ],
)
def test_an_address_is_of_this_machine_or_not(client: Any, ours: bool) -> None:
    assert who.is_this_machine(client) is ours


def answers(kind: str, client: tuple[str, int]) -> list[Any]:
    sent: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        sent.append("let in")

    async def receive() -> Any:
        return {}

    async def send(message: Any) -> None:
        sent.append(message.get("status") or message.get("code") or message["type"])

    asyncio.run(who.on_this_machine(inner)({"type": kind, "client": client}, receive, send))
    return sent


def test_without_accounts_strangers_stay_outside_wherever_the_server_listens(settings: Any) -> None:
    settings.ACCOUNTS = False
    assert answers("http", ("192.168.1.5", 1))[0] == 403
    assert answers("websocket", ("192.168.1.5", 1)) == [4403]
    assert answers("http", ("127.0.0.1", 1)) == answers("websocket", ("::1", 1)) == ["let in"]


def test_with_accounts_they_come_as_far_as_the_sign_in(settings: Any) -> None:
    settings.ACCOUNTS = True
    assert answers("http", ("192.168.1.5", 1)) == ["let in"]


@pytest.mark.django_db
def test_nobody_can_sign_in_as_the_local_owner() -> None:
    owner = who.local_owner()
    assert not owner.has_usable_password()
    assert who.local_owner() == owner


def test_processes_that_start_at_once_get_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(environment.secret_file, [tmp_path / "secret"] * 40))
    assert len(secrets) == 1
    assert len(secrets.pop()) > 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
