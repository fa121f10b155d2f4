"""Saved prompts: the list, saving, comparing, restoring, two tabs at once, deleting, import and export."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chat.models import Prompt
from chat.placeholders import Variable

from .asking import words_in

pytestmark = pytest.mark.django_db
NASTY = '</textarea><script>alert(1)</script> {{name}} "\r\n\n  & {% now %} 👩‍👩‍👧\n'


@pytest.fixture
def client(as_user: Any, alice: Any) -> Client:
    browser: Client = as_user(alice)
    return browser


@pytest.fixture
def prompt(alice: Any) -> Prompt:
    prompt = Prompt.objects.create(owner=alice, name="Summary")
    prompt.save_version("One {{a}}", [Variable("a")], "First")
    return prompt


def address(prompt: Prompt, rest: str = "") -> str:
    return f"/prompts/{prompt.pk}/{rest}"


def save(client: Client, prompt: Prompt, text: str, base: int | str = 1, **fields: str) -> Any:
    return client.post(address(prompt, "versions/"), {"text": text, "base": base, **fields})


def texts(prompt: Prompt) -> list[str]:
    return [version.text for version in prompt.versions.order_by("number")]


# Saving


def test_a_new_prompt_has_a_first_version(client: Client) -> None:
    form = {
        "name": "Mine",
        "kind": "user",
        "text": NASTY,
        "note": "Why",
        "type:name": "number",
        "default:name": "3",
    }
    response = client.post("/prompts/creation/", form)
    prompt = Prompt.objects.get()
    assert response["HX-Push-Url"] == address(prompt)
    assert (prompt.name, prompt.kind, prompt.newest.note) == ("Mine", "user", "Why")
    assert prompt.newest.text == NASTY.replace("\r\n", "\n")
    assert prompt.newest.described == [Variable("name", "number", "3", required=False)]
    assert b"<script>alert" not in response.content
    assert "Saved as v1." in words_in(response)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Give the prompt a name."),
        ({"text": " \n"}, "A prompt needs a text."),
        ({"kind": "x"}, "not one of the available choices"),
        ({"text": "a\0b"}, "NUL"),
        ({"default:a": "\0"}, "a has a NUL character"),
        ({"type:a": "choice"}, "a needs at least one choice."),
        ({"type:a": "number", "default:a": "x"}, "a must be a number."),
        ({"text": "".join(f"{{{{v{n}}}}}" for n in range(101))}, "more than 100 placeholders"),
        ({"note": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(
    client: Client, change: dict[str, str], words: str
) -> None:
    form = {"name": "Mine", "kind": "system", "text": "Typed {{a}}", "type:a": "text", **change}
    response = client.post("/prompts/creation/", form)
    assert response.status_code == 422
    assert words in words_in(response)
    assert not Prompt.objects.exists()
    if "text" not in change:
        assert "Typed {{a}}" in words_in(response)


def test_every_save_is_a_version_with_its_note(client: Client, prompt: Prompt) -> None:
    response = save(
        client,
        prompt,
        "Two {{a}} {{b}}",
        note="Better",
        **{"type:b": "choice", "choices:b": "x\r\n\r\n y \r\nx"},
    )
    assert "Saved as v2." in words_in(response)
    assert texts(prompt) == ["One {{a}}", "Two {{a}} {{b}}"]
    assert prompt.newest.note == "Better"
    assert prompt.newest.described == [
        Variable("a"),
        Variable("b", "choice", required=False, choices=("x", "y")),
    ]


def test_saving_what_has_not_changed_makes_no_version(client: Client, prompt: Prompt) -> None:
    response = save(client, prompt, "One {{a}}", note="Again", **{"type:a": "text", "required:a": "on"})
    assert "Nothing has changed since v1, so no version was made." in words_in(response)
    assert b'value="Again"' in response.content
    assert len(texts(prompt)) == 1


def test_another_description_of_a_variable_is_a_change(client: Client, prompt: Prompt) -> None:
    save(client, prompt, "One {{a}}", **{"type:a": "multiline", "required:a": "on"})
    assert prompt.newest.described == [Variable("a", "multiline")]


def test_two_tabs_that_save_lose_nothing_and_are_told(client: Client, prompt: Prompt) -> None:
    save(client, prompt, "From the first tab", base=1)
    response = save(client, prompt, "From the second tab", base=1)
    assert texts(prompt) == ["One {{a}}", "From the first tab", "From the second tab"]
    assert "Saved as v3. v2 was saved meanwhile, in another place" in words_in(response)
    assert b"/v/3/?from=2" in response.content


def test_who_changed_nothing_does_not_take_another_tabs_words_back(client: Client, prompt: Prompt) -> None:
    save(client, prompt, "From the first tab", base=1)
    response = save(client, prompt, "One {{a}}", base=1)
    assert len(texts(prompt)) == 2
    assert "Nothing has changed since v1, so no version was made. v2 was saved meanwhile" in words_in(
        response
    )


@pytest.mark.parametrize("base", ["", "x", "99", "-1", "9" * 30, "²"])
def test_a_version_that_there_never_was_is_no_obstacle(client: Client, prompt: Prompt, base: str) -> None:
    save(client, prompt, "Two", base=base)
    assert base in ("x", "-1", "9" * 30, "²") or texts(prompt) == ["One {{a}}", "Two"]


def test_a_prompt_can_be_renamed(client: Client, prompt: Prompt) -> None:
    assert "Other <b>" in words_in(client.post(address(prompt, "name/"), {"title": "Other <b>"}))
    assert client.post(address(prompt, "name/"), {"title": " "}).status_code == 422
    prompt.refresh_from_db()
    assert prompt.name == "Other <b>"


# Versions


@pytest.fixture
def changed(client: Client, prompt: Prompt) -> Prompt:
    save(client, prompt, "Two {{a}} <b>", note="Second")
    return prompt


def test_each_version_has_an_address(client: Client, changed: Prompt) -> None:
    assert "First" in words_in(client.get(address(changed, "v/1/")))
    page = client.get(address(changed, "v/2/")).content.decode()
    assert 'Two <code class="variable">{{a}}</code> &lt;b&gt;' in page
    for number in ("3", "0", "9" * 30):
        assert client.get(address(changed, f"v/{number}/")).status_code == 404


def test_what_changed_between_two_versions(client: Client, changed: Prompt) -> None:
    page = client.get(address(changed, "v/2/"), {"from": "1"})
    assert "Changes from v1 to v2" in words_in(page)
    assert "2 words in, 1 out" in words_in(page)
    assert b"<del>One</del><ins>Two</ins>" in page.content


def test_any_two_versions_can_be_chosen(client: Client, changed: Prompt) -> None:
    response = client.get(address(changed, "v/2/"), {"from": "2", "to": "1"})
    assert response["Location"] == address(changed, "v/1/?from=2")
    assert "Changes from v2 to v1" in words_in(client.get(response["Location"]))


@pytest.mark.parametrize(
    "query", [{"from": "x"}, {"from": "99"}, {"to": "x"}, {"from": "²"}, {"to": "9" * 40}]
)
def test_what_is_no_version_compares_nothing(client: Client, changed: Prompt, query: dict[str, str]) -> None:
    page = client.get(address(changed, "v/2/"), query)
    assert page.status_code == 200
    assert "Changes from" not in words_in(page)


def test_restoring_makes_a_new_version(client: Client, changed: Prompt) -> None:
    response = client.post(address(changed, "v/1/restored/"))
    assert "v1 is restored, as v3." in words_in(response)
    assert (changed.newest.text, changed.newest.note) == ("One {{a}}", "Restored v1")
    assert "v3 says the same as v1 already." in words_in(client.post(address(changed, "v/1/restored/")))
    assert len(texts(changed)) == 3


# The list


def test_the_newest_change_comes_first_and_names_are_searched(
    client: Client, alice: Any, prompt: Prompt
) -> None:
    other = Prompt.objects.create(owner=alice, name="A <i>translation</i>")
    other.save_version("x", [])
    save(client, prompt, "Two")
    page = words_in(client.get("/prompts/"))
    assert page.index("Summary") < page.index("A <i>translation</i>")
    found = words_in(client.get("/prompts/", {"q": "TRANS <i>"}))
    assert "A <i>translation</i>" in found
    assert "Summary" not in found
    assert "No name holds “\0zz”." in words_in(client.get("/prompts/", {"q": "\0zz"}))


def test_deleting_can_be_taken_back(client: Client, prompt: Prompt) -> None:
    response = client.post(address(prompt, "deletion/"))
    assert "“Summary” deleted Undo" in words_in(response)
    assert "Summary" not in words_in(client.get("/prompts/"))
    for path in ("", "v/1/", "export/"):
        assert client.get(address(prompt, path)).status_code == 404
    assert "Summary" in words_in(client.delete(address(prompt, "deletion/")))
    assert "Summary" in words_in(client.get("/prompts/"))
    assert client.delete(address(prompt, "deletion/")).status_code == 404


def test_a_stranger_sees_no_prompt_in_the_list(as_user: Any, bob: Any, prompt: Prompt) -> None:
    assert "Summary" not in words_in(as_user(bob).get("/prompts/"))


# Import and export


def test_what_was_exported_is_imported_the_same(client: Client, changed: Prompt) -> None:
    exported = client.get(address(changed, "export/"))
    assert exported["Content-Disposition"] == 'attachment; filename="summary.prompt.json"'
    file = SimpleUploadedFile("x.json", exported.content)
    response = client.post("/prompts/imported/", {"file": file, "pasted": ""})
    again = Prompt.objects.exclude(pk=changed.pk).get()
    assert response["HX-Push-Url"] == address(again)
    assert client.get(address(again, "export/")).content == exported.content


def test_what_could_not_be_kept_is_listed(client: Client) -> None:
    body = {"messages": [{"role": "system", "content": "Be {{how}}"}], "temperature": 1, "seed": 4}
    command = f"curl https://a -H 'Authorization: Bearer sk-secret' -d '{json.dumps(body)}'"
    response = client.post("/prompts/imported/", {"pasted": command})
    assert "Imported. Not imported: temperature, seed." in words_in(response)
    newest = Prompt.objects.get().newest
    assert (newest.text, newest.note) == ("Be {{how}}", "Not imported: temperature, seed")
    assert b"sk-secret" not in response.content


def test_what_cannot_be_read_is_refused_and_not_sent_back(client: Client) -> None:
    response = client.post("/prompts/imported/", {"pasted": "curl -H 'Authorization: Bearer sk-secret'"})
    assert response.status_code == 422
    assert "sends no data" in words_in(response)
    assert b"secret" not in response.content
    file = SimpleUploadedFile("x.bin", b"\xff\xfe\x00")
    assert "not text in UTF-8" in words_in(client.post("/prompts/imported/", {"file": file}))
    large = SimpleUploadedFile("x.txt", b"x" * 2_000_001)
    assert "larger than 2 MB" in words_in(client.post("/prompts/imported/", {"file": large}))
    assert not Prompt.objects.exists()


def test_a_new_chat_can_begin_with_a_prompt(client: Client, prompt: Prompt, bob: Any, as_user: Any) -> None:
    query = {"prompt": str(prompt.newest.pk)}
    assert "From prompt Summary v1" in words_in(client.get("/", query))
    assert "From prompt" not in words_in(as_user(bob).get("/", query))
    for id in ("x", str(uuid4()), ""):
        assert "From prompt" not in words_in(client.get("/", {"prompt": id}))
    Prompt.objects.update(kind="user")
    assert "From prompt" not in words_in(client.get("/", query))
