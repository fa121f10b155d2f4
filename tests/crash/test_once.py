"""A form that is sent three times happens once, even where every connection was cut."""

import fcntl
import socket
import struct
import termios
from urllib.parse import urlencode

from tests.crash.site import Site, wait_for
from tests.servers import Server
from tests.upstream import Upstream


def as_bytes(site: Site, form: dict[str, str]) -> bytes:
    body = urlencode(form).encode()
    head = [
        "POST /c/ HTTP/1.1",
        f"Host: 127.0.0.1:{site.server.port}",
        f"Cookie: csrftoken={site.http.cookies['csrftoken']}",
        *(f"{name}: {value}" for name, value in site.headers.items()),
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def send_and_cut(server: Server, request: bytes) -> None:
    """The request arrives, and nobody waits for the answer."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(request)
        # What is not yet acknowledged would be thrown away with the connection.
        wait_for(lambda: unacknowledged(connection) == 0)


def unacknowledged(connection: socket.socket) -> int:
    """Bytes that the other side does not have yet."""
    (count,) = struct.unpack("I", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))
    return int(count)


def test_one_form_three_times_over_cut_connections_is_one_message_and_one_call(
    server: Server, site: Site, upstream: Upstream
) -> None:
    form = site.form("tokens-20-speed-20-seed-1", "Only once")
    before = len(upstream.requests)
    for _ in range(3):
        send_and_cut(server, as_bytes(site, form))
    last = site.post("/c/", form)
    assert last.status_code == 302
    wait_for(lambda: site.statuses() == ["finished"])
    again = site.post("/c/", form)
    assert again.headers["location"] == last.headers["location"]
    assert site.row("SELECT count(*) FROM chat_message WHERE role = 'user'") == (1,)
    assert len([r for r in upstream.requests[before:] if r.method == "POST"]) == 1
    changed = site.post("/c/", form | {"message": "Something else"})
    assert changed.status_code == 409
    assert "sent before" in changed.text
    assert site.row("SELECT count(*) FROM chat_conversation") == (1,)


def test_three_at_the_same_moment_are_one(server: Server, site: Site, upstream: Upstream) -> None:
    request = as_bytes(site, site.form("mirror", "Only once"))
    connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
    for connection in connections:
        connection.sendall(request)
    answers = [connection.makefile("rb").read() for connection in connections]
    for connection in connections:
        connection.close()
    assert {answer.split(b" ")[1] for answer in answers} == {b"302"}
    wait_for(lambda: site.statuses() == ["finished"])
    assert site.row("SELECT count(*) FROM chat_message") == (2,)
