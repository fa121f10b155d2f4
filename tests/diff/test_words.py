"""What changed between two texts: exact, readable, and bounded however hostile the texts are."""

import random
import time

import pytest

from chat.diff.words import Difference, count_words, difference


def shown(changes: Difference) -> str:
    marks = {"same": "{}", "out": "[-{}-]", "in": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in changes.pieces)


def old_of(changes: Difference) -> str:
    return "".join(piece.text for piece in changes.pieces if piece.kind != "in")


def new_of(changes: Difference) -> str:
    return "".join(piece.text for piece in changes.pieces if piece.kind != "out")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("a b", "a b", "a b"),
        ("", "a b", "[+a b+]"),
        ("a b", "", "[-a b-]"),
        ("one or two.", "one.", "one[- or two-]."),
        ("answer in a short report.", "answer in at most {{max}} words.",
         "answer in [-a short report-][+at most {{max}} words+]."),
        ("a {{x}} b", "a {{y}} b", "a [-{{x}}-][+{{y}}+] b"),
        ("日本語の文", "日本人の文", "日本[-語-][+人+]の文"),
        ("line\nline", "line\n\nline", "line\n[-line-][+\nline+]"),
        ("go there now please", "stay here now thanks all", "[-go there now please-][+stay here now thanks all+]"),
    ],
)  # fmt: skip
def test_words_that_went_and_came(old: str, new: str, expected: str) -> None:
    changes = difference(old, new)
    assert shown(changes) == expected
    assert (old_of(changes), new_of(changes)) == (old, new)
    assert not changes.by_line


def test_the_counts_are_of_words() -> None:
    changes = difference("Be brief, please.", "Be brief!")
    assert (changes.words_in, changes.words_out) == (0, 1)
    assert count_words("Two words, and {{one}} more.") == 5


def test_both_texts_can_be_read_back_from_any_difference() -> None:
    letters = random.Random(7)
    for _ in range(2000):
        old, new = ("".join(letters.choices("a b\nc.", k=letters.randrange(15))) for _ in range(2))
        changes = difference(old, new)
        assert (old_of(changes), new_of(changes)) == (old, new)


def test_islands_are_not_shown_between_larger_changes() -> None:
    changes = difference("now the cat sat on the mat here", "then a dog lay on some rug there")
    assert [piece.kind for piece in changes.pieces] == ["out", "in"]


LARGE = 2_000_000
HOSTILE = {
    "two words that change places": ("a b " * (LARGE // 4), "b a " * (LARGE // 4)),
    "one line, again and again": ("a\n" * (LARGE // 2), "a\n" * (LARGE // 2 - 1)),
    "one long word": ("x" * LARGE, "y" * LARGE),
    "spaces": (" " * LARGE, " " * (LARGE - 1) + "x"),
    "backwards": ("\n".join(map(str, range(250_000))), "\n".join(map(str, range(250_000, 0, -1)))),
    "braces": ("{{" * (LARGE // 2), "{{a" * (LARGE // 3)),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_two_megabytes_are_compared_in_seconds(case: str) -> None:
    old, new = HOSTILE[case]
    begun = time.process_time()
    changes = difference(old, new)
    assert time.process_time() - begun < 30, "quadratic would be hours"
    assert (old_of(changes), new_of(changes)) == (old, new)


def test_too_much_for_words_is_compared_by_line_and_says_so() -> None:
    lines = [f"line {number} of many words here" for number in range(40_000)]
    turned = [" ".join(reversed(line.split())) if number % 2 else line for number, line in enumerate(lines)]
    assert difference("\n".join(lines), "\n".join(turned)).by_line
    assert not difference("\n".join(lines), "\n".join([*lines, "one more"])).by_line
