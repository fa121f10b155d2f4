from hypothesis import given
from hypothesis import strategies as st

from chat.demo.ngram import Language
from chat.demo.ngram.corpus import passages, topics
from chat.demo.ngram.tokenizer import END, FIRST_PIECE, Tokenizer, learn

SMALL = learn(["the cat sat on the mat\n\nthe end", "    the cat"])


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert SMALL.decode(SMALL.encode(text)) == text


def test_a_text_of_the_trained_model_comes_back(language: Language) -> None:
    text = 'Naïve 😀 "while" statements\n\n\n\n\n   indented\t\r\n\u2028 \u0085 ' + "x" * 100
    assert language.tokenizer.decode(language.tokenizer.encode(text)) == text


def test_known_words_are_one_token(language: Language) -> None:
    assert len(language.tokenizer.encode(" statement")) == 1


def test_unknown_characters_are_bytes() -> None:
    assert [SMALL.raw(token) for token in SMALL.encode("é")] == [b"\xc3", b"\xa9"]


def test_the_end_has_no_text() -> None:
    assert SMALL.raw(END) == b""


def test_half_a_character_decodes_to_a_replacement() -> None:
    assert SMALL.decode(SMALL.encode("é")[:1]) == "\ufffd"


def test_the_vocabulary_is_of_a_few_thousand_pieces(language: Language) -> None:
    assert 4000 < language.tokenizer.size < 8000
    assert len(set(language.tokenizer.pieces)) == language.tokenizer.size - FIRST_PIECE


def test_a_huge_text_is_read_lazily() -> None:
    assert next(SMALL.tokens("a" * 10_000_000)) == Tokenizer([]).encode("a")[0]


def test_the_same_texts_teach_the_same_vocabulary() -> None:
    assert learn(["the cat the cat"]).pieces == learn(["the cat the cat"]).pieces


def test_the_corpus_is_pythons_own_reference() -> None:
    assert "while" in topics()
    texts = list(passages())
    assert len(texts) > 300
    assert all(text.strip() for text in texts)
    assert any(text.startswith("## ") for text in texts)
