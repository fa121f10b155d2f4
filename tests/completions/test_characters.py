import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.completions.characters import Joiner, Tally, clean, clean_json

ANY_TEXT = st.text(st.characters(codec=None), max_size=30)


def join(*pieces: str) -> str:
    joiner = Joiner(Tally())
    return "".join(joiner.join(piece) for piece in pieces) + joiner.end()


def test_a_character_cut_in_two_is_joined():
    assert join("a\ud83d", "\udc4d b") == "a👍 b"
    assert join("\ud83d", "", "\udc4d") == "👍"


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (("\ud83d", "x"), "\ufffdx"),
        (("\ud83d", "\ud83d", "\udc4d"), "\ufffd👍"),
        (("\udc4d\ud83d",), "\ufffd\ufffd"),
        (("\ud83d",), "\ufffd"),
        (("a\0b",), "a\ufffdb"),
    ],
)
def test_what_cannot_be_stored_is_replaced_and_nothing_is_swallowed(pieces, text):
    assert join(*pieces) == text


def test_all_else_stays_as_it_is():
    text = " \t\r\n\u2028\u0085\ufeff e\u0301 é \x1c\x0b\x7f"
    assert join(*text) == text


def utf16_units(text: str) -> list[str]:
    """A text as a server sends it that cuts between any two UTF-16 code units."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[i : i + 2].decode("utf-16-le", "surrogatepass") for i in range(0, len(data), 2)]


@given(st.text(max_size=30))
def test_any_text_survives_any_cut(text):
    assert join(*utf16_units(text)) == text.replace("\0", "\ufffd")


@given(ANY_TEXT)
def test_every_result_can_be_stored(text):
    for result in (clean(text), join(*text)):
        assert "\0" not in result.encode().decode()


def test_the_tally_counts_bytes():
    tally = Tally()
    joiner = Joiner(tally)
    joiner.join("ab")
    joiner.join("é")
    assert tally.bytes == 4


def test_json_is_cleaned_to_its_leaves_and_cut_where_it_is_too_deep():
    deep: object = "x"
    for _ in range(2000):
        deep = [deep]
    cleaned = clean_json({"a\0": ["\ud83d", 1, None], "deep": deep})
    assert isinstance(cleaned, dict)
    assert cleaned["a\ufffd"] == ["\ufffd", 1, None]
    assert "x" not in repr(cleaned["deep"])
