"""Turns: what is shown and sent as one."""

import random
from dataclasses import dataclass

import pytest

from chat.models.turn import began_again, grouped, joined, kept_turns

PIECES = ["a", " ", "\n", "\r\n", "  two  ", "\u2028", "é", "👩‍👩‍👧", "\t", "`", "*", "", "\ufffd"]


@dataclass(frozen=True)
class Step:
    id: int
    role: str = "assistant"
    continues: bool = False
    deleted: bool = False


def ids(turns: list[list[Step]]) -> list[list[int]]:
    return [[step.id for step in turn] for turn in turns]


def test_what_goes_on_stands_with_its_head() -> None:
    branch = [
        Step(1, "user"),
        Step(2),
        Step(3, continues=True),
        Step(4, continues=True),
        Step(5, "user"),
        Step(6),
    ]
    assert ids(grouped(branch)) == [[1], [2, 3, 4], [5], [6]]


def test_only_an_answer_goes_on_from_an_answer() -> None:
    branch = [Step(1, "user"), Step(2, continues=True), Step(3, "user", continues=True)]
    assert ids(grouped(branch)) == [[1], [2], [3]]
    assert grouped([]) == []


def test_what_is_dropped_is_left_out_and_what_follows_it_stays() -> None:
    branch = [Step(1), Step(2, continues=True, deleted=True), Step(3, continues=True)]
    assert ids(kept_turns(branch)) == [[1, 3]]


def test_without_its_head_nothing_is_left_of_a_turn() -> None:
    branch = [Step(1), Step(2, "user"), Step(3, deleted=True), Step(4, continues=True), Step(5, "user")]
    assert ids(kept_turns(branch)) == [[1], [2], [5]]


@pytest.mark.parametrize("seed", range(50))
def test_the_text_is_joined_to_the_letter(seed: int) -> None:
    dice = random.Random(seed)
    texts = ["".join(dice.choices(PIECES, k=dice.randrange(6))) for _ in range(dice.randrange(1, 6))]
    spans = [[{"type": "text", "text": text}] if text or dice.random() < 0.5 else [] for text in texts]
    parts = joined(spans)
    assert "".join(part["text"] for part in parts) == "".join(texts)
    assert len(parts) <= 1


def test_what_is_no_text_keeps_its_place() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    refusal = {"type": "refusal", "refusal": "no"}
    first = [image, {"type": "text", "text": "one "}, refusal]
    assert joined([first, [{"type": "text", "text": " two"}, image]]) == [
        image, {"type": "text", "text": "one  two"}, refusal, image,
    ]  # fmt: skip
    assert joined([first]) == first


@pytest.mark.parametrize(
    ("start", "came", "again"),
    [
        ("Once upon a time, there was", "Once upon a time, there was a king", True),
        ("Once upon a time", "\n\nOnce upon a time", True),
        ("Sure,", "Sure, here it is", True),
        ("Once upon a time", " there was a king", False),
        ("Once upon a time", "Once", False),
        ("Once upon a time", "", False),
        # So short a start may well come twice.
        ("No", "No", False),
        ("x" * 500, "x" * 60, True),
        ("   ", "   ", False),
    ],
)
def test_a_model_that_gives_the_start_once_more_began_again(start: str, came: str, again: bool) -> None:
    assert began_again(start, came) is again
