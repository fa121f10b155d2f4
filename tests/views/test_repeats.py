"""Repeats over HTTP: the very request again, and its answers laid side by side."""

import random
import re
from collections import Counter
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat import access
from chat.experiments.repeating import repeat as repeat_answer
from chat.experiments.repeating import repeats_of, same_requests
from chat.models import Conversation, Generation, Message
from tests.upstream import Gate, Hang, Head, Script, Upstream, reply, stream

from .asking import Browser, all_answered, branch, generations, talk, texts, visit, words_in
from .repeating import repeat

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


async def figures_of(answer: Message) -> Any:
    def read() -> Any:
        fresh = Message.objects.get(pk=answer.pk)
        assert fresh.call
        return repeats_of(same_requests(fresh), fresh.call.request)

    return await sync_to_async(read)()


def test_the_very_same_request_is_sent_again_and_what_is_shown_stays(
    conversation: Conversation, upstream: Upstream
) -> None:
    conversation.settings = {"temperature": 0.3}
    conversation.save()

    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One", "Two")
        # What is set since is of no account.
        await Conversation.objects.filter(pk=conversation.pk).aupdate(
            settings={"seed": 5}, system_prompt="Be odd."
        )
        page = await repeat(browser, asked[1], 5)
        assert page.status_code == 200
        await all_answered()
        assert await texts(conversation) == ["One", "One", "Two", "Two"]
        assert await Message.objects.filter(parent=asked[0]).acount() == 6
        first = upstream.requests[0]
        assert [each.raw for each in upstream.requests[2:]] == [first.raw] * 5
        calls = await generations()
        assert {call.replay_of_id for call in calls[2:]} == {calls[0].pk}
        words = words_in(await browser.open(f"/messages/{asked[1].pk}/repeats/"))
        assert "Answers 6 Distinct 1 Agreement 100 % Similarity 1.00 Finish stop 6" in words
        assert "6 of 6 One 1 this one 2 3 4 5 6" in words

    visit(conversation.owner, act)


def test_a_provider_with_a_known_distribution_is_measured_right(
    conversation: Conversation, upstream: Upstream
) -> None:
    chance = random.Random(7)
    drawn = chance.choices(["heads", "tails", "the edge"], [5, 3, 2], k=21)
    for word in drawn:
        upstream.script(stream(*re.findall(r"\S+ ?", word)))

    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "Toss")
        await repeat(browser, asked[1], 20)
        await all_answered()
        found = await figures_of(asked[1])
        assert {group.text: group.count for group in found.groups} == Counter(drawn)
        assert found.agreement == max(Counter(drawn).values()) / 21
        assert (found.characters.least, found.characters.most) == (5, 8)
        assert sorted(found.tokens.values) == sorted(len(word.split()) for word in drawn)
        assert len(found.duration.values) == 21
        page = words_in(await browser.open(f"/messages/{asked[1].pk}/repeats/"))
        for word, count in Counter(drawn).items():
            assert f"{count} of 21 {word}" in page

    visit(conversation.owner, act)


