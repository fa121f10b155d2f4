"""Placeholders: what is one, what stands in their place, and what is missing, by name."""

import time

import pytest

from chat.placeholders import (
    LONGEST_RENDERED,
    Unfilled,
    Variable,
    names_in,
    pieces_of,
    render,
    variables_in,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{a}} and {{ b }} and {{\tc\t}}", ["a", "b", "c"]),
        ("{{a}}{{a}} {{ a }}", ["a"]),
        ("{{größe_1}} {{имя}} {{名前}}", ["größe_1", "имя", "名前"]),
        ("{{1a}} {{_a}} {{a-b}} {{a b}} {{a.b}}", []),
        ("{{}} {{ }} {a} {{{a}}} {{{{a}}}} {% a %} {{a}", []),
        ('{"a": {"b": {}}} {{"a"}} {{a}}}', []),
        ("{{a\n}}", []),
        ("{{" + "n" * 60 + "}}", ["n" * 60]),
        ("{{" + "n" * 61 + "}}", []),
    ],
)
def test_what_is_a_placeholder(text: str, names: list[str]) -> None:
    assert names_in(text) == names
    assert "".join(piece for piece, _ in pieces_of(text)) == text


@pytest.mark.parametrize(
    "text",
    ["{" * 2_000_000, "{{ " * 600_000, "{{a" * 600_000, "{{" + " " * 2_000_000, "{{" + "a" * 2_000_000],
)
def test_two_megabytes_of_almost_placeholders_are_read_once(text: str) -> None:
    begun = time.process_time()
    assert names_in(text) == []
    assert time.process_time() - begun < 10, "quadratic would be hours"


def test_a_value_is_never_replaced_again() -> None:
    variables = [Variable("a"), Variable("b")]
    assert (
        render("{{a}} {{b}}", variables, {"a": "{{b}}", "b": "{{a}} \\1 \\g<0>"}) == "{{b}} {{a}} \\1 \\g<0>"
    )


def test_what_else_stands_in_braces_is_left_alone() -> None:
    text = '{% if x %}{{{a}}} {{}} {"a": 1} {{ 1 }} {0} $a %(a)s'
    assert render(text, [Variable("a")], {"a": "1"}) == text


def test_a_default_stands_in_for_what_is_left_blank() -> None:
    variables = [Variable("a", default="x"), Variable("b", required=False)]
    assert render("[{{a}}][{{b}}]", variables, {"a": "  "}) == "[x][]"


@pytest.mark.parametrize(
    ("variable", "typed", "words"),
    [
        (Variable("a"), "", "a has no value."),
        (Variable("a"), " \n", "a has no value."),
        (Variable("a", "number"), "ten", "a must be a number."),
        (Variable("a", "number"), "inf", "a must be a number."),
        (Variable("a", "number"), "1_0", "a must be a number."),
        (Variable("a", "choice", choices=("x", "y")), "z", "a must be one of x, y."),
    ],
)
def test_what_cannot_be_sent_is_said_by_name(variable: Variable, typed: str, words: str) -> None:
    with pytest.raises(Unfilled, match=words):
        render("{{a}}", [variable], {"a": typed})


@pytest.mark.parametrize("typed", ["1", "-2.5", "1e3", " 7 "])
def test_a_number_is_sent_as_it_was_typed(typed: str) -> None:
    assert render("{{a}}", [Variable("a", "number")], {"a": typed}) == typed


def test_a_name_that_the_prompt_does_not_know_blocks() -> None:
    with pytest.raises(Unfilled, match=r"\{\{b\}\} is no variable"):
        render("{{a}} {{b}}", [Variable("a")], {"a": "1", "b": "2"})


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(Unfilled, match=r"a has no value\. b has no value\.") as refused:
        render("{{a}} {{b}}", [Variable("a"), Variable("b")], {})
    assert refused.value.status == 422


def test_a_variable_that_the_text_does_not_use_is_not_asked_for() -> None:
    assert render("plain", [Variable("a")], {}) == "plain"


def test_a_small_prompt_cannot_grow_beyond_all_measure() -> None:
    with pytest.raises(Unfilled, match="are the most"):
        render("{{a}}" * 400_000, [Variable("a")], {"a": "x" * LONGEST_RENDERED})


def test_a_known_variable_keeps_its_description_and_a_new_one_begins_plain() -> None:
    known = Variable("a", "number", "3")
    assert variables_in("{{b}} {{a}}", [known, Variable("gone")]) == [Variable("b"), known]


@pytest.mark.parametrize(
    ("variable", "fault"),
    [
        (Variable("a", "choice"), "needs at least one choice"),
        (Variable("a", "choice", "z", choices=("x",)), "must be one of x"),
        (Variable("a", "number", "many"), "must be a number"),
        (Variable("a", "number", "2"), ""),
        (Variable("a"), ""),
    ],
)
def test_a_description_can_be_wrong(variable: Variable, fault: str) -> None:
    assert variable.fault() == fault


def test_what_is_stored_is_read_back() -> None:
    variable = Variable("a", "choice", "x", False, ("x", "y"))
    assert Variable.read(variable.stored()) == variable
