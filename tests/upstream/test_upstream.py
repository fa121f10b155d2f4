"""The scripted upstream is believed by all other tests, so it has a few of its own."""

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.upstream import (
    Cut,
    Endless,
    Gate,
    Hang,
    Head,
    Reset,
    Say,
    Script,
    Upstream,
    reply,
    stream,
    text_of,
    tokens_of,
)

ROOT = Path(__file__).parents[2]
BODY = {"model": "m", "stream": True}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@contextmanager
def asked(port: int, body: dict[str, object]) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/v1/chat/completions", json.dumps(body), {"X-Mark": "1"})
    response = connection.getresponse()
    try:
        yield response
    finally:
        response.close()
        connection.close()


def port_of(upstream: Upstream) -> int:
    return int(upstream.base_url.split(":")[2].split("/")[0])


def answer(upstream: Upstream, body: dict[str, object] = BODY) -> bytes:
    with asked(port_of(upstream), body) as response:
        return response.read()


def text_in(data: bytes) -> str:
    chunks = [json.loads(line[6:]) for line in data.decode().split("\n") if line.startswith("data: {")]
    return "".join(c["delta"].get("content", "") for chunk in chunks for c in chunk["choices"])


def test_without_a_script_it_says_the_prompt_back_word_by_word(upstream):
    body = BODY | {"messages": [{"role": "user", "content": "one two  three"}]}
    assert text_in(answer(upstream, body)) == "one two  three"
    (request,) = upstream.requests
    assert (request.method, request.path, request.body) == ("POST", "/v1/chat/completions", body)
    assert request.headers["x-mark"] == "1"
    assert upstream.sent_text(request) == "one two  three"
    assert not upstream.wait_for_close(request)


def test_scripts_answer_by_model_then_by_path_then_in_order(upstream):
    upstream.script(stream("any"))
    upstream.script(stream("path"), path="/chat/completions")
    upstream.script(stream("model"), model="m")
    assert [text_in(answer(upstream)) for _ in range(3)] == ["model", "path", "any"]


def test_a_client_that_leaves_is_noticed_and_what_was_sent_is_known(upstream):
    upstream.script(Script([Head(), Say("half"), Hang()]))
    with asked(port_of(upstream), BODY) as response:
        assert b"half" in response.readline()
    (request,) = upstream.requests
    assert upstream.wait_for_close(request)
    assert upstream.sent_text(request) == "half"
    assert not request.finished


def test_a_gate_holds_until_it_is_opened(upstream):
    gate = Gate()
    upstream.script(stream("a", gate, "b"))
    with asked(port_of(upstream), BODY) as response:
        gate.wait_until_reached()
        assert upstream.sent_text(upstream.requests[0]) == "a"
        gate.open()
        assert text_in(response.read()) == "ab"


@pytest.mark.parametrize(
    ("end", "error"), [(Cut(), http.client.IncompleteRead), (Reset(), ConnectionResetError)]
)
def test_connections_end_as_they_are_told(upstream, end, error):
    gate = Gate()
    upstream.script(Script([Head(), Say("half"), gate, end]))
    with asked(port_of(upstream), BODY) as response:
        gate.open()
        with pytest.raises(error):
            response.read()


def test_an_endless_answer_ends_with_the_server():
    with Upstream() as upstream:
        upstream.script(Script([Head(), Endless(Say("x"))]))
        with asked(port_of(upstream), BODY) as response:
            assert response.readline()


def test_a_reply_has_its_status_and_its_body(upstream):
    upstream.script(reply(429, {"error": "slow"}, {"Retry-After": "3"}))
    with asked(port_of(upstream), BODY) as response:
        assert (response.status, response.headers["retry-after"]) == (429, "3")
        assert json.loads(response.read()) == {"error": "slow"}


def test_model_ids_give_instructions(upstream):
    assert text_in(answer(upstream, {"model": "tokens-500-seed-7", "stream": True})) == text_of(7, 500)
    with asked(port_of(upstream), {"model": "error-503"}) as response:
        assert response.status == 503
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer(upstream, {"model": "tokens-10-cut-4", "stream": True})
    assert text_in(cut.value.partial) == text_of(1, 4)


def test_the_same_seed_gives_the_same_tokens_and_more_of_them_the_same_start():
    assert tokens_of(3, 50) == tokens_of(3, 80)[:50]
    assert tokens_of(3, 50) != tokens_of(4, 50)


def test_it_runs_by_itself_and_tells_what_it_sent():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    command = [sys.executable, "-m", "tests.upstream", "--port", str(port), "--tokens", "20", "--seed", "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == f"http://127.0.0.1:{port}/v1"
        with asked(port, {"model": "any", "stream": True}) as response:
            assert text_in(response.read()) == text_of(5, 20)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/sent?model=any&n=0")
        report = json.loads(connection.getresponse().read())
        connection.close()
        process.terminate()
    assert report["text"] == text_of(5, 20)
    assert report["requests"] == [{"sent": text_of(5, 20), "closed": False, "finished": True}]
