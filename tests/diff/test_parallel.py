"""Two texts beside one another: the counts add up, the rows line up, and nothing is lost but what is said to be."""

import random
import time

import pytest

from chat.diff.parallel import MOST_SHOWN, ParallelText, Stretch

from .test_words import HOSTILE, LARGE


def text_of(stretches: list[Stretch], *kinds: str) -> str:
    return "".join(stretch.text for stretch in stretches if stretch.kind in kinds)


def test_the_words_of_both_are_counted() -> None:
    text = ParallelText("one two three four", "one two 3 four five")
    assert (text.words_of_both, text.words_only_in_a, text.words_only_in_b) == (3, 1, 2)
    assert (text.words_of_a, text.words_of_b) == (4, 5)
    assert text.share == 67


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ("", "", 100),
        ("a b", "a b", 100),
        ("a b", "a  b", 50),
        ("a", "b", 0),
        ("", "a", 0),
        ("!", "?", 0),
        ("w " * 1000 + "x", "w " * 1000 + "y", 99),
    ],
)
def test_a_hundred_in_a_hundred_only_where_nothing_differs(a: str, b: str, share: int) -> None:
    text = ParallelText(a, b)
    assert (text.share, text.is_same) == (share, a == b)


def test_lines_that_both_have_stand_beside_one_another() -> None:
    rows = ParallelText(
        "head\n\nthe old line\nfoot\nend", "head\n\nthe new line\nand one more\nfoot\nend"
    ).rows
    sides = [(text_of(row.a, "same", "out"), text_of(row.b, "same", "in"), row.differs) for row in rows]
    assert sides == [
        ("head\n\n", "head\n\n", False),
        ("the old line\n", "the new line\nand one more\n", True),
        ("foot\n", "foot\n", False),
        ("end", "end", False),
    ]


def test_both_texts_can_be_read_back_from_the_rows_and_from_the_line() -> None:
    letters = random.Random(7)
    for _ in range(2000):
        a, b = ("".join(letters.choices("a b\nc.", k=letters.randrange(25))) for _ in range(2))
        text = ParallelText(a, b)
        assert "".join(text_of(row.a, "same", "out") for row in text.rows) == a
        assert "".join(text_of(row.b, "same", "in") for row in text.rows) == b
        assert text_of(text.stretches, "same", "out") == a
        assert text_of(text.stretches, "same", "in") == b


def test_what_is_the_same_over_many_lines_is_one_row() -> None:
    lines = [f"line {number}" for number in range(300)]
    changed = [line + ("!" if number % 100 == 50 else "") for number, line in enumerate(lines)]
    rows = ParallelText("\n".join(lines), "\n".join(changed)).rows
    assert [row.differs for row in rows] == [*([False, True] * 3), False, False]


def test_of_what_is_too_long_the_middle_is_left_out_and_counted() -> None:
    same = "word " * 100_000
    text = ParallelText(same + "one", same + "two")
    assert sum(len(stretch.text) for stretch in text.stretches) < 5_000
    assert text_of(text.stretches, "out", "in") == "onetwo"
    shown, left_out = text_of(text.stretches, "same"), sum(stretch.left_out for stretch in text.stretches)
    assert len(shown) + left_out == len(same)
    assert same.startswith(text.stretches[0].text)


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_two_megabytes_are_a_page_and_what_is_missing_is_said(case: str) -> None:
    a, b = HOSTILE[case]
    begun = time.process_time()
    text = ParallelText(a, b)
    shown, left_out = (
        sum(len(stretch.text) for stretch in text.stretches),
        sum(stretch.left_out for stretch in text.stretches),
    )
    rows = text.rows
    assert text.share < 100
    assert time.process_time() - begun < 30, "quadratic would be hours"
    assert shown <= MOST_SHOWN + 20_000
    assert len(rows) < 20_000
    pieces = sum(len(piece.text) for piece in text.difference.pieces)
    assert pieces >= LARGE / 2
    assert shown + left_out == pieces


def test_fewer_steps_are_enough_for_less_and_more_is_compared_by_line() -> None:
    a, b = " ".join(map(str, range(200))), " ".join(map(str, range(1000, 1200)))
    assert not ParallelText(a, b).by_line
    assert ParallelText(a, b, most_steps=1000).by_line
