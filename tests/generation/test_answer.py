"""What has been said so far, built from events."""

from typing import Any

from chat.generation.answer import Answer


def answer(*events: dict[str, Any]) -> Answer:
    built = Answer()
    for event in events:
        built.take(event)
    return built


def text(piece: str) -> dict[str, Any]:
    return {"type": "text", "text": piece}


def call(index: int, id: str = "", name: str = "", arguments: str = "") -> dict[str, Any]:
    return {"type": "tool_call", "index": index, "id": id, "name": name, "arguments": arguments}


def test_an_answer_that_said_nothing_has_no_parts() -> None:
    assert (answer().parts, answer().text, answer().reasoning) == ([], "", "")


def test_pieces_become_one_text() -> None:
    built = answer(text("Hel"), text("lo"), text(""))
    assert built.parts == [{"type": "text", "text": "Hello"}]
    built.take(text("!"))
    assert built.text == "Hello!"


def test_reasoning_stands_apart() -> None:
    built = answer({"type": "reasoning", "text": "hm"}, text("so"))
    assert (built.reasoning, built.text) == ("hm", "so")


def test_text_that_turns_out_to_be_reasoning_changes_sides() -> None:
    built = answer(text("first "), text("thoughts"), {"type": "text_was_reasoning"}, text("Answer"))
    assert (built.reasoning, built.text) == ("first thoughts", "Answer")


def test_a_tool_call_comes_together_from_fragments() -> None:
    built = answer(call(0, "c1", "look", '{"a"'), call(0, arguments=": 1}"))
    assert built.tool_calls == [
        {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"a": 1}'}}
    ]


def test_tool_calls_may_come_in_any_order() -> None:
    built = answer(call(1, "c2", "two"), call(0, "c1", "one"))
    assert [made["function"]["name"] for made in built.tool_calls] == ["one", "two"]


def test_images_annotations_and_refusals_are_parts() -> None:
    built = answer(
        text("see"),
        {"type": "refusal", "text": "I "},
        {"type": "refusal", "text": "won't"},
        {"type": "image", "url": "data:,"},
        {"type": "annotation", "data": {"url": "https://a.test"}},
    )
    assert [part["type"] for part in built.parts] == ["text", "refusal", "image_url", "annotation"]
    assert built.parts[1]["refusal"] == "I won't"


def test_logprobs_and_the_finish_reason_are_kept() -> None:
    built = answer({"type": "logprobs", "tokens": [1]}, {"type": "logprobs", "tokens": [2]})
    built.take({"type": "finish", "reason": "length"})
    assert (built.logprobs, built.finish_reason) == ([1, 2], "length")


def test_what_is_not_part_of_an_answer_changes_nothing() -> None:
    assert answer({"type": "retrying"}, {"type": "end"}, {"type": "of the future"}) == Answer()
