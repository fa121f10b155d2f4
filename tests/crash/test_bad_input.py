"""Whatever comes over the wire: a clear word, the right status, and nothing breaks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest

from tests.crash.site import Site
from tests.servers import Server, data_folder
from tests.upstream import Upstream, reply

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture(scope="module")
def server(
    upstream: Upstream, collected_static: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One is enough here: nothing that is refused leaves a trace for the next."""
    environment = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": "sk-test"}
    with Server(data_folder(tmp_path_factory.mktemp("server"), collected_static), environment) as server:
        yield server


@pytest.fixture
def site(server: Server) -> Iterator[Site]:
    """Whatever a test did: no trace of the code in any answer, nothing in the log."""
    with Site(server) as site:
        answers: list[httpx.Response] = []
        site.http.event_hooks["response"] = [answers.append]
        yield site
        for answer in answers:
            assert answer.status_code < 500, answer.request
            assert "Traceback" not in answer.text
            assert "django" not in answer.text.lower()
    assert "Internal Server Error" not in server.log.read_text()


def refusal(response: httpx.Response) -> str:
    """The words of a refusal, as a person reads them in the page."""
    assert 'role="alert"' in response.text, response.text
    return response.text.split("<span>")[1].split("</span>")[0]


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n"])
def test_an_empty_message_is_refused(site: Site, text: str) -> None:
    response = site.post("/c/", site.form("mirror", text))
    assert response.status_code == 422
    assert refusal(response) == "Write something first."


def test_a_megabyte_of_text_is_sent_as_it_is(site: Site, upstream: Upstream) -> None:
    text = "0123456789abcde\n" * 65536
    conversation = site.starts("tokens-1", text)
    site.waits_for_the_end_of(conversation)
    assert upstream.requests[-1].body["messages"][-1]["content"] == text
    assert text in site.get(f"/c/{conversation}/").text


def test_three_megabytes_are_too_much_and_it_says_how_much_is_not(site: Site) -> None:
    response = site.post("/c/", site.form("mirror", "x" * 3_000_000))
    assert response.status_code == 422
    assert "too long" in refusal(response)
    assert "2,000,000" in refusal(response)


def test_a_body_that_is_far_too_large_is_refused(site: Site) -> None:
    response = site.post("/c/", site.form("mirror", "x" * 30_000_000))
    assert response.status_code == 413
    assert 'role="alert"' in response.text
    assert "16 MB" in response.text


def test_control_characters_are_sent_and_shown_as_they_are(site: Site, upstream: Upstream) -> None:
    text = (
        "".join(map(chr, [*range(1, 13), *range(14, 32), 127, 128, 0x85, 0x2028, 0xFEFF, 0xFFFE, 0xFFFF]))
        + "."
    )
    conversation = site.starts("tokens-1", text)
    site.waits_for_the_end_of(conversation)
    assert upstream.requests[-1].body["messages"][-1]["content"] == text
    assert site.get(f"/c/{conversation}/").status_code == 200


def test_a_nul_is_refused_in_words(site: Site) -> None:
    for field in ("message", "system_prompt"):
        response = site.post("/c/", site.form("mirror", "Hello") | {field: "a\0b"})
        assert response.status_code == 422
        assert "NUL" in refusal(response)


@pytest.mark.parametrize(
    "sent", ["%ED%A0%80", "%FF%FE", "%C3%28"], ids=["lone surrogate", "no UTF-8", "half a letter"]
)
def test_bytes_that_are_no_text_break_nothing(site: Site, upstream: Upstream, sent: str) -> None:
    form = "&".join(
        f"{name}={quote(value)}" for name, value in site.form("tokens-1", "").items() if name != "message"
    )
    headers = site.headers | {"Content-Type": "application/x-www-form-urlencoded"}
    response = site.http.post("/c/", content=f"{form}&message=Before{sent}after", headers=headers)
    assert response.status_code in (302, 400, 422)
    if response.status_code == 302:
        site.waits_for_the_end_of(response.headers["location"].split("/")[2])
        said = upstream.requests[-1].body["messages"][-1]["content"]
        assert said.startswith("Before")
        assert "\ufffd" in said


@pytest.mark.parametrize("command", ["", "not-an-id", "1", "'; DROP TABLE chat_message; --"])
def test_a_form_without_a_valid_id_is_refused(site: Site, command: str) -> None:
    response = site.post("/c/", site.form("mirror", "Hello", command=command))
    assert response.status_code == 422
    assert refusal(response)


@pytest.mark.parametrize("path", ["/c/{}/", "/messages/{}/", "/messages/{}/editor/", "/messages/{}/earlier/"])
@pytest.mark.parametrize("id", [NOBODY, "nonsense", "1' OR '1'='1", "../../etc/passwd"])
def test_a_wrong_id_is_not_found(site: Site, path: str, id: str) -> None:
    response = site.get(path.format(quote(id, safe="")))
    assert response.status_code == 404
    assert "There is nothing here" in response.text


