"""What cannot be sent, and what is told about it."""

from typing import Any

import pytest

from chat.generation import engine, shut_down
from chat.models import Command, Conversation, Message, Provider
from tests.generation.playing import until
from tests.upstream import Hang, Head, Script, Upstream

from .asking import Browser, all_answered, branch, texts, visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"message": ""}, "Write something first."),
        ({"message": " \n\t"}, "Write something first."),
        ({"message": "a\x00b"}, "NUL character"),
        ({"message": "Hi", "command": "x"}, "no valid id"),
        ({"message": "Hi", "temperature": "9"}, "Temperature must be from 0 to 2."),
        ({"message": "Hi", "shown": "x"}, "valid UUID"),
        ({"message": "Hi", "provider": "x"}, "valid UUID"),
    ],
)
def test_what_cannot_be_sent_is_told_in_words_and_stores_nothing(
    conversation: Conversation, upstream: Upstream, form: dict[str, str], words: str
) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.command(f"/c/{conversation.pk}/messages/", **form)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert "Traceback" not in response.content.decode()
        assert await Message.objects.acount() == 0
        assert await Command.objects.acount() == 0

    visit(conversation.owner, act)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "\x07\x1b[31m\u202e\ufeff",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
)
def test_a_megabyte_and_control_characters_are_sent_as_they_are(
    conversation: Conversation, upstream: Upstream, text: str
) -> None:
    async def act(browser: Browser) -> None:
        assert (await browser.send(conversation, text)).status_code == 200
        await all_answered()
        assert upstream.requests[0].body["messages"][-1]["content"] == text
        assert await texts(conversation) == [text, text]

    visit(conversation.owner, act)


def test_without_a_model_it_says_what_to_do(alice: Any) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.begin_chat("Hi")
        assert response.status_code == 422
        assert b"Choose a model first" in response.content
        assert await Conversation.objects.acount() == 0

    visit(alice, act)


def test_a_provider_that_was_removed_is_not_asked(
    conversation: Conversation, provider: Provider, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        await Provider.objects.aupdate(removed=True)
        response = await browser.send(conversation)
        assert response.status_code == 422
        assert b"no longer there" in response.content
        assert upstream.requests == []

    visit(conversation.owner, act)


def test_while_the_model_answers_nothing_more_is_sent(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Hang()]))

    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        _, answer = await branch(conversation)
        for path in (f"/c/{conversation.pk}/messages/", f"/messages/{answer.pk}/alternatives/",
                     f"/messages/{answer.pk}/edits/", f"/messages/{answer.pk}/deletion/"):  # fmt: skip
            response = await browser.command(path, shown=answer.pk, message="More", text="Other")
            assert response.status_code == 409
            assert b"still answering" in response.content
        assert await Message.objects.acount() == 2

    visit(conversation.owner, act)


def test_a_server_that_goes_down_takes_nothing_and_says_so(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        engine().closing = True
        response = await browser.send(conversation)
        assert response.status_code == 503
        assert b"nothing was sent" in response.content
        assert await Message.objects.acount() == 0

    visit(conversation.owner, act)


def test_an_answer_that_was_shut_down_can_be_retried(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Hang()]))

    async def interrupt(browser: Browser) -> None:
        await browser.send(conversation)
        await until(lambda: upstream.requests)
        for task in engine().tasks.values():
            engine().closing = True
            task.cancel()
        await shut_down()

    visit(conversation.owner, interrupt)

    async def retry(browser: Browser) -> None:
        _, answer = await branch(conversation)
        assert answer.status == "interrupted"
        await browser.command(f"/messages/{answer.pk}/alternatives/", shown=answer.pk)
        await all_answered()
        assert (await branch(conversation))[-1].status == "finished"

    visit(conversation.owner, retry)


def test_a_strangers_message_is_nothing_to_send_below(
    conversation: Conversation, bob: Any, upstream: Upstream
) -> None:
    theirs = Message.objects.create(conversation=Conversation.objects.create(owner=bob), role="user")

    async def act(browser: Browser) -> None:
        assert (await browser.send(conversation, shown=theirs.pk)).status_code == 404

    visit(conversation.owner, act)
