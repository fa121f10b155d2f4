"""Answering again, editing and switching."""

from typing import Any
from uuid import uuid4

import pytest

from chat.models import Conversation, Generation, Message
from chat.models.copying import copy_settings, copy_words
from tests.upstream import Upstream, stream

from .asking import Browser, all_answered, branch, changes_in, talk, texts, visit

pytestmark = pytest.mark.django_db(transaction=True)


# Answering again


def test_another_answer_stands_beside_the_first(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("First"))
    upstream.script(stream("Second"))

    async def act(browser: Browser) -> None:
        _, first = await talk(browser, conversation, "Hi")
        response = await browser.command(f"/messages/{first.pk}/alternatives/", shown=first.pk)
        await all_answered()
        _, second = await branch(conversation)
        assert (changes_in(response).removed, changes_in(response).added) == ([first.pk], [second.pk])
        assert "2 / 2" in response.content.decode()
        assert second.text == "Second"
        assert upstream.requests[0].body["messages"] == upstream.requests[1].body["messages"]

    visit(conversation.owner, act)


def test_it_uses_the_settings_as_they_are_now(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        path = f"/messages/{answer.pk}/alternatives/"
        await browser.command(path, shown=answer.pk, temperature="1.5", system_prompt="New")
        await all_answered()
        assert upstream.requests[1].body["temperature"] == 1.5
        assert upstream.requests[1].body["messages"][0] == {"role": "system", "content": "New"}

    visit(conversation.owner, act)


def test_only_an_answer_can_be_regenerated(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        response = await browser.command(f"/messages/{question.pk}/alternatives/")
        assert response.status_code == 400
        assert b"Only an answer" in response.content

    visit(conversation.owner, act)


def test_regenerating_three_times_by_one_form_asks_once(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        id = uuid4()
        for _ in range(3):
            path = f"/messages/{answer.pk}/alternatives/"
            assert (await browser.command(path, command=id, shown=answer.pk)).status_code == 200
        await all_answered()
        assert len(upstream.requests) == 2

    visit(conversation.owner, act)


# Editing


def test_saving_changes_the_words_in_place_and_keeps_the_first_ones(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        response = await browser.command(f"/messages/{answer.pk}/edits/", text="My own words", revision=0)
        assert response.status_code == 200
        assert "My own words" in response.content.decode()
        edited = await Message.objects.aget(pk=answer.pk)
        assert (edited.text, edited.original[0]["text"]) == ("My own words", "Hi")
        assert len(upstream.requests) == 1

    visit(conversation.owner, act)


def test_the_edited_words_are_what_is_sent_next(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        await browser.command(f"/messages/{answer.pk}/edits/", text="My own words", revision=0)
        await talk(browser, conversation, "More")
        sent = [turn["content"] for turn in upstream.requests[1].body["messages"]]
        assert sent == ["Hi", "My own words", "More"]

    visit(conversation.owner, act)


def test_save_and_run_makes_an_alternative_and_asks_again(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        one, answer, *_ = shown = await talk(browser, conversation, "one", "two")
        response = await browser.command(
            f"/messages/{one.pk}/edits/", text="uno", run="on", shown=shown[-1].pk
        )
        await all_answered()
        assert await texts(conversation) == ["uno", "uno"]
        assert changes_in(response).added == [message.pk for message in await branch(conversation)]
        assert (await Message.objects.aget(pk=one.pk)).text == "one"
        assert await Message.objects.filter(pk=answer.pk).aexists()

    visit(conversation.owner, act)


def test_save_and_run_sends_what_is_not_text_as_well(conversation: Conversation, upstream: Upstream) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}

    async def act(browser: Browser) -> None:
        question, answer = await talk(browser, conversation, "What is this?")
        await Message.objects.filter(pk=question.pk).aupdate(parts=[*question.parts, image])
        await browser.command(f"/messages/{question.pk}/edits/", text="And this?", run="on", shown=answer.pk)
        await all_answered()
        said = [{"type": "text", "text": "And this?"}, image]
        assert upstream.requests[-1].body["messages"] == [{"role": "user", "content": said}]

    visit(conversation.owner, act)


def test_an_answer_is_saved_and_never_run(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        await browser.command(f"/messages/{answer.pk}/edits/", text="Mine", run="on", revision=0)
        assert len(upstream.requests) == 1
        assert await texts(conversation) == ["Hi", "Mine"]

    visit(conversation.owner, act)


@pytest.mark.parametrize("text", ["", "a\x00b"])
def test_an_edit_that_cannot_be_is_told_in_words(
    conversation: Conversation, upstream: Upstream, text: str
) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        assert (await browser.command(f"/messages/{question.pk}/edits/", text=text)).status_code == 422
        assert await texts(conversation) == ["Hi", "Hi"]

    visit(conversation.owner, act)


def test_the_editor_holds_the_words_to_the_letter(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "\n<b>&amp;\r</b>")
        response = await browser.get(f"/messages/{question.pk}/editor/")
        assert "\n\n&lt;b&gt;&amp;amp;&#13;&lt;/b&gt;</textarea>" in response.content.decode()

    visit(conversation.owner, act)


# Switching


def test_another_alternative_is_shown_down_to_what_was_said_last_on_it(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        _, first, *rest = await talk(browser, conversation, "one", "two")
        await browser.command(f"/messages/{first.pk}/alternatives/", shown=rest[-1].pk)
        await all_answered()
        _, second = await branch(conversation)
        response = await browser.command(f"/messages/{first.pk}/shown/", shown=second.pk)
        assert changes_in(response).removed == [second.pk]
        assert changes_in(response).added == [first.pk, *(message.pk for message in rest)]
        assert await texts(conversation) == ["one", "one", "two", "two"]

    visit(conversation.owner, act)


# Copies


def copy_of_an_answer(conversation: Conversation, **call: Any) -> tuple[Generation, Message]:
    """The call that made an answer, and the copy of that answer in another conversation."""
    generation = Generation.objects.create(
        owner=conversation.owner,
        conversation=conversation,
        provider=conversation.provider,
        model="first",
        **call,
    )
    question = Message.objects.create(conversation=conversation, role="user")
    answer = Message.objects.create(
        conversation=conversation, parent=question, role="assistant", generation=generation
    )
    copy = copy_settings(conversation)
    copy.save()
    copy_words(answer.pk, copy)
    return generation, copy.messages.get(role="assistant")


def test_a_copied_answer_shows_the_call_that_made_the_first_one(
    conversation: Conversation, as_user: Any
) -> None:
    usage = {"prompt_tokens": 12, "completion_tokens": 3456}
    generation, copy = copy_of_an_answer(conversation, status="finished", usage=usage)
    page = as_user(conversation.owner).get(f"/c/{copy.conversation_id}/").content.decode()
    assert "3,456 out" in page
    assert 'data-tokens="3456"' in page
    assert f'action="/generations/{generation.pk}/"' in page
    assert "The model ended without a word" in page
    assert f'hx-post="/messages/{copy.pk}/alternatives/"' in page
    assert f'hx-target="#errors-{copy.conversation_id}"' in page


def test_a_copied_failure_says_why_and_is_tried_again_in_its_own_place(
    conversation: Conversation, as_user: Any
) -> None:
    error = {"message": "It was too much.", "said": "no"}
    generation, copy = copy_of_an_answer(conversation, status="failed", error=error)
    page = as_user(conversation.owner).get(f"/messages/{copy.pk}/").content.decode()
    assert "It was too much." in page
    assert f'href="/generations/{generation.pk}/"' in page
    assert f'hx-post="/messages/{copy.pk}/alternatives/"' in page