def test_commands_on_a_wrong_id_are_not_found(site: Site) -> None:
    form = {"command": str(uuid4()), "message": "x", "text": "x", "title": "x"}
    for path in ("/c/{}/messages/", "/c/{}/title/", "/c/{}/settings/", "/c/{}/pin/", "/c/{}/deletion/",
                 "/messages/{}/edits/", "/messages/{}/alternatives/", "/messages/{}/shown/",
                 "/messages/{}/deletion/", "/generations/{}/", "/settings/providers/{}/check/"):  # fmt: skip
        assert site.post(path.format(NOBODY), form).status_code == 404, path


def test_a_parameter_out_of_range_or_no_number_is_refused_in_words(site: Site) -> None:
    for value, words in (
        ("3", "from 0 to 2"),
        ("warm", "a number"),
        ("nan", "from 0 to 2"),
        ("1e999", "from 0 to 2"),
    ):
        response = site.post("/c/", site.form("mirror", "Hello", temperature=value))
        assert response.status_code == 422
        assert words in refusal(response)


def test_a_shown_message_of_another_conversation_is_refused(site: Site) -> None:
    first, second = site.starts("tokens-1", "one"), site.starts("tokens-1", "two")
    (foreign,) = site.row("SELECT id FROM chat_message WHERE conversation_id = ?", UUID(second).hex)
    response = site.post(f"/c/{first}/messages/", site.form("mirror", "Hello", shown=foreign))
    assert response.status_code in (404, 422)
    assert len(site.rows("SELECT 1 FROM chat_message WHERE conversation_id = ?", UUID(first).hex)) == 2


def test_a_removed_provider_leaves_words_and_keeps_the_conversation(site: Site, upstream: Upstream) -> None:
    conversation = site.starts("tokens-1", "Hello")
    site.waits_for_the_end_of(conversation)
    provider = site.provider()
    assert site.post(f"/settings/providers/{UUID(provider)}/", {"remove": "on"}).status_code == 302
    form = {"command": str(uuid4()), "message": "Still there?", "provider": provider, "model": "tokens-1"}
    response = site.post(f"/c/{conversation}/messages/", form)
    assert response.status_code == 422
    assert "Choose a model first" in refusal(response)
    assert "Hello" in site.get(f"/c/{conversation}/").text
    again = {"name": "OpenAI", "base_url": upstream.base_url, "dialect": "openai"}
    assert site.post("/settings/providers/", again).status_code == 302


def test_a_model_that_is_no_longer_there_fails_in_the_transcript(site: Site, upstream: Upstream) -> None:
    gone = {"error": {"message": "The model `gone` does not exist.", "code": "model_not_found"}}
    upstream.script(reply(404, gone))
    conversation = site.starts("gone")
    assert site.waits_for_the_end_of(conversation) == "failed"
    assert "The model `gone` does not exist." in site.get(f"/c/{conversation}/").text


def test_a_provider_that_answers_with_a_web_page_fails_in_the_transcript(
    site: Site, upstream: Upstream
) -> None:
    page = "<html><head><title>502</title></head><body><h1>Bad gateway</h1><script>alert(1)</script></body></html>"
    for status in (200, 403, 502):
        upstream.script(
            reply(status, page, {"Content-Type": "text/html"}), model="mirror", repeat=status == 502
        )
        conversation = site.starts("mirror")
        assert site.waits_for_the_end_of(conversation) == "failed", status
        shown = site.get(f"/c/{conversation}/").text
        assert 'aria-label="Error"' in shown, status
        assert "alert(1)" not in shown
        assert "<h1>Bad gateway" not in shown


def test_someone_elses_things_are_not_there(make: Any, upstream: Upstream) -> None:
    """With accounts, a stranger who is signed in sees of another's rows what he sees of none."""
    server: Server = make(PLAYGROUND_ACCOUNTS="1")
    make_person = (
        "from django.contrib.auth.models import User; User.objects.create_user('{0}', password='{0}')"
    )
    for name in ("ann", "ben"):
        server.manage("shell", "-v0", "-c", make_person.format(name))
    with Site(server, "ann") as ann, Site(server, "ben") as ben:
        conversation = ann.starts("tokens-1", "A secret of Ann")
        assert ann.waits_for_the_end_of(conversation) == "finished"
        (message, generation) = ann.row("SELECT id, generation_id FROM chat_message WHERE role = 'assistant'")
        for path in (
            f"/c/{conversation}/",
            f"/messages/{UUID(message)}/",
            f"/messages/{UUID(message)}/editor/",
        ):
            assert ann.get(path).status_code == 200
            assert ben.get(path).status_code == 404
        form = {"command": str(uuid4()), "message": "x", "text": "x", "title": "x"}
        for path in (f"/c/{conversation}/messages/", f"/c/{conversation}/title/", f"/c/{conversation}/deletion/",
                     f"/messages/{UUID(message)}/edits/", f"/messages/{UUID(message)}/deletion/",
                     f"/generations/{UUID(generation)}/"):  # fmt: skip
            assert ben.post(path, form).status_code == 404, path
        assert "A secret" not in ben.get("/history/?q=secret").text
        assert "A secret" in ann.get("/history/?q=secret").text


def test_nobody_comes_in_from_another_web_page(site: Site) -> None:
    form = site.form("mirror", "Hello")
    assert site.http.post("/c/", data=form).status_code == 403
    assert site.post("/c/", form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert site.http.get("/", headers={"Host": "evil.example"}).status_code == 400
