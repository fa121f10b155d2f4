import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.completions import Reasoning, Text
from chat.completions.tags import Splitter
from tests.upstream import events, reply

from .asking import BODY, STOP, Heard, ask, chunk

CARRIERS = {
    "reasoning": {"reasoning": "Hm."},
    "reasoning_content": {"reasoning_content": "Hm."},
    "both": {"reasoning": "Hm.", "reasoning_content": "Hm."},
    "one is null": {"reasoning": None, "reasoning_content": "Hm."},
    "details": {"reasoning_details": [{"type": "reasoning.text", "text": "Hm."}]},
    "summary": {"reasoning_details": [{"type": "reasoning.summary", "summary": "Hm."}]},
    "details twice": {"reasoning": "Hm.", "reasoning_details": [{"type": "reasoning.text", "text": "Hm."}]},
    "parts": {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]},
    "parts of text": {"content": [{"type": "thinking", "thinking": "Hm."}]},
}


@pytest.mark.parametrize("delta", CARRIERS.values(), ids=CARRIERS)
def test_reasoning_is_read_from_every_carrier_once(upstream, delta):
    heard = ask(upstream, events(chunk(**delta), chunk(content="Yes."), STOP))
    assert (heard.reasoning(), heard.text()) == ("Hm.", "Yes.")


@pytest.mark.parametrize("delta", CARRIERS.values(), ids=CARRIERS)
def test_reasoning_of_a_whole_answer_is_read_too(upstream, delta):
    message = {"role": "assistant", "content": "Yes.", **delta}
    if isinstance(message["content"], list):
        message["content"] = [*message["content"], {"type": "text", "text": "Yes."}]
    script = reply(200, {"choices": [{"message": message, "finish_reason": "stop"}]})
    heard = ask(upstream, script, body=BODY | {"stream": False})
    assert (heard.reasoning(), heard.text()) == ("Hm.", "Yes.")


def test_reasoning_and_text_in_one_chunk_are_both_read(upstream):
    heard = ask(upstream, events(chunk(reasoning="Hm.", content="Yes"), chunk(content="."), STOP))
    assert (heard.reasoning(), heard.text()) == ("Hm.", "Yes.")


def test_reasoning_may_begin_again_after_text(upstream):
    heard = ask(upstream, events(chunk(reasoning="a"), chunk(content="b"), chunk(reasoning="c"), STOP))
    assert [type(event) for event in heard.events[2:5]] == [Reasoning, Text, Reasoning]


def test_an_answer_of_reasoning_alone_is_an_answer(upstream):
    heard = ask(upstream, events(chunk(reasoning="Hm"), chunk(finish="length")))
    assert heard.error is None
    assert (heard.reasoning(), heard.text(), heard.finish()) == ("Hm", "", "length")


def test_tags_in_the_text_are_text_if_reasoning_has_its_own_field(upstream):
    heard = ask(
        upstream,
        events(chunk(reasoning="Hm."), chunk(content="<think> and "), chunk(content="</think>"), STOP),
    )
    assert (heard.reasoning(), heard.text()) == ("Hm.", "<think> and </think>")


def test_text_completions_are_not_split(upstream):
    raw = "<think>a</think>b"
    heard = ask(upstream, events({"choices": [{"text": raw, "finish_reason": "stop"}]}), path="/completions")
    assert heard.text() == raw


# --- Tags -------------------------------------------------------------------------------------------------

TAGGED = {
    "<think>a</think>b": ("a", "b"),
    "\n <think>\na\n</think>\n\n  b": ("\na\n", "  b"),
    "<think></think>b": ("", "b"),
    "<thinking>a</thinking>\nb": ("a", "b"),
    "<thought>a</thought>b": ("a", "b"),
    "[THINK]a[/THINK]b": ("a", "b"),
    "<|begin_of_thought|>a<|end_of_thought|>b": ("a", "b"),
    "<seed:think>a</seed:think>b": ("a", "b"),
    "<think>a": ("a", ""),
    "<think>a</thi": ("a</thi", ""),
    "<think>a</b></think>c": ("a</b>", "c"),
    "Okay, 9.11.\n</think>\n\n9.9 is bigger.": ("Okay, 9.11.\n", "9.9 is bigger."),
    "</think>b": ("", "b"),
    "a </think> b </think> c": ("a ", " b </think> c"),
    "<think>a</think>b <think>c</think>": ("a", "b <think>c</think>"),
    "Say <think> to begin": ("", "Say <think> to begin"),
    "Models write `</think>` at the end": ("", "Models write `</think>` at the end"),
    'The tag "</think>" ends it': ("", 'The tag "</think>" ends it'),
    "`</think>` and\n</think>\nb": ("`</think>` and\n", "b"),
    "<thin air": ("", "<thin air"),
    "<th": ("", "<th"),
    "a <": ("", "a <"),
    "a < b </div> </thin": ("", "a < b </div> </thin"),
    "  \n": ("", "  \n"),
    "   x": ("", "   x"),
    "": ("", ""),
}


def split(*pieces: str) -> tuple[str, str]:
    splitter = Splitter(0)
    found = [event for piece in pieces for event in splitter.feed(piece)] + splitter.end()
    heard = Heard(list(found))
    return heard.reasoning(), heard.text()


@pytest.mark.parametrize("raw", TAGGED)
def test_tags_split_reasoning_from_text(raw):
    expected = TAGGED[raw]
    if raw == "a </think> b </think> c":
        expected = ("a ", " b </think> c")
    assert split(raw) == expected


@pytest.mark.parametrize("raw", TAGGED)
def test_tags_may_be_cut_anywhere(raw):
    for cut in range(len(raw) + 1):
        assert split(raw[:cut], raw[cut:]) == split(raw)
    assert split(*raw) == split(raw)


@given(
    st.lists(st.sampled_from([*"<>/`t \n", "<think>", "</think>", "think", "word", "[THINK]"]), max_size=12)
)
def test_any_cut_of_any_text_gives_the_same(pieces):
    whole = "".join(pieces)
    assert split(*whole) == split(whole) == split(*pieces)


def test_plain_text_is_never_held_back():
    splitter = Splitter(0)
    for piece in ("Hello", " ", "world", "\n"):
        assert splitter.feed(piece) == [Text(piece)]


def test_thousands_of_quoted_tags_are_no_trouble():
    raw = "`</think>`" * 5000
    assert split(raw) == ("", raw)


def test_blanks_without_end_are_not_held_for_ever():
    splitter = Splitter(0)
    pieces = [event for _ in range(1000) for event in splitter.feed(" ")]
    assert len(pieces) > 700
