"""Each literal means the value that it was made from, to the letter, and is made of what can be seen."""

import ast
import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given

from chat.snippets.javascript_literals import JavaScript
from chat.snippets.json_text import write_json
from chat.snippets.layout import WIDTH
from chat.snippets.python_literals import Python
from chat.snippets.values import is_exact_in_javascript, sendable
from tests.snippets.bodies import EXAMPLE, NASTY, by_value, strictly, texts, values

python = Python()
javascript = JavaScript()


def clean(value: Any) -> Any:
    return sendable({"value": value})["value"]


@given(values)
def test_python_reads_what_was_meant(value: Any) -> None:
    assert strictly(ast.literal_eval(python.write(clean(value)))) == strictly(clean(value))


@given(values)
def test_json_reads_what_was_meant(value: Any) -> None:
    assert strictly(json.loads(write_json(clean(value)))) == strictly(clean(value))


def test_javascript_reads_what_was_meant() -> None:
    if not shutil.which("node"):
        pytest.skip("There is no Node here.")
    value = {
        text or "empty": [text, f"{text} and more words, enough for a line\n{text}"]
        for text in map(clean, NASTY)
    }
    value["__proto__"] = {"numbers": [0.1, 1.0, -0.0, 1e-8, 1e22, 5e-324, 2**53 - 1]}
    code = f'"use strict";\nprocess.stdout.write(JSON.stringify({javascript.write(value)}));\n'
    done = subprocess.run(["node", "-"], input=code.encode(), capture_output=True, check=True)
    assert by_value(json.loads(done.stdout)) == by_value(value)


@given(texts)
def test_nothing_hides_in_a_literal(text: str) -> None:
    """No control character, no bidirectional override, no odd blank: at most line feeds and what joins emoji."""
    for written in (python.write(clean(text)), javascript.write(clean(text)), write_json(clean(text))):
        assert written.replace("\n", "").replace("\u200d", "").isprintable()


@given(texts)
def test_a_script_element_cannot_be_closed_by_a_literal(text: str) -> None:
    written = javascript.write(clean(f"{text}</script>{text}<!--")).lower()
    assert "</script" not in written
    assert "<!--" not in written


def test_what_fits_stands_on_one_line() -> None:
    assert (
        python.write({"role": "user", "content": "Hi\nthere"}) == '{"role": "user", "content": "Hi\\nthere"}'
    )
    assert javascript.write({"role": "user", "a-b": [1]}) == '{ role: "user", "a-b": [1] }'


def test_what_does_not_fit_breaks_where_a_person_would_break_it() -> None:
    text = (
        "You are an assistant for a bank.\nAnswer in one sentence.\nNever guess; say that you cannot see it."
    )
    assert python.write({"content": text}) == (
        "{\n"
        '    "content": (\n'
        '        "You are an assistant for a bank.\\n"\n'
        '        "Answer in one sentence.\\n"\n'
        '        "Never guess; say that you cannot see it."\n'
        "    ),\n"
        "}"
    )
    assert javascript.write({"content": text}) == (
        "{\n"
        "  content: [\n"
        '    "You are an assistant for a bank.",\n'
        '    "Answer in one sentence.",\n'
        '    "Never guess; say that you cannot see it.",\n'
        '  ].join("\\n"),\n'
        "}"
    )


def test_quotes_are_those_that_need_fewer_backslashes() -> None:
    assert python.write('{"city": "Oslo"}') == """'{"city": "Oslo"}'"""
    assert javascript.write("it's") == '"it\'s"'
    assert python.write("'\"") == '"\'\\""'


def test_no_line_is_long_without_need() -> None:
    """Only a text that cannot be broken may stick out."""
    value = {
        "numbers": list(range(50)),
        "nested": {f"key{n}": {"a": [n, n, n], "b": "x" * 20} for n in range(9)},
    }
    for written in (python.write(value), javascript.write(value), write_json(value)):
        assert max(map(len, written.splitlines())) <= WIDTH


@pytest.mark.parametrize(("value", "exact"), [
    (2**53 - 1, True), (2**53, False), (-(2**53), False), (1e300, True), ("9" * 30, True), (True, True),
    ([{"deep": [2**60]}], False),
])  # fmt: skip
def test_integers_that_javascript_would_round_are_known(value: Any, exact: bool) -> None:
    assert is_exact_in_javascript(value) == exact


def test_what_no_json_holds_becomes_what_is_sent_in_its_place() -> None:
    sent = sendable({"a\ud83d": ["\udc00x", float("inf"), float("nan"), ("\ud83d\ude00",)]})
    assert sent == {"a\ufffd": ["\ufffdx", None, None, ["😀"]]}


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        python.write({"a": object()})


def test_a_body_stays_as_it_was() -> None:
    before = json.dumps(EXAMPLE)
    sendable(EXAMPLE)
    assert json.dumps(EXAMPLE) == before
