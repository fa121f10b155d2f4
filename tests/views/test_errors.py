"""What goes wrong is told without a trace, and every reply says what a browser may do with it."""

import logging
import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from chat.models import Conversation
from chat.views import conversations, health

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails with secrets in hand."""

    def fail(*_: Any) -> Any:
        secret_key = "sk-0123456789abcdef"
        raise ZeroDivisionError(f"with {secret_key}")

    monkeypatch.setattr(conversations.history, "page_of", fail)


def quiet_client(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_a_fault_of_our_own_shows_no_trace(
    broken: None, alice: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        response = quiet_client(alice).get("/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something failed here" in page
    for trace in ("Traceback", "ZeroDivisionError", "0123456789", "/chat/", ".py", "site-packages"):
        assert trace not in page


def test_htmx_is_told_in_one_line(broken: None, alice: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        response = quiet_client(alice).get("/", headers={"HX-Request": "true"})
    assert response.status_code == 500
    assert response.content.startswith(b'<p class="refusal"')


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/c/x/", "/admin/", "/static/missing.js", "/c/../../etc/passwd", "/%00"]
)
def test_what_is_not_there_is_a_page_that_says_so(as_user: Any, alice: Any, path: str) -> None:
    response = as_user(alice).get(path)
    assert response.status_code == 404
    assert "Not found" in response.content.decode()
    assert "urlpatterns" not in response.content.decode()


def test_a_form_that_is_too_large_is_refused_without_a_trace(as_user: Any, alice: Any) -> None:
    talk = Conversation.objects.create(owner=alice)
    form = "title=" + "x" * (9 * 1024 * 1024)
    kind = "application/x-www-form-urlencoded"
    response = as_user(alice).post(f"/c/{talk.pk}/title/", form, content_type=kind)
    assert response.status_code in (400, 413)
    assert "Traceback" not in response.content.decode()


# Other web pages


def with_token(user: Any) -> tuple[Client, str]:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    page = client.get("/").content.decode()
    found = re.search(r'"X-CSRFToken": "(\w+)"', page)
    assert found
    return client, found[1]


def rename(client: Client, talk: Conversation, **headers: str) -> int:
    return client.post(f"/c/{talk.pk}/title/", {"title": "Renamed"}, headers=headers).status_code


def test_a_form_of_our_own_page_is_taken(alice: Any) -> None:
    talk = Conversation.objects.create(owner=alice)
    client, token = with_token(alice)
    assert rename(client, talk, **{"X-CSRFToken": token, "Origin": "http://testserver"}) == 200


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_form_without_its_token_is_refused_in_words(
    alice: Any, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    talk = Conversation.objects.create(owner=alice)
    client, _ = with_token(alice)
    response = client.post(f"/c/{talk.pk}/title/", {"title": "Stolen"}, headers={"X-CSRFToken": token})
    assert response.status_code == 403
    assert "Reload the page" in response.content.decode()
    assert "CSRF token" not in response.content.decode()
    talk.refresh_from_db()
    assert talk.title == ""


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.test",
        "null",
        "https://testserver",
        "http://testserver:81",
        "http://testserver.evil.test",
        "http://evil.test/testserver",
    ],
)
def test_another_origin_is_refused_even_with_the_token(alice: Any, origin: str) -> None:
    talk = Conversation.objects.create(owner=alice)
    client, token = with_token(alice)
    assert rename(client, talk, **{"X-CSRFToken": token, "Origin": origin}) == 403


@pytest.mark.parametrize(
    "host", ["evil.test", "testserver.evil.test", "127.0.0.1.evil.test", "evil.test:8000", "", "a b"]
)
@pytest.mark.parametrize("path", ["/", "/login/", "/history/"])
def test_a_host_that_is_not_ours_reads_nothing(as_user: Any, alice: Any, host: str, path: str) -> None:
    Conversation.objects.create(owner=alice, title="Secret talk")
    response = Client(headers={"host": host}).get(path)
    assert b"Secret" not in response.content
    assert response.status_code in (200, 302, 400)


# What a browser may do


@pytest.mark.parametrize("path", ["/", "/login/", "/settings/", "/nowhere/", "/history/"])
def test_every_reply_is_guarded(as_user: Any, alice: Any, path: str) -> None:
    response = (Client() if path == "/login/" else as_user(alice)).get(path)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def policy(response: Any) -> dict[str, list[str]]:
    parts = response["Content-Security-Policy"].split(";")
    return {name: values for name, *values in (part.split() for part in parts if part.strip())}


def test_only_scripts_with_the_nonce_of_this_reply_run(as_user: Any, alice: Any) -> None:
    response = as_user(alice).get("/")
    [nonce] = [word for word in policy(response)["script-src"] if word.startswith("'nonce-")]
    nonce = nonce.removeprefix("'nonce-").removesuffix("'")
    scripts = re.findall(r"<script\b[^>]*>", response.content.decode())
    assert scripts
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert "'unsafe-inline'" not in str(policy(response))
    assert "'unsafe-eval'" not in str(policy(response))


def test_each_reply_has_another_nonce(as_user: Any, alice: Any) -> None:
    client = as_user(alice)
    assert policy(client.get("/"))["script-src"] != policy(client.get("/"))["script-src"]


def test_nothing_is_loaded_from_anywhere_else(as_user: Any, alice: Any) -> None:
    found = policy(as_user(alice).get("/"))
    assert found["default-src"] == found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert (
        found["connect-src"] == found["style-src"] == found["font-src"] == found["form-action"] == ["'self'"]
    )
    assert not re.search(r"https?:", str(found))


def test_no_page_holds_an_inline_handler_or_style(as_user: Any, alice: Any) -> None:
    for path in ("/", "/settings/"):
        page = as_user(alice).get(path).content.decode()
        assert not re.search(r"<[^>]+\son\w+=", page)
        assert not re.search(r"<[^>]+\sstyle=", page)


# Health


def test_it_says_that_it_can_serve() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_it_does_not_say_so_without_its_database(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OperationalError("no database")

    monkeypatch.setattr(health, "ask_database", away)
    with caplog.at_level(logging.CRITICAL):
        assert Client(raise_request_exception=False).get("/healthz").status_code == 500
