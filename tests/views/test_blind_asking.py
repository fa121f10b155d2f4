"""What a blind round sends, and what the socket carries of it."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat.comparisons.blind import reveal
from chat.comparisons.panes import numbered
from chat.completions import Client as Completions
from chat.generation import engine
from chat.models import (
    Budget,
    Comparison,
    Generation,
    LanguageModel,
    Message,
    Provider,
)
from tests.generation.playing import QUICK, begin, no_pause
from tests.upstream import Upstream, events, reply

from .asking import Browser, all_answered, visit, words_in
from .comparing import Tab, well
from .hiding import (
    MODELS,
    NAMES,
    TOLD,
    Round,
    models_of,
    reply_in_full,
    secrets_in,
)
from .sockets import Page
from .sockets import visit as listen

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_round_is_sent_run_again_and_answered_anew(
    alice: Any, askable: Comparison, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        tab = await Tab(browser, askable).look()
        replies = [await tab.send("Hello")]
        await all_answered()
        await tab.look()
        replies.append(await tab.run())
        await all_answered()
        await tab.look()
        replies.append(await tab.run(tab.panes[1]))
        await all_answered()
        await tab.look()
        message = await Message.objects.filter(
            conversation=tab.panes[0].conversation, role="assistant"
        ).afirst()
        replies.append(await tab.ask_again(message))
        await all_answered()
        for response in replies:
            assert response.status_code == 200, response.content
            assert secrets_in(reply_in_full(response), [*NAMES, *TOLD, str(upstream.base_url)]) == []

    visit(alice, act)
    assert len(upstream.requests) == 8
    assert Comparison.objects.get(pk=askable.pk).title == "Hello"


def test_what_a_page_claims_of_models_and_settings_changes_nothing(
    alice: Any, askable: Comparison, zoo: dict[str, Provider], upstream: Upstream
) -> None:
    models = models_of(askable)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, askable).look()
        forged = {f"model:{pane.key}": "plain-1" for pane in tab.panes}
        forged |= {f"provider:{pane.key}": str(zoo["Plain"].pk) for pane in tab.panes}
        forged |= {"settings_of": tab.panes[0].key, "temperature": "1.5", "system_prompt": "Shout"}
        await tab.hears("Hello", **forged)
        message = await Message.objects.filter(
            conversation=tab.panes[0].conversation, role="assistant"
        ).afirst()
        assert message
        response = await browser.command(
            f"/messages/{message.pk}/alternatives/",
            shown=message.pk, provider=zoo["Plain"].pk, model="plain-1", temperature="1.5", without="temperature",
        )  # fmt: skip
        well(response)
        await all_answered()

    visit(alice, act)
    assert models_of(Comparison.objects.get(pk=askable.pk)) == models
    assert sorted({request.body["model"] for request in upstream.requests}) == sorted(
        model for _, model in MODELS
    )
    assert {request.body["temperature"] for request in upstream.requests} == {0.4321}
    assert not LanguageModel.objects.exclude(refusals={})


@pytest.mark.parametrize("trouble", ["removed", "budget"])
def test_what_cannot_be_sent_is_neither_named_nor_explained(
    alice: Any, askable: Comparison, upstream: Upstream, trouble: str
) -> None:
    if trouble == "removed":
        Provider.objects.filter(name="Zanzibar").update(removed=True)
    else:
        Budget.objects.create(owner=alice, per_day=0.0)

    async def act(browser: Browser) -> None:
        tab = await Tab(browser, askable).look()
        response = await tab.send("Hello")
        assert response.status_code == 409
        assert words_in(response) == "Not sent: a model cannot be asked now. Reveal the round to see why."

    visit(alice, act)
    assert not upstream.requests
    assert not Message.objects.filter(conversation__panes__comparison=askable)


def test_who_asks_while_an_answer_runs_is_told_of_which(alice: Any, hidden: Round) -> None:
    Generation.objects.filter(pk=hidden.answers[1].generation_id).update(status="running")

    async def act(browser: Browser) -> None:
        response = await (await Tab(browser, hidden.comparison).look()).send("Hello")
        assert response.status_code == 409
        assert "Answer B: It is still answering." in words_in(response)

    visit(alice, act)


# The socket


def tricky(model: str) -> Any:
    """An answer in which everything tells whose it is, but for its words."""

    def chunk(delta: Any, **more: Any) -> Any:
        choice = {"index": 0, "delta": delta, "finish_reason": None, **more}
        return {
            "id": "req-zanzibar-7",
            "model": f"{model}-20990101",
            "provider": "Zanzibar",
            "choices": [choice],
        }

    token = {"token": "x-zanzibar", "logprob": -0.5, "bytes": None, "top_logprobs": []}
    call = {
        "index": 0,
        "id": "call_zanzibar_7",
        "type": "function",
        "function": {"name": "look", "arguments": "{}"},
    }
    note = {"type": "url_citation", "url_citation": {"url": "https://zanzibar.test/"}}
    return events(
        chunk({"role": "assistant", "reasoning": "Thoughts"}),
        chunk({"content": "Words "}, logprobs={"content": [token]}),
        chunk({"content": "of a model", "annotations": [note]}),
        chunk({"tool_calls": [call]}),
        chunk({}, finish_reason="content_filter"),
        {"model": model, "choices": [], "usage": {"prompt_tokens": 424242, "completion_tokens": 535353}},
    )


async def heard(page: Page, id: Any) -> list[dict[str, Any]]:
    """Every frame of this answer, to its end."""
    frames: list[dict[str, Any]] = []
    await page.watch(id)
    while True:
        frame = await page.hear()
        frames.append(frame)
        have = frame["from"] + len(frame["events"]) if frame["type"] == "events" else frame["have"]
        await page.say(type="ack", generation=id, have=have)
        if frame["type"] == "stored" or frame["events"][-1]["type"] == "end":
            return frames


def events_in(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In order, and none is missing."""
    found: list[dict[str, Any]] = []
    for frame in frames:
        assert frame["from"] == len(found)
        found += frame["events"]
    return found