def test_only_those_with_the_same_request_at_the_same_address_count(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        [question, answer] = await talk(browser, conversation, "One")
        await browser.command(f"/messages/{answer.pk}/alternatives/", shown=answer.pk, temperature="0.3")
        await all_answered()
        [first, second] = await generations()
        await browser.command(f"/generations/{first.pk}/replays/")
        await all_answered()
        deleted, elsewhere = [(await generations())[-1]], None
        await browser.command(f"/generations/{first.pk}/replays/")
        await all_answered()
        elsewhere = (await generations())[-1]
        await Generation.objects.filter(pk=elsewhere.pk).aupdate(url="https://other.test/v1/chat/completions")
        await browser.command(f"/generations/{first.pk}/replays/")
        await all_answered()
        found = await figures_of(answer)
        assert {each.call for each in found.answers} == {
            first.pk,
            deleted[0].pk,
            (await generations())[-1].pk,
        }
        gone = await Message.objects.aget(generation=deleted[0])
        await sync_to_async(gone.delete_for_now)()
        assert len((await figures_of(answer)).answers) == 2
        other = await Message.objects.aget(generation=second)
        assert len((await figures_of(other)).answers) == 1
        assert question.pk == other.parent_id

    visit(conversation.owner, act)


def test_words_that_were_edited_count_as_the_model_wrote_them(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        [_, answer] = await talk(browser, conversation, "One")
        await browser.command(f"/messages/{answer.pk}/edits/", text="Rewritten", revision=0)
        [group] = (await figures_of(answer)).groups
        assert group.text == "One"

    visit(conversation.owner, act)


def test_several_choices_of_one_call_are_several_answers_and_one_call(
    conversation: Conversation, upstream: Upstream
) -> None:
    conversation.settings = {"n": 3}
    conversation.save()

    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One two")
        await repeat(browser, asked[1], 1)
        await all_answered()
        found = await figures_of(asked[1])
        assert len(found.finished) == 6
        assert len(found.duration.values) == 2
        # The provider counts all choices together.
        assert found.tokens is None

    visit(conversation.owner, act)


def test_calls_of_tools_are_told_apart(conversation: Conversation) -> None:
    question = Message.objects.create(conversation=conversation, role="user", parts=[])
    for arguments in ('{"a": 1, "b": 2}', '{"b":2,"a":1}', '{"a": 9}', "{broken"):
        call = Generation.objects.create(
            owner=conversation.owner,
            conversation=conversation,
            model="m",
            status="finished",
            request={"a": 1},
        )
        answer = Message.objects.create(
            conversation=conversation, parent=question, role="assistant", generation=call,
            tool_calls=[{"id": "x", "type": "function", "function": {"name": "look", "arguments": arguments}}],
        )  # fmt: skip
    found = repeats_of(same_requests(answer), {})
    assert [(group.text, group.count) for group in found.groups] == [
        ('look({"a": 1, "b": 2})', 2), ('look({"a": 9})', 1), ("look({broken)", 1),
    ]  # fmt: skip


def test_the_page_says_which_answers_fit_the_schema(conversation: Conversation, upstream: Upstream) -> None:
    conversation.settings = {"response_format": "json_schema", "schema": SCHEMA}
    conversation.save()
    for text in ('{"n": 1}', '{"n": "x"}', "Sure!"):
        upstream.script(stream(text))

    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "A number")
        await repeat(browser, asked[1], 2)
        await all_answered()
        words = words_in(await browser.open(f"/messages/{asked[1].pk}/repeats/"))
        assert "Valid JSON 2 of 3 Fit the schema 1 of 3" in words
        assert "Fits the schema" in words
        assert "Does not fit: $.n: 'x' is not of type 'integer'" in words
        assert "Does not fit: It is no JSON." in words

    visit(conversation.owner, act)


def test_those_that_fail_are_counted_apart_and_what_they_say_is_said(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One")
        upstream.script(reply(400, {"error": {"message": "<b>No</b>"}}))
        await repeat(browser, asked[1], 2)
        await all_answered()
        response = await browser.open(f"/messages/{asked[1].pk}/repeats/")
        assert "Answers 2 1 failed" in words_in(response)
        assert "Not finished" in words_in(response)
        assert "<b>No" not in response.content.decode()

    visit(conversation.owner, act)


# While they run


def test_the_page_asks_again_while_some_run_and_all_can_be_stopped(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        asked = await talk(browser, conversation, "One")
        upstream.script(Script([Head(), Hang()]), repeat=True)
        page = await repeat(browser, asked[1], 3)
        assert "every 2s" in page.content.decode()
        assert "<html" not in page.content.decode()
        assert "<html" in (await browser.open(f"/messages/{asked[1].pk}/repeats/")).content.decode()
        assert "Answers 1 3 running" in words_in(page)
        part = await browser.get(f"/messages/{asked[1].pk}/repeats/")
        assert "every 2s" in part.content.decode()
        assert "<html" not in part.content.decode()
        stopped = await browser.delete(f"/messages/{asked[1].pk}/repeats/")
        assert stopped.status_code == 200
        assert "every 2s" not in stopped.content.decode()
        assert "Answers 1 3 stopped" in words_in(stopped)
        assert {call.status for call in (await generations())[1:]} == {"stopped"}

    visit(conversation.owner, act)


def test_what_was_said_in_another_tab_meanwhile_stays_shown(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        first = (await talk(browser, conversation, "One"))[-1]
        read_before = await sync_to_async(access.message)(conversation.owner, first.pk)
        await talk(browser, conversation, "Two")
        await sync_to_async(repeat_answer)(read_before, 2)
        assert await texts(conversation) == ["One", "One", "Two", "Two"]

    visit(conversation.owner, act)


def test_a_running_answer_is_not_repeated(conversation: Conversation, upstream: Upstream) -> None:
    gate = Gate()
    upstream.script(stream(gate, "done"))

    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        answer = (await branch(conversation))[-1]
        response = await repeat(browser, answer)
        assert response.status_code == 409
        assert "still answering" in words_in(response)
        gate.open()

    visit(conversation.owner, act)
    assert len(upstream.requests) == 1
