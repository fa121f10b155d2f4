"""What one provider says that the database cannot hold costs nobody else anything."""

from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db.models.functions import Now

from chat.completions.characters import clean_json
from chat.generation import engine, recovery
from chat.generation.answer import Answer
from chat.generation.recovery import recover
from chat.generation.saver import Draft, save
from chat.models import Conversation, Generation, Message
from chat.models.message import text_part
from tests.upstream import Gate, Head, Script, Send, Upstream

from .playing import begin, play, row_of, text_of, until_stored

pytestmark = pytest.mark.django_db(transaction=True)

LAST = b'data: {"choices":[{"delta":{"content":"y"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
INFINITE = [{"type": "annotation", "annotation": {"score": float("inf")}}]


@pytest.fixture
def running(alice: Any) -> Any:
    conversation = Conversation.objects.create(owner=alice)

    def make() -> UUID:
        generation = Generation.objects.create(
            owner=alice, conversation=conversation, model="m", lease_until=Now()
        )
        Message.objects.create(conversation=conversation, role="assistant", generation=generation)
        return generation.pk

    return make


def draft(id: UUID, parts: list[Any]) -> Draft:
    fields = {"parts": parts, "reasoning": "", "tool_calls": [], "finish_reason": "", "logprobs": None}
    return Draft(id, 1, [fields])


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "1" + "0" * 30, "-" + "9" * 40])
def test_a_number_that_is_none_is_left_out_and_the_answer_goes_on(
    conversation: Conversation, upstream: Upstream, number: str
) -> None:
    odd = f'data: {{"choices":[{{"delta":{{"content":"x","annotations":[{{"a":NaN,"b":{number}}}]}}}}]}}\n\n'
    gate = Gate()

    async def act() -> None:
        upstream.script(Script([Head(), Send(odd.encode()), gate, Send(LAST)]))
        id = await begin(conversation)
        await until_stored(lambda: Message.objects.get(generation=id).text == "x")
        gate.open()
        await engine().tasks[id]
        message = await Message.objects.aget(generation=id)
        assert message.text == "xy"
        assert message.parts[1]["annotation"] == {"a": None, "b": None}
        assert (await row_of(id)).status == "finished"

    play(act)


def test_numbers_that_others_can_hold_are_kept() -> None:
    numbers = [0, -1, 2**63 - 1, -(2**63), 1.5, 1e300, True, None]
    assert clean_json(numbers) == numbers


def test_one_draft_that_is_refused_does_not_hold_up_the_others(running: Any) -> None:
    good, bad, also_good = running(), running(), running()
    drafts = [draft(good, [text_part("a")]), draft(bad, INFINITE), draft(also_good, [text_part("c")])]
    assert save(drafts, [good, bad, also_good]) == set()
    texts = [Message.objects.get(generation=id).text for id in (good, bad, also_good)]
    assert texts == ["a", "", "c"]
    assert not Generation.objects.abandoned().exists()


def test_a_log_whose_words_are_refused_ends_all_the_same(
    running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = running(), running()

    def fields_of(answer: Answer) -> dict[str, Any]:
        return {"parts": INFINITE if answer.text == "bad" else answer.parts}

    async def act() -> None:
        for id, words in ((bad, "bad"), (good, "good")):
            engine().log.append(str(id), [orjson.dumps({"type": "text", "choice": 0, "text": words})])
        assert await recover(engine(), all_running=True) == 2
        assert (await row_of(bad)).status == (await row_of(good)).status == "interrupted"
        assert await text_of(good) == "good"

    monkeypatch.setattr(recovery, "message_fields", fields_of)
    play(act)