def test_the_socket_carries_the_words_and_nothing_that_tells(
    alice: Any, askable: Comparison, upstream: Upstream, settings: Any
) -> None:
    settings.REDIS_URL = ""
    pane = next(pane for pane in numbered(askable) if pane.conversation.model == "zebra-9-large")
    upstream.script(reply(503, {"error": {"message": "Zanzibar is out of zinc"}}))
    upstream.script(tricky("zebra-9-large"))

    async def act(page: Page) -> None:
        engine().client = Completions(QUICK, sleep=no_pause)
        id = await begin(pane.conversation)
        await page.say(type="follow", conversation=pane.conversation_id, version=0)
        changed = await page.hear()
        assert set(changed) == {"type", "conversation", "version"}
        live = await heard(page, id)
        engine().log.forget(str(id))
        stored = await heard(page, id)
        assert secrets_in(str([changed, *live, *stored]), [*NAMES, *TOLD, "zanzibar"]) == []
        found = events_in(live)
        kinds = {event["type"] for event in found}
        assert kinds == {"text", "reasoning", "tool_call", "hidden", "end"}
        assert "".join(event["text"] for event in found if event["type"] == "text") == "Words of a model"
        assert stored[0]["answers"][0]["text"] == "Words of a model"
        assert stored[0]["answers"][0]["tool_calls"][0]["function"]["name"] == "look"
        await sync_to_async(reveal)(await Comparison.objects.aget(pk=askable.pk))
        assert "call_zanzibar_7" in str(await heard(page, id))

    listen(alice, act)
    assert len(upstream.requests) == 2


def test_of_an_open_answer_all_of_that_is_carried(
    alice: Any, askable: Comparison, upstream: Upstream, settings: Any
) -> None:
    """So that the test above looks for what there is."""
    settings.REDIS_URL = ""
    reveal(askable)
    pane = next(pane for pane in numbered(askable) if pane.conversation.model == "zebra-9-large")
    upstream.script(reply(503, {"error": {"message": "Zanzibar is out of zinc"}}))
    upstream.script(tricky("zebra-9-large"))

    async def act(page: Page) -> None:
        engine().client = Completions(QUICK, sleep=no_pause)
        live = await heard(page, await begin(pane.conversation))
        kinds = {event["type"] for event in events_in(live)}
        assert {"retrying", "logprobs", "annotation", "tool_call", "finish"} <= kinds
        assert secrets_in(str(live), ["call_zanzibar_7", "x-zanzibar"]) == ["call_zanzibar_7", "x-zanzibar"]

    listen(alice, act)


def test_a_stranger_hears_nothing_of_a_round(bob: Any, hidden: Round) -> None:
    async def act(page: Page) -> None:
        await page.watch(hidden.ids("generation"))
        assert (await page.hear())["type"] == "gone"
        await page.say(type="follow", conversation=hidden.panes[0].conversation_id, version=99)
        await page.say(type="follow", comparison=hidden.comparison.pk, version=99)
        assert await page.is_alive()
        assert not engine().doorbell._bells

    listen(bob, act)
