"""What a word is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.query.words import LONGEST, SHARED_BY_PASSAGES, WORDS_IN_A_PASSAGE, fold, passages_of, words_of
from chat.query.words import words_with_places as placed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Naïve CAFÉ", ["naive", "cafe"]),
        ("nai\u0308ve", ["naive"]),
        ("Straße, STRASSE", ["strasse", "strasse"]),
        ("ﬁne ½ ①", ["fine", "1", "2", "1"]),
        ("snake_case x=1.5", ["snake_case", "x", "1", "5"]),
        ("北京大学 Tokyo", ["北", "京", "大", "学", "tokyo"]),
        ("สวัสดี", ["ส", "ว", "ส", "ด"]),
        ("a\0b 'quoted' \\ \" *", ["a", "b", "quoted"]),
        ("İstanbul", ["istanbul"]),
        ("++ -- …", []),
        ("x" * 100, ["x" * LONGEST]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words_of(" ".join(words_of(text))) == words_of(text)


@given(st.text())
def test_case_and_accents_make_no_difference(text: str) -> None:
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(text)


@given(st.text())
def test_each_word_knows_where_it_stands(text: str) -> None:
    found = list(placed(text))
    assert [word for word, _, _ in found] == words_of(text)
    for word, begin, end in found:
        assert 0 <= begin < end <= len(text)
        assert word in "".join(fold(text[begin:end]))


def test_a_long_text_is_cut_into_passages_that_share_some_words() -> None:
    words = [f"word{number}" for number in range(WORDS_IN_A_PASSAGE * 2 + 50)]
    passages = passages_of(" ".join(words))
    assert len(passages) == 3
    assert all(len(words_of(passage)) <= WORDS_IN_A_PASSAGE for passage in passages)
    first, second = words_of(passages[0]), words_of(passages[1])
    assert first[-SHARED_BY_PASSAGES:] == second[:SHARED_BY_PASSAGES]
    assert {word for passage in passages for word in words_of(passage)} == set(words)


@pytest.mark.parametrize("text", ["", "short", "— " * 9_000, "a " * WORDS_IN_A_PASSAGE])
def test_a_text_with_few_words_is_one_passage(text: str) -> None:
    assert passages_of(text) == [text]
