"""A conversation is named after its first words."""

import pytest

from chat.titles import LONGEST, UNTITLED, title_from


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("Why is the sky blue?", "Why is the sky blue?"),
        ("\n\n  Second line  \nthird", "Second line"),
        ("# A heading\ntext", "A heading"),
        ("- a   list\titem", "a list item"),
        ("> quoted", "quoted"),
        ("`code`", "code"),
        ("", UNTITLED),
        ("   \n\t ", UNTITLED),
        ("***", UNTITLED),
        ("😀 日本語", "😀 日本語"),
    ],
)
def test_the_first_line_with_words_is_the_title(prompt: str, title: str) -> None:
    assert title_from(prompt) == title


def test_a_long_title_is_cut_at_a_word() -> None:
    title = title_from("seven letters " * 20)
    assert title.endswith("…")
    assert title.removesuffix("…").split()[-1] in ("seven", "letters")
    assert len(title) <= LONGEST + 1


def test_a_word_without_end_is_cut_where_the_title_is() -> None:
    assert title_from("x" * 10_000) == "x" * LONGEST + "…"


def test_a_title_that_just_fits_is_left_whole() -> None:
    assert title_from("y" * LONGEST) == "y" * LONGEST
