"""How a hit is shown."""

from hypothesis import given
from hypothesis import strategies as st

from chat.query.excerpts import LETTERS_IN_ALL, excerpt, find
from chat.query.language import parse


def shown(text: str, query: str) -> str:
    pieces = excerpt(text, find(text, parse(query, typing=True).wanted).spans)
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def test_words_are_marked_as_they_were_written() -> None:
    assert shown("The Naïve wombats", "naive wom") == "The [Naïve] [wombats]"
    assert shown("one two, two one", '"two one"') == "one two, [two one]"
    assert shown("<b>wombat</b>\n\nnext", "wombat") == "<b>[wombat]</b>  next"
    assert shown("北京大学", '"京大"') == "北[京大]学"


def test_a_long_text_begins_a_little_before_the_first_hit() -> None:
    text = "filler " * 100 + "wombat" + " filler" * 100
    found = shown(text, "wombat")
    assert found.startswith("…filler")
    assert "[wombat]" in found
    assert found.endswith("…")
    assert len(found) < LETTERS_IN_ALL + 10


def test_without_words_the_beginning_is_shown() -> None:
    assert shown("Hello there", "role:user") == "Hello there"


def test_side_by_side_is_known() -> None:
    wanted = parse("big wombat").wanted
    assert find("a big wombat", wanted).as_one
    assert not find("a wombat, big", wanted).as_one


@given(st.text(max_size=400), st.text(st.sampled_from("ab é北\n"), max_size=8))
def test_an_excerpt_is_a_part_of_the_text(text: str, query: str) -> None:
    wanted = parse(query.replace(":", ""), typing=True).wanted
    pieces = excerpt(text, find(text, wanted).spans)
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    assert "".join(piece.text for piece in pieces).strip("…") in plain or "…" in text
