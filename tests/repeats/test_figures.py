"""Answers to one request: how far they agree, what they took, and how many are what the schema asks for."""

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chat.repeats import conforming
from chat.repeats.agreement import (
    MOST_COMPARED,
    Group,
    distinct_but_for_space_and_case,
    groups_of,
    similarity,
)
from chat.repeats.conforming import is_json, schema_in, verdicts
from chat.repeats.figures import Answer, Repeats

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def request(schema: Any = None) -> dict[str, Any]:
    if schema is None:
        return {"model": "m", "messages": []}
    asked = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    return {"model": "m", "messages": [], "response_format": asked}


def repeats(*texts: str, schema: Any = None, **fields: Any) -> Repeats:
    answers = [Answer(text, "finished", number, "stop", **fields) for number, text in enumerate(texts)]
    return Repeats(answers, request(schema))


# What they say


def test_nothing_has_no_figures() -> None:
    none = repeats()
    assert (none.groups, none.agreement, none.similarity) == ([], None, None)
    assert (none.characters, none.tokens, none.cost, none.cost_in_all) == (None, None, None, None)


def test_the_same_answer_is_counted_once_with_its_places() -> None:
    found = repeats("no", "yes", " yes\n", "maybe", "yes")
    assert found.groups == [Group("yes", (1, 2, 4), 0.6), Group("no", (0,), 0.2), Group("maybe", (3,), 0.2)]
    assert found.agreement == 0.6
    assert found.finishes == [("stop", 5)]


def test_space_and_case_may_make_the_only_difference() -> None:
    texts = ["Yes.", "yes.", "Yes  .", "YES.\n"]
    assert len(groups_of(texts)) == 4
    assert distinct_but_for_space_and_case(texts) == 2
    assert repeats(*texts).loosely_distinct == 2


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a"], None),
        (["a", "a", "a"], 1.0),
        (["a", "b"], 0.0),
        (["", ""], 1.0),
        (["", "a"], 0.0),
        # {one two three} and {one two four}: 2 * 2 / 6
        (["one two three", "one two four"], 2 / 3),
        # Their order is nothing, how often a word stands there is something: 2 * 2 / 5
        (["b a", "a b b"], 4 / 5),
        # Three pairs: the same (1), and twice 2 * 1 / 3
        (["a", "a", "a b"], (1 + 2 / 3 + 2 / 3) / 3),
        # Characters of a script that has no spaces: 2 * 2 / 6
        (["東京都", "東京市"], 2 / 3),
        (["Hello, world!", "Hello world"], 2 * 2 / 6),
    ],
)
def test_similarity_is_that_of_the_words_of_all_pairs(texts: list[str], expected: float | None) -> None:
    assert similarity(groups_of(texts)) == (None if expected is None else pytest.approx(expected))


@given(some.lists(some.text("ab \n", max_size=8), min_size=2, max_size=8), some.randoms())
def test_similarity_is_a_share_and_knows_no_order(texts: list[str], chance: random.Random) -> None:
    found = similarity(groups_of(texts))
    assert found is not None
    assert 0 <= found <= 1
    chance.shuffle(texts)
    assert similarity(groups_of(texts)) == pytest.approx(found)


def test_similarity_has_its_bound() -> None:
    words = [" ".join(random.Random(seed).choices("abcdefgh", k=5000)) for seed in range(MOST_COMPARED)]
    began = time.perf_counter()
    assert similarity(groups_of(words)) is not None
    assert time.perf_counter() - began < 2
    assert similarity(groups_of([*words, "one more"])) is None


