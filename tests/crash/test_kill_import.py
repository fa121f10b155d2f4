"""A server that is killed in the middle of an import leaves nothing half, and no request brings more than it may."""

import json
import random
import socket
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from playground.bodies import MOST_BYTES
from tests.crash.losses import KILLS
from tests.crash.site import Site, wait_for
from tests.servers import Server

MEGABYTE = 1024 * 1024


def a_file(conversations: int) -> bytes:
    turns = [{"from": "human" if n % 2 else "gpt", "value": f"Message {n} " * 20} for n in range(20)]
    return json.dumps([{"id": str(n), "conversations": turns} for n in range(conversations)]).encode()


def imports(site: Site, content: bytes) -> str:
    form = {"command": str(uuid4()), "name": "talks.json", "size": str(len(content))}
    id = str(site.post("/transfers/uploads/", form).json()["id"])
    for at in range(0, len(content), 4 * MEGABYTE):
        piece = content[at : at + 4 * MEGABYTE]
        headers = {**site.headers, "Content-Type": "application/octet-stream"}
        told = site.http.post(f"/transfers/{id}/pieces/?at={at}", content=piece, headers=headers)
        assert told.status_code == 200, told.text
    return id


def status(site: Site, id: str) -> str:
    return str(site.row("SELECT status FROM chat_transfer WHERE id = ?", id.replace("-", ""))[0])


def count(site: Site, table: str) -> int:
    return int(site.row(f"SELECT COUNT(*) FROM {table}")[0])


def test_a_kill_in_the_middle_leaves_nothing_half(make: Callable[..., Server]) -> None:
    server, chance, content = make(), random.Random(5), a_file(200)
    whole = 0
    for _ in range(min(KILLS, 6)):
        with Site(server) as site:
            id = imports(site, content)
            time.sleep(chance.uniform(0.0, 1.5))
            server.kill()
        server.start()
        with Site(server) as site:
            ended = wait_for(lambda: status(site, id) in ("finished", "failed") and status(site, id))  # noqa: B023
            whole += ended == "finished"
            wait_for(lambda: count(site, "chat_message") == whole * 4000)  # noqa: B023
            assert count(site, "chat_conversation WHERE deleted_at IS NULL") == whole * 200
            assert count(site, "chat_conversation WHERE deleted_at IS NOT NULL") == 0
            assert "Nothing of it was kept" in site.get("/transfers/").text or ended == "finished"


def test_a_server_that_is_told_to_stop_ends_an_import_first(make: Callable[..., Server]) -> None:
    server = make()
    with Site(server) as site:
        id = imports(site, a_file(400))
        assert server.terminate() in (0, -15)
        assert status(site, id) in ("failed", "finished")
        if status(site, id) == "failed":
            assert count(site, "chat_message") == 0


# Bodies


def growth(server: Server) -> int:
    assert server.process
    with open(f"/proc/{server.process.pid}/status") as told:
        lines = dict(line.split(":", 1) for line in told)
    return int(lines["VmRSS"].split()[0]) // 1024


def endless(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes):
        yield b"a" * MEGABYTE


@pytest.mark.parametrize("path", ["/transfers/uploads/", "/c/", "/login/"])
def test_a_body_that_tells_no_length_is_cut_off(server: Server, path: str) -> None:
    """Safety V67: 1 GB in chunks."""
    with Site(server) as site:
        before = growth(server)
        try:
            response = site.http.post(
                path, content=endless(1024), headers={**site.headers, "Content-Type": "text/plain"}
            )
            assert response.status_code == 413
        except httpx.TransportError:
            # The server hung up while the rest was still being sent.
            pass
        assert growth(server) - before < 50
        assert site.get("/healthz").status_code == 200


def test_a_body_whose_length_is_too_large_is_refused_at_once(server: Server) -> None:
    with Site(server) as site:
        head = f"POST /c/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
            line.sendall(head.encode())
            assert b" 413 " in line.recv(4096)
        assert site.get("/healthz").status_code == 200
