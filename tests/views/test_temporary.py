"""Temporary chats: what is said is stored nowhere, and what it costs is counted."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from chat.generation import engine
from chat.models import Budget, Charge, Conversation, Generation, LanguageModel, Message, Provider
from tests.generation.playing import until
from tests.upstream import Gate, Upstream, reply, stream
from tests.upstream import events as streamed

from .asking import Browser, visit

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "a word that is nowhere else"


def said(*texts: str) -> str:
    roles = ("user", "assistant")
    parts = [[{"type": "text", "text": text}] for text in texts]
    return json.dumps([{"role": roles[at % 2], "parts": each} for at, each in enumerate(parts)])


async def ask(browser: Browser, conversation: Conversation, talk: str, **form: Any) -> Any:
    model = {"provider": conversation.provider_id, "model": conversation.model}
    return await browser.post("/temporary/answers/", said=talk, **model, **form)


async def events(response: Any) -> list[dict[str, Any]]:
    whole = b"".join([piece async for piece in response.streaming_content])
    return [json.loads(line) for line in whole.splitlines()]


def everything_stored() -> str:
    """All rows of all tables, as the database has them."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows.append(str(cursor.fetchall()))
    return "".join(rows)


def test_an_answer_comes_word_by_word_and_ends_with_what_it_took(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(stream("Hel", "lo"))

    async def act(browser: Browser) -> None:
        response = await ask(browser, conversation, said("Hi"))
        first, *between, last = await events(response)
        assert first["type"] == "begun"
        assert "".join(event["text"] for event in between if event["type"] == "text") == "Hello"
        assert (last["type"], last["status"]) == ("end", "finished")
        assert last["turn"]["parts"] == [{"type": "text", "text": "Hello"}]
        assert 'data-status="finished"' in last["html"]

    visit(conversation.owner, act)


def test_what_is_no_text_of_an_answer_is_told_below_it(
    conversation: Conversation, upstream: Upstream
) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    upstream.script(streamed({"choices": [{"delta": {"refusal": "I will not", "images": [picture]}}]}))

    async def act(browser: Browser) -> None:
        *_, last = await events(await ask(browser, conversation, said("Hi")))
        assert [part["type"] for part in last["turn"]["parts"]] == ["refusal", "image_url"]
        assert "I will not" in last["html"]
        assert "A picture. It is shown once this chat is kept." in last["html"]

    visit(conversation.owner, act)


def test_nothing_of_it_is_stored_but_what_it_cost(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream(SECRET))

    async def act(browser: Browser) -> None:
        *_, last = await events(await ask(browser, conversation, said(SECRET), system_prompt=SECRET))
        assert last["turn"]["parts"][0]["text"] == SECRET

    visit(conversation.owner, act)
    assert SECRET not in everything_stored()
    assert (Generation.objects.count(), Message.objects.count(), Conversation.objects.count()) == (0, 0, 1)
    charge = Charge.objects.get()
    assert (charge.owner, charge.conversation, charge.status) == (conversation.owner, None, "finished")
    assert charge.prompt_tokens


def test_what_is_sent_is_what_the_page_holds(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await events(await ask(browser, conversation, said("One", "Two", "Three"), temperature="0.5"))
        body = upstream.requests[0].body
        assert [(each["role"], each["content"]) for each in body["messages"]] == [
            ("user", "One"), ("assistant", "Two"), ("user", "Three"),
        ]  # fmt: skip
        assert body["temperature"] == 0.5

    visit(conversation.owner, act)


def test_who_leaves_stops_it_and_what_came_is_booked(conversation: Conversation, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream("Hello", gate, " never"))

    async def act(browser: Browser) -> None:
        response = await ask(browser, conversation, said("Hi"))
        read: list[bytes] = []

        async def reads() -> None:
            async for piece in response.streaming_content:
                read.append(piece)

        # As the server does it with an answer whose browser is gone.
        reader = asyncio.create_task(reads())
        await until(lambda: b"Hello" in b"".join(read))
        reader.cancel()
        await until(lambda: not engine().tasks)

    visit(conversation.owner, act)
    gate.open()
    assert Charge.objects.get().status == "stopped"


def test_a_call_that_nothing_can_answer_here_is_told_before_anything_is_sent(
    conversation: Conversation, upstream: Upstream
) -> None:
    talk = json.loads(said("Weather?", "", "And now?"))
    talk[1] |= {"parts": [], "tool_calls": [{"id": "c", "function": {"name": "look", "arguments": "{}"}}]}

    async def act(browser: Browser) -> None:
        response = await ask(browser, conversation, json.dumps(talk))
        assert response.status_code == 409
        assert "call of look" in response.content.decode()
        assert "Delete the message that calls it." in response.content.decode()
        assert not upstream.requests

    visit(conversation.owner, act)


def test_a_budget_of_the_day_holds_here_too(conversation: Conversation, upstream: Upstream) -> None:
    Budget.objects.create(owner=conversation.owner, per_day=0.0)
    provider = conversation.provider
    LanguageModel.objects.update_or_create(
        provider=provider, name=conversation.model, defaults={"price_input": 5.0, "price_output": 5.0}
    )

    async def act(browser: Browser) -> None:
        response = await ask(browser, conversation, said("Hi"))
        assert response.status_code == 409
        assert b"budget of $0" in response.content
        assert not upstream.requests

    visit(conversation.owner, act)


def test_what_it_costs_counts_while_other_answers_are_saved(
    conversation: Conversation, upstream: Upstream
) -> None:
    Budget.objects.create(owner=conversation.owner, per_day=1.0)
    LanguageModel.objects.update_or_create(
        provider=conversation.provider, name=conversation.model,
        defaults={"price_input": 0.0, "price_output": 100_000.0},
    )  # fmt: skip
    gate = Gate()
    # Thirty bytes are about 0.75 dollars: the second ones are one too many.
    upstream.script(stream("x" * 30, gate, "x" * 30))

    async def act(browser: Browser) -> None:
        response = await ask(browser, conversation, said("Hi"))
        pieces = aiter(response.streaming_content)
        read = b""
        while b"xxx" not in read:
            read += await anext(pieces)
        # A round for somebody else's answer.
        await engine().saver._round()
        gate.open()
        async for piece in pieces:
            read += piece
        assert b"budget of $1" in read

    visit(conversation.owner, act)


def test_a_failure_is_told_in_words_and_the_words_stay(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(reply(400, {"error": {"message": "No such thing"}}))

    async def act(browser: Browser) -> None:
        *_, last = await events(await ask(browser, conversation, said("Hi")))
        assert last["status"] == "failed"
        assert "No such thing" in last["html"]
        assert last["turn"]["parts"] == []

    visit(conversation.owner, act)


@pytest.mark.parametrize(
    "talk",
    [
        "", "x", "[]", "{}", "null", "[1]", "[null]", "[[]]", '[{"role":"user"}]', "[" * 20000,
        '[{"role":"system","parts":[]}]', '[{"role":"user","parts":"abc"}]',
        '[{"role":"user","parts":[{"type":"text"}]}]', '[{"role":"user","parts":[{"type":1}]}]',
        '[{"role":"user","parts":[{"type":"text","text":5}]}]',
        r'[{"role":"user","parts":[{"type":"text","text":"\u0000"}]}]',
        r'[{"role":"user","parts":[{"type":"text","text":"\ud800"}]}]',
        '[{"role":"user","parts":[],"tool_calls":[1]}]',
        '[{"role":"user","parts":[],"tool_calls":[{"function":"a"}]}]',
        '[{"role":"user","parts":[],"tool_calls":[{"id":1,"function":{"name":"a","arguments":""}}]}]',
        '[{"role":"user","parts":[{"type":"image_url","image_url":"data:,"}]}]',
        '[{"role":"user","parts":[{"type":"file","text":5}]}]',
        '[{"role":"user","parts":[{"type":"annotation","annotation":NaN}]}]',
        '[{"role":"user","parts":[{"type":"annotation","annotation":1e999}]}]',
        '[{"role":"user","parts":[{"type":"annotation","annotation":' + "[" * 900 + "]" * 900 + "}]}]",
    ],
)  # fmt: skip
def test_what_is_no_talk_is_refused_in_words(
    conversation: Conversation, upstream: Upstream, talk: str
) -> None:
    async def act(browser: Browser) -> None:
        response = await ask(browser, conversation, talk)
        assert response.status_code == 422
        kept = await browser.command("/temporary/kept/", said=talk)
        assert kept.status_code == 422
        assert not upstream.requests

    visit(conversation.owner, act)
    assert Conversation.objects.count() == 1


def test_a_backslash_and_what_looks_like_an_escape_are_text(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        await events(await ask(browser, conversation, said(r"What is \u0000 in JSON?")))
        assert upstream.requests[0].body["messages"][0]["content"] == r"What is \u0000 in JSON?"

    visit(conversation.owner, act)


def test_it_is_kept_once_however_often_it_is_sent(conversation: Conversation) -> None:
    async def act(browser: Browser) -> str:
        form = {"said": said("Hi", "Hello"), "command": uuid4(), "model": conversation.model}
        form["provider"] = conversation.provider_id
        answers = [await browser.command("/temporary/kept/", **form) for _ in range(3)]
        (path,) = {answer["HX-Redirect"] for answer in answers}
        return str(path)

    path = visit(conversation.owner, act)
    kept = Conversation.objects.exclude(pk=conversation.pk).get()
    assert path == f"/c/{kept.pk}/"
    assert (kept.title, kept.model) == ("Hi", conversation.model)
    assert [message.text for message in kept.messages.order_by("pk")] == ["Hi", "Hello"]


def test_nobody_asks_with_a_provider_of_somebody_else(
    conversation: Conversation, upstream: Upstream, bob: Any
) -> None:
    Provider.objects.filter(pk=conversation.provider_id).update(owner=conversation.owner)

    async def act(browser: Browser) -> None:
        assert (await ask(browser, conversation, said("Hi"))).status_code == 422
        assert not upstream.requests

    visit(bob, act)