@pytest.mark.parametrize("seed", range(5))
def test_a_known_distribution_is_found_again(seed: int) -> None:
    """Of 2000 draws, each share lies within four standard deviations of what was drawn from."""
    shares = {"red": 0.5, "green": 0.3, "blue": 0.2}
    drawn = random.Random(seed).choices(list(shares), list(shares.values()), k=2000)
    groups = {group.text: group.share for group in repeats(*drawn).groups}
    assert list(groups) == ["red", "green", "blue"]
    for word, share in shares.items():
        assert groups[word] == pytest.approx(share, abs=4 * (share * (1 - share) / 2000) ** 0.5)
    # Two draws are the same with a chance of .25 + .09 + .04, and otherwise have no word in common.
    assert similarity(groups_of(drawn)) == pytest.approx(0.38, abs=0.03)


# What they took


def test_spreads_are_of_the_finished_ones_and_the_sum_is_of_all() -> None:
    answers = [
        Answer("four", "finished", 1, "stop", tokens=4, duration=100, first_token=10, cost=0.4),
        Answer("ten letter", "finished", 2, "length", tokens=10, duration=300, first_token=30, cost=1.0),
        Answer("sixsix", "finished", 3, "stop", tokens=6, duration=200, first_token=None, cost=0.6),
        Answer("half", "stopped", 4, tokens=900, duration=9000, first_token=900, cost=90.0, estimated=True),
        Answer("", "failed", 5),
        Answer("", "failed", 6),
        Answer("and", "running", 7),
    ]
    found = Repeats(answers, request())
    assert [(each.least, each.median, each.most) for each in (found.tokens, found.duration) if each] == [
        (4, 6, 10),
        (100, 200, 300),
    ]
    assert found.characters
    assert (found.characters.least, found.characters.median, found.characters.most) == (4, 6, 10)
    assert found.first_token
    assert found.first_token.median == 20
    assert found.cost
    assert (found.cost.least, found.cost.median, found.cost.most) == (0.4, 0.6, 1.0)
    assert found.cost_in_all == pytest.approx(92)
    assert (found.estimated, found.estimated_in_all) == (False, True)
    assert found.finishes == [("stop", 2), ("length", 1)]
    assert found.running == 1
    assert found.went_wrong == [("failed", 2), ("stopped", 1)]
    assert len(found.groups) == 3


def test_what_one_call_took_counts_once_however_many_answers_it_gave() -> None:
    took = {"duration": 100.0, "first_token": 10.0, "cost": 2.0}
    answers = [Answer("a", "finished", "one", **took), Answer("b", "finished", "one", **took)]
    other = Answer("c", "finished", "other", duration=200, first_token=20, cost=4.0)
    found = Repeats([*answers, other], request())
    assert found.cost
    assert found.cost.values == (2.0, 4.0)
    assert found.cost_in_all == 6
    assert found.duration
    assert found.duration.median == 150
    assert len(found.finished) == 3


# Whether they are what was asked for


def test_the_schema_is_found_in_both_of_its_places() -> None:
    assert schema_in(request(SCHEMA)) == SCHEMA
    assert schema_in({"response_format": {"type": "json_schema", "schema": SCHEMA}}) == SCHEMA
    assert schema_in({"response_format": {"type": "json_object", "schema": SCHEMA}}) == SCHEMA
    for asked in (
        None,
        "json",
        {"type": "json_object"},
        {"json_schema": "odd"},
        {"json_schema": {"name": "x"}},
    ):
        assert schema_in({"response_format": asked}) is None
    assert schema_in({}) is None


def test_the_share_that_parses_and_the_share_that_fits() -> None:
    found = repeats('{"n": 1}', '{"n": "one"}', "{}", "n = 1", '{"n": 2}', schema=SCHEMA)
    assert found.asks_for_json
    assert found.has_schema
    assert found.json_count == 4
    assert (found.fitting, found.judged) == (2, 5)
    assert [words for _, words in found.verdicts] == [
        "", "$.n: 'one' is not of type 'integer'", "$: 'n' is a required property", "It is no JSON.", "",
    ]  # fmt: skip
    assert found.unknown == ""


