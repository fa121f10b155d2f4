"""Prompts out of pasted text: what is understood, what is left out and said to be, and what is refused in words."""

import json
import shlex
from typing import Any

import pytest

from chat.placeholders import Variable
from chat.prompt_import import MOST_BYTES, Imported, ImportedVersion, Unreadable, decode, read, write_own
from chat.snippets import TARGETS, snippet

NASTY = "Say \"it's\" {{name}}\n\t`so` ${x} \\n \\u0041 <<JSON $'a' 👩‍👩‍👧 {% now %} '''"
URL = "https://api.example.org/v1/chat/completions"
BODY = {
    "model": "m", "temperature": 0.5, "stream": True,
    "messages": [{"role": "system", "content": NASTY}, {"role": "user", "content": "Hi"}],
}  # fmt: skip


def text_of(imported: Imported) -> str:
    [version] = imported.versions
    return version.text


# Chat completions


def test_a_system_message_becomes_a_system_prompt() -> None:
    imported = read(json.dumps(BODY))
    assert (imported.kind, text_of(imported)) == ("system", NASTY)
    assert imported.versions[0].variables == [Variable("name")]
    assert imported.words_left_out == "1 user message, model, temperature, stream"


def test_without_one_the_first_user_message_becomes_a_template() -> None:
    messages = [
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": [{"type": "text", "text": "See {{x}}"}, {"type": "image_url"}]},
        {"role": "user", "content": "More"},
    ]
    imported = read(json.dumps(messages))
    assert (imported.kind, text_of(imported)) == ("user", "See {{x}}")
    assert "1 assistant message, 1 user message, parts of the message" in imported.words_left_out


@pytest.mark.parametrize("target", [t.name for t in TARGETS if t.name.startswith(("python", "curl"))])
def test_our_own_code_can_be_read_back(target: str) -> None:
    imported = read(snippet(target, URL, BODY, "API_KEY"))
    assert (imported.kind, text_of(imported)) == ("system", NASTY)
    assert "temperature" in imported.left_out


@pytest.mark.parametrize("option", ["-d", "--data", "--data-raw", "--data-binary", "--json", "--data="])
def test_curl_in_the_ways_that_people_write_it(option: str) -> None:
    gap = "" if option.endswith("=") else " "
    data = f"{option}{gap}{shlex.quote(json.dumps(BODY))}"
    command = f"$ curl {URL} \\\n  -H 'Authorization: Bearer sk-secret' \\\r\n  {data}"
    imported = read(command)
    assert text_of(imported) == NASTY
    assert "secret" not in repr(imported)


@pytest.mark.parametrize("key", ["sk-secret", "sk-secret" * 50])
def test_a_here_document_is_read_whatever_stands_beside_its_tag(key: str) -> None:
    for first in (f"curl -d @- <<'EOF' {URL} -H 'Bearer {key}'", f"curl {URL} <<EOF -d @- -H 'Bearer {key}'"):
        imported = read(f"{first}\n{json.dumps(BODY)}\nEOF\n")
        assert text_of(imported) == NASTY
        assert "secret" not in repr(imported)


def test_double_quotes_of_the_shell_are_undone() -> None:
    body = json.dumps({"messages": [{"role": "user", "content": 'a "b" $c'}]})
    quoted = '"' + body.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'
    assert text_of(read(f"curl x -d {quoted}")) == 'a "b" $c'


@pytest.mark.parametrize(
    "code",
    [
        "c.create(messages=[{'role': 'system', 'content': TEXT}], temperature=1)",
        "requests.post(url, headers=h, json={'messages': [{'role': 'system', 'content': TEXT}], 'top_p': 1})",
        "body = {'messages': [{'role': 'system', 'content': TEXT}]}\nrun(body)",
        "P = TEXT\nM = [{'role': 'system', 'content': P}]\nawait c.create(messages=M)",
        "c.create(messages=({'role': 'developer', 'content': TEXT},))",
    ],
)
def test_python_in_the_ways_that_people_write_it(code: str) -> None:
    assert text_of(read(code.replace("TEXT", repr(NASTY)))) == NASTY


def test_python_is_read_and_not_run(tmp_path: Any) -> None:
    target = tmp_path / "made"
    code = f"c.create(messages=[{{'role': 'user', 'content': open({str(target)!r}, 'w').name}}])"
    with pytest.raises(Unreadable, match="only running the code"):
        read(code)
    assert not target.exists()


# Our own form

OWN = Imported(
    "user",
    [
        ImportedVersion("One {{a}}\r", [Variable("a")], "First"),
        ImportedVersion(
            "Two {{a}} {{b}}", [Variable("a", "number", "1"), Variable("b", "choice", "", False, ("x", "y"))]
        ),
    ],
    "A name",
)


