from hypothesis import given
from hypothesis import strategies as st

from chat.demo.delta import Token
from chat.demo.voice import Voice


def say(parts: list[bytes], *stop: str) -> list[str]:
    voice = Voice(stop)
    said = []
    for part in parts:
        said.append(voice.hear(Token(0, part))[0])
        if voice.stopped:
            return said
    return [*said, voice.close()[0]]


def test_text_is_said_at_once() -> None:
    assert say([b"one", b" two"]) == ["one", " two", ""]


def test_a_stop_sequence_is_not_said() -> None:
    assert say([b"one.", b" two"], ".") == ["one"]


def test_a_stop_sequence_across_tokens_is_held_back_and_cut() -> None:
    assert say([b"a", b"EN", b"D", b"b"], "END") == ["a", "", ""]


def test_what_only_looked_like_a_stop_sequence_is_said_later() -> None:
    assert say([b"aE", b"N", b"x"], "END") == ["a", "", "ENx", ""]


def test_what_is_held_at_the_end_is_said() -> None:
    assert say([b"aEN"], "END") == ["a", "EN"]


def test_the_first_of_several_stop_sequences_cuts() -> None:
    assert say([b"one two three"], "three", "two") == ["one "]


def test_half_a_character_waits_for_its_other_half() -> None:
    assert say([b"\xc3", b"\xa9"]) == ["", "é", ""]


def test_half_a_character_at_the_end_is_replaced() -> None:
    assert say([b"\xc3"]) == ["", "\ufffd"]


def test_a_token_is_given_with_the_text_that_it_begins() -> None:
    voice = Voice(["END"])
    first, second = Token(1, b"aE"), Token(2, b"x")
    assert voice.hear(first) == ("a", (first,))
    assert voice.hear(second) == ("Ex", (second,))


def test_tokens_of_a_cut_text_are_not_given() -> None:
    voice = Voice(["END"])
    assert voice.hear(Token(1, b"EN")) == ("", ())
    assert voice.hear(Token(2, b"D")) == ("", ())
    assert voice.stopped


@given(st.lists(st.text("abé", max_size=4)), st.lists(st.text("abé", min_size=1, max_size=3), max_size=3))
def test_the_text_up_to_the_first_stop_is_said(parts: list[str], stop: list[str]) -> None:
    said = "".join(say([part.encode() for part in parts], *stop))
    whole = "".join(parts)
    cuts = [whole.find(end) for end in stop if end in whole]
    # A long stop sequence may begin before a shorter one that is complete earlier.
    assert whole.startswith(said)
    assert not any(end in said for end in stop)
    assert cuts or said == whole


@given(st.text("abé"), st.lists(st.text("abé", min_size=1, max_size=3), max_size=3))
def test_tokens_and_text_agree_however_it_is_cut(text: str, stop: list[str]) -> None:
    voice = Voice(stop)
    said, tokens = "", []
    for byte in text.encode():
        if not voice.stopped:
            more, given_now = voice.hear(Token(byte, bytes([byte])))
            said, tokens = said + more, [*tokens, *given_now]
    more, given_now = voice.close()
    said, tokens = said + more, [*tokens, *given_now]
    assert b"".join(token.raw for token in tokens).decode() == said