def test_where_only_json_was_asked_for_there_is_no_schema_to_fit() -> None:
    answers = [Answer("{}", "finished", 1), Answer("```json\n{}\n```", "finished", 2)]
    found = Repeats(answers, {"response_format": {"type": "json_object"}})
    assert (found.asks_for_json, found.has_schema, found.json_count, found.verdicts) == (True, False, 1, [])
    assert not repeats("{}").asks_for_json


@pytest.mark.parametrize("text", ["", "NaN", '{"a": Infinity}', "[1,]", "{'a': 1}", "[" * 100_000, "\ud800"])
def test_what_is_no_json(text: str) -> None:
    assert not is_json(text)


@pytest.mark.parametrize(
    ("schema", "text", "kind", "words"),
    [
        (True, "1", "fits", ""),
        (False, "1", "fails", "False schema does not allow 1"),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"}, "1", "fits", ""),
        ({"$defs": {"n": {"type": "null"}}, "$ref": "#/$defs/n"}, "null", "fits", ""),
        ({"type": "colour"}, "1", "unknown", "The schema is not valid"),
        ({"pattern": "("}, '"x"', "unknown", "The schema is not valid"),
        ("a word", "1", "unknown", "The schema is not valid"),
        ({"$schema": ["odd"]}, "1", "unknown", "could not be applied"),
        ({"$ref": "#"}, "1", "unknown", "too deep"),
        ({"$ref": "#/nowhere"}, "1", "unknown", "which is not in it"),
        ({}, "[" * 100_000, "unknown", "too deep"),
    ],
)
def test_what_a_schema_says_of_an_answer(schema: Any, text: str, kind: str, words: str) -> None:
    [(found, said)] = verdicts(schema, [text])
    assert found == kind
    assert words in said


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/schema.json", "file://{file}"])
def test_nothing_is_fetched_for_a_schema(address: str, upstream: Any, tmp_path: Path) -> None:
    there = tmp_path / "schema.json"
    there.write_text("{}")
    reference = address.format(port=upstream.base_url.split(":")[2].split("/")[0], file=there)
    assert verdicts({"$ref": reference}, ["1"]) == [
        ("unknown", f"The schema refers to {reference}, which is not in it. Nothing is fetched.")
    ]
    assert upstream.requests == []


# Each would go on for longer than anybody lives.
WITHOUT_END: list[tuple[Any, str]] = [
    ({"pattern": "^(a+)+$"}, json.dumps("a" * 60 + "b")),
    (
        {
            "$defs": {f"d{at}": {"allOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 2} for at in range(60)}
            | {"d60": {}},
            "$ref": "#/$defs/d0",
        },
        "1",
    ),
]


@pytest.mark.parametrize(("schema", "text"), WITHOUT_END)
def test_a_schema_without_end_is_given_its_time_and_no_more(schema: Any, text: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(conforming, "SECONDS", 1)
    began = time.monotonic()
    found = verdicts(schema, ['"aa"' if "pattern" in schema else text, text])
    assert time.monotonic() - began < 5
    assert found[-1] == conforming.TOO_LONG
    # What was found before is kept, and nobody waits for the same again.
    assert found[0] == (("fits", "") if "pattern" in schema else conforming.TOO_LONG)
    began = time.monotonic()
    assert verdicts(schema, [text]) == [conforming.TOO_LONG]
    assert time.monotonic() - began < 0.2


def test_the_process_apart_sees_nothing_of_this_one(monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    seen = {}
    usual = conforming.subprocess.run

    def watch(command: Any, **options: Any) -> Any:
        seen.update(options)
        return usual(command, **options)

    monkeypatch.setattr(conforming.subprocess, "run", watch)
    assert verdicts({"type": "integer"}, ["7"]) == [("fits", "")]
    assert seen["env"] == {}


def test_only_so_much_is_remembered(monkeypatch: Any) -> None:
    monkeypatch.setattr(conforming, "MOST_REMEMBERED", 3)
    monkeypatch.setattr(conforming, "_remembered", {})
    verdicts({"minimum": 2}, ["1", "2", "3", "4", "5"])
    assert len(conforming._remembered) == 3
