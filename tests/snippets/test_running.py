"""Every snippet, run: the body that arrives is the body that was stored."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chat.snippets import TARGETS, snippet
from chat.snippets.values import sendable
from tests.snippets.bodies import EXAMPLE, PLAIN, by_value, made_bodies, strictly
from tests.snippets.running import KEY, NODE, VARIABLE, NoNode, language_of, node_packages, run
from tests.upstream import Request, Upstream, reply, stream

MADE = int(os.environ.get("SNIPPET_BODIES", "40"))
WORDS = ["Hello", ", “wörld”", " \u2028 👋\n", "Bye."]
ANSWER = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "".join(WORDS)}}],
}  # fmt: skip

pytestmark = pytest.mark.xdist_group("snippets")


@pytest.fixture(scope="module")
def streaming() -> Iterator[Upstream]:
    with Upstream() as upstream:
        upstream.script(stream(*WORDS), repeat=True)
        yield upstream


@pytest.fixture(scope="module")
def whole() -> Iterator[Upstream]:
    with Upstream() as upstream:
        upstream.script(reply(200, ANSWER), repeat=True)
        yield upstream


@dataclass(frozen=True)
class Sent:
    """A body, the request that its code made, and what the code printed."""

    body: dict[str, Any]
    request: Request
    printed: str


@dataclass(frozen=True)
class Runs:
    target: str
    made: list[Sent]
    plain: list[Sent]
    without_key: Sent
    long: Sent


@pytest.fixture(scope="module", params=[target.name for target in TARGETS])
def runs(
    request: pytest.FixtureRequest,
    streaming: Upstream,
    whole: Upstream,
    tmp_path_factory: pytest.TempPathFactory,
) -> Runs:
    """All that is run of one target, in one process."""
    target = request.param
    if language_of(target) is NODE:
        try:
            node_packages()
        except NoNode as reason:
            pytest.skip(str(reason))
    plain = [PLAIN, {**PLAIN, "stream": False}]
    bodies = [
        *plain,
        PLAIN,
        long_body(),
        EXAMPLE,
        {**EXAMPLE, "stream": False, "seed": 7},
        *made_bodies(MADE),
    ]
    upstreams = [streaming if body["stream"] else whole for body in bodies]
    urls = [f"{upstream.base_url[:-3]}/{n}/v1/chat/completions" for n, upstream in enumerate(upstreams)]
    keys = [VARIABLE, VARIABLE, "", *[VARIABLE] * (len(bodies) - 3)]
    codes = [snippet(target, *parts) for parts in zip(urls, bodies, keys, strict=True)]
    for upstream in (streaming, whole):
        upstream.requests.clear()
    printed = run(target, codes, tmp_path_factory.mktemp(target))
    came = {request.path: request for upstream in (streaming, whole) for request in upstream.requests}
    assert len(streaming.requests) + len(whole.requests) == len(bodies)
    sent = [Sent(body, came[f"/{n}/v1/chat/completions"], printed[n]) for n, body in enumerate(bodies)]
    return Runs(target, sent[4:], sent[:2], sent[2], sent[3])


def long_body() -> dict[str, Any]:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "iVBORw0K" * 100_000}}
    text = "".join(f"Line {number} of a long document.\n" for number in range(20_000))
    turns = [{"role": role, "content": f"Turn\n{n}"} for n in range(300) for role in ("user", "assistant")]
    last = {"role": "user", "content": [image, {"type": "text", "text": text}]}
    return {**PLAIN, "messages": [*turns, last]}


def test_the_body_that_is_sent_is_the_one_that_was_stored(runs: Runs) -> None:
    comparable = by_value if language_of(runs.target) is NODE else strictly
    for sent in runs.made:
        assert comparable(json.loads(sent.request.raw)) == comparable(sendable(sent.body))


def test_the_words_of_the_answer_are_printed(runs: Runs) -> None:
    streamed, at_once = (sent.printed for sent in runs.plain)
    if runs.target == "curl":
        assert streamed.startswith("data: {")
        assert at_once == json.dumps(ANSWER)
    else:
        assert streamed == "".join(WORDS)
        assert at_once == "".join(WORDS) + "\n"


def test_the_key_comes_from_the_environment(runs: Runs) -> None:
    for sent in runs.plain:
        assert sent.request.headers["authorization"] == f"Bearer {KEY}"
        assert sent.request.headers["content-type"] == "application/json"
        assert sent.request.method == "POST"


def test_a_server_that_asks_for_no_key_gets_none(runs: Runs) -> None:
    # SDKs insist on one.
    assert runs.without_key.request.headers.get("authorization", "Bearer none") == "Bearer none"


def test_a_long_conversation_with_a_large_image_is_no_trouble(runs: Runs) -> None:
    assert json.loads(runs.long.request.raw) == runs.long.body
