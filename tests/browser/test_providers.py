"""Providers are added in the page, tested in words, and no page ever shows a key."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import KEY
from tests.browser.visitor import Visitor
from tests.crash.site import Site
from tests.servers import Server, free_port
from tests.upstream import Gate, Upstream, reply, stream

CANARY = "sk-canary-of-the-second-provider"
PAGE = "<!doctype html><title>Welcome</title><h1>It works!</h1>"


def add(visitor: Visitor, name: str, address: str, key: str = "") -> Locator:
    """Adds a provider and returns its place in the page, open."""
    visitor.opens("/settings/")
    form = visitor.page.get_by_role("form", name="Add a provider")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Base URL").fill(address)
    form.get_by_label("Key").fill(key)
    form.get_by_role("button", name="Add provider").click()
    place = visitor.page.get_by_role("group").filter(has=visitor.page.get_by_text(name, exact=True)).first
    place.locator("summary").click()
    return place


def test_the_connection_of(place: Locator) -> Locator:
    place.get_by_role("button", name="Test connection").click()
    return place.get_by_role("status")


test_the_connection_of.__test__ = False  # type: ignore[attr-defined]


def test_one_that_works_says_so_and_can_be_asked(visitor: Visitor, upstream: Upstream) -> None:
    address = upstream.base_url.replace("/v1", "/good/v1")
    models = {"object": "list", "data": [{"id": "second-hand", "object": "model"}]}
    upstream.script(reply(200, models), path="/good/v1/models", repeat=True)
    place = add(visitor, "Second", address, CANARY)
    expect(test_the_connection_of(place)).to_contain_text("It answers, and lists 1 model.")
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {CANARY}"
    visitor.asks("second-hand", "Who is there?")
    visitor.sees_answer("Who is there?")
    assert upstream.requests[-1].path == "/good/v1/chat/completions"
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {CANARY}"


def test_what_waits_for_its_turn_says_so_and_goes_on_when_the_limit_is_raised(
    visitor: Visitor, upstream: Upstream
) -> None:
    address, gate = upstream.base_url.replace("/v1", "/narrow/v1"), Gate()
    models = {"object": "list", "data": [{"id": "narrow", "object": "model"}]}
    upstream.script(reply(200, models), path="/narrow/v1/models", repeat=True)
    upstream.script(stream("Hel", gate, "lo"), model="narrow", repeat=True)
    place = add(visitor, "Narrow", address)
    place.get_by_label("Requests at once, at most").fill("1")
    place.get_by_role("button", name="Save").click()
    place = visitor.page.get_by_role("group").filter(has=visitor.page.get_by_text("at most 1 at once"))
    place.locator("summary").click()
    expect(test_the_connection_of(place)).to_contain_text("It answers")
    visitor.asks("narrow", "First")
    visitor.sees_text_growing()
    second = visitor.opens_a_second_tab()
    second.asks("narrow", "Second")
    second.sees(re.compile("waiting for its turn, 1 ahead"))
    second.reloads()
    second.sees(re.compile("waiting for its turn, 1 ahead"))
    third = visitor.opens_a_second_tab()
    third.asks("narrow", "Third")
    third.sees(re.compile("waiting for its turn, 2 ahead"))
    third.stops()
    third.sees_status("stopped")
    # Nobody else ends: a place more is what lets it in.
    visitor.opens("/settings/")
    place.locator("summary").click()
    place.get_by_label("Requests at once, at most").fill("2")
    place.get_by_role("button", name="Save").click()
    second.sees_text_growing()
    gate.open()
    second.sees_answer("Hello")
    second.sees(re.compile("in the queue"))
    asked = [request.body["messages"][-1] for request in upstream.requests if request.model == "narrow"]
    assert [turn["content"] for turn in asked] == ["First", "Second"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(401, {"error": {"message": "Incorrect API key provided"}}), "refused the key"),
        (reply(200, PAGE, {"Content-Type": "text/html"}), "no list of models"),
        (reply(404, PAGE, {"Content-Type": "text/html"}), "no such address"),
        (reply(500, {"error": "broken"}), "failed (HTTP 500)"),
    ],
    ids=["wrong key", "web page", "wrong path", "broken"],
)
def test_one_that_does_not_says_in_words_what_is_wrong(
    visitor: Visitor, upstream: Upstream, answer: object, words: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    address = upstream.base_url.replace("/v1", f"/{name.replace(' ', '-')}/v1")
    path = address.removeprefix(upstream.base_url.removesuffix("/v1")) + "/models"
    upstream.script(answer, path=path, repeat=True)  # type: ignore[arg-type]
    verdict = test_the_connection_of(add(visitor, name, address, CANARY))
    expect(verdict).to_contain_text(words)
    expect(verdict).not_to_contain_text(CANARY)


def test_one_where_nothing_listens_says_so(visitor: Visitor) -> None:
    place = add(visitor, "Nobody", f"http://127.0.0.1:{free_port()}/v1")
    verdict = test_the_connection_of(place)
    expect(verdict).to_contain_text("nothing accepts connections there")


def test_a_wrong_address_is_told_beside_its_field_and_what_was_typed_stays(visitor: Visitor) -> None:
    visitor.opens("/settings/")
    form = visitor.page.get_by_role("form", name="Add a provider")
    form.get_by_label("Name").fill("Typo")
    form.get_by_label("Base URL").fill("ftp://nowhere")
    form.get_by_role("button", name="Add provider").click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(form.locator("[name=name]")).to_have_value("Typo")
    expect(form.locator("[name=base_url]")).to_have_value("ftp://nowhere")


def test_a_key_is_in_no_page_and_not_in_the_clear_on_disk(visitor: Visitor, server: Server) -> None:
    visitor.asks("error-401")
    visitor.sees_answer(status="failed")
    with Site(server) as site:
        paths = ["/", "/settings/", "/models/", "/history/", visitor.path]
        paths += [f"/messages/{id}/" for (id,) in site.rows("SELECT id FROM chat_message")]
        shown = "".join(site.get(path).text for path in paths)
    for key in (KEY, CANARY):
        assert key not in shown
        assert f"…{key[-4:]}" in shown
        for file in server.folder.glob("*"):
            assert not file.is_file() or key.encode() not in file.read_bytes(), file