def test_what_is_exported_is_imported_the_same() -> None:
    assert read(write_own(OWN)) == OWN
    assert write_own(read(write_own(OWN))) == write_own(OWN)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"kind": "other"}, {"name": 3}, {"versions": []}, {"versions": "x"}, {"versions": [{}]},
        {"versions": [{"text": "a", "note": 1}]}, {"versions": [{"text": "a", "variables": {}}]},
        {"versions": [{"text": "{{a}}", "variables": [{"name": "a", "type": "code"}]}]},
        {"versions": [{"text": "{{a}}", "variables": [{"name": "a", "type": []}]}]},
        {"versions": [{"text": "{{a}}", "variables": [{"name": "a", "choices": [1]}]}]},
        {"versions": [{"text": "{{a}}", "variables": [{"name": "a", "required": "yes"}]}]},
        {"versions": [{"text": "{{a}}", "variables": [{"name": "a", "type": "choice"}]}]},
        {"versions": [{"text": "".join(f"{{{{v{n}}}}}" for n in range(101))}]},
        {"versions": [{"text": "a"}] * 1001}, {"versions": [{"text": " \n"}]},
    ],
)  # fmt: skip
def test_a_prompt_that_is_not_whole_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="prompt"):
        read(json.dumps({**json.loads(write_own(OWN)), **change}))


# Refusals


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "Paste something"),
        (" \n", "Paste something"),
        ("Who are you?", "neither JSON, nor a cURL command, nor Python"),
        ("a\0b", "neither"),
        ("x = 1", "No call with messages"),
        ("{", "not JSON: Expecting .* in line 1, column 2"),
        ("{}", "no list of"),
        ('{"messages": {}}', "no list of"),
        ("[1, null, {}]", "None of its messages"),
        ('{"messages": [{"role": "user", "content": "  "}]}', "None of its messages"),
        ('{"messages": [], "n": ' + "9" * 5000 + "}", "a number that is too long"),
        ("[" * 1_900_000, "nested too deep"),
        ("f(messages=" + "-" * 90_000 + "1)", "nested too deep"),
        ("f(messages=" + "1+" * 40_000 + "1)", "nested too deep"),
        ("f(messages=[" + "[]," * 60_000 + "])", "too much code"),
        ("f(messages=9**9**9**9)", "only running the code"),
        ("f(messages=f'{x}')", "only running the code"),
        ("f(messages='x')", "no list"),
        ("curl https://a", "sends no data"),
        ("curl -d @body.json https://a", "in a file"),
        ("curl -d $'{}' https://a", "Paste the JSON body"),
        ("curl -d '{}' -d '{}'", "more than once"),
        ("curl -d 'abc", "not closed"),
        ("curl -d abc", "The body of this cURL command is not JSON"),
        (
            json.dumps([{"role": "user", "content": " ".join(f"{{{{v{n}}}}}" for n in range(101))}]),
            "100 variables",
        ),
        ("x" * (MOST_BYTES + 1), "longer than 2 MB"),
        ("é" * MOST_BYTES, "longer than 2 MB"),
    ],
    ids=lambda value: value[:30].encode("ascii", "replace").decode().replace("\0", "0"),
)
def test_what_cannot_be_read_is_refused_in_words(pasted: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        "curl x " + "<<A\n" * 400_000, "curl x " + "'a'" * 600_000, "curl x " + '"a\\' * 500_000,
        "curl x " + "<<a " * 450_000, "curl x " + "\\" * 1_900_000, "curl x -d '" + "a " * 900_000 + "'",
        "f(" * 400_000,
    ],
    ids=[
        "here-documents", "quotes", "backslashes in quotes", "here-documents in a line", "backslashes",
        "one long word", "calls",
    ],
)  # fmt: skip
def test_two_hostile_megabytes_are_refused_and_do_not_hang(pasted: str) -> None:
    with pytest.raises(Unreadable):
        read(pasted)


def test_one_text_named_a_thousand_times_is_not_joined() -> None:
    parts = ", ".join(["{'type': 'text', 'text': P}"] * 3000)
    with pytest.raises(Unreadable, match="longer than 2 MB"):
        read(f"P = '{'x' * 100_000}'\nf(messages=[{{'role': 'user', 'content': [{parts}]}}])")


def test_what_no_database_can_hold_is_replaced() -> None:
    assert (
        text_of(read('{"messages": [{"role": "user", "content": "a\\ud800b\\u0000"}]}')) == "a\ufffdb\ufffd"
    )


def test_a_file_is_text_in_utf_8_of_at_most_two_megabytes() -> None:
    assert decode("\ufeffé".encode()) == "é"
    for data, words in ((b"\xff\xfe", "UTF-8"), (b"x" * (MOST_BYTES + 1), "larger than 2 MB")):
        with pytest.raises(Unreadable, match=words):
            decode(data)


def test_many_names_that_are_left_out_are_counted() -> None:
    imported = read(json.dumps({**{f"k{n}": 1 for n in range(50)}, "messages": BODY["messages"]}))
    assert imported.words_left_out.endswith("31 more")
