"""Branching off over HTTP: what can be chosen, once however often it is sent, and from nobody else's messages."""

import re
from typing import Any
from uuid import uuid4

import pytest

from chat.models import Conversation, Generation, Message
from chat.models.branch import path_to
from tests.trees.test_trees import answer, ask

from .asking import Browser, visit, words_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def said(conversation: Conversation) -> dict[str, Message]:
    """A question with two answers, and a question below the first one. The second is shown."""
    question = ask(conversation, "q")
    first, second = answer(conversation, "a", question), answer(conversation, "b", question)
    below = ask(conversation, "q2", first)
    conversation.show(second)
    return {"q": question, "a": first, "b": second, "q2": below}


def address(message: Message) -> str:
    return f"/messages/{message.pk}/branches/"


def branches(conversation: Conversation) -> list[Conversation]:
    return list(Conversation.objects.exclude(pk=conversation.pk).order_by("pk"))


def made(response: Any) -> Conversation:
    assert response.status_code == 204, response.content
    [id] = re.findall(r"/c/([0-9a-f-]{36})/", response["HX-Redirect"])
    return Conversation.objects.get(pk=id)


def texts(conversation: Conversation) -> list[str]:
    return [message.text for message in path_to(conversation.tip_id)]


def test_the_choices_say_how_many_messages_come(conversation: Conversation, said: dict[str, Message]) -> None:
    async def act(browser: Browser) -> Any:
        return await browser.get(address(said["a"]))

    words = words_in(visit(conversation.owner, act))
    for choice in (
        "This path 2 messages",
        "This path with its alternatives 3 messages",
        "Everything 4 messages",
    ):
        assert choice in words


@pytest.mark.parametrize(
    ("scope", "shown", "count"),
    [("path", ["q", "a"], 2), ("alternatives", ["q", "a"], 3), ("everything", ["q", "a", "q2"], 4)],
)
def test_a_branch_is_a_conversation_that_shows_the_message(
    conversation: Conversation, said: dict[str, Message], scope: str, shown: list[str], count: int
) -> None:
    async def act(browser: Browser) -> Any:
        response = await browser.command(address(said["a"]), scope=scope)
        opened = await browser.open(response["HX-Redirect"])
        assert opened.status_code == 200
        return response

    response = visit(conversation.owner, act)
    branch = made(response)
    assert (texts(branch), branch.messages.count()) == (shown, count)
    assert branch.title == "A talk (branch)"
    assert ("?at=" in response["HX-Redirect"]) == (scope == "everything")
    assert texts(Conversation.objects.get(pk=conversation.pk)) == ["q", "b"]


def test_sent_three_times_it_happens_once(conversation: Conversation, said: dict[str, Message]) -> None:
    command = uuid4()

    async def act(browser: Browser) -> list[Any]:
        return [
            await browser.command(address(said["a"]), command=command, scope="everything") for _ in range(3)
        ]

    assert len({made(response).pk for response in visit(conversation.owner, act)}) == 1
    assert len(branches(conversation)) == 1


@pytest.mark.parametrize("scope", ["", "all", "\x00", "PATH"])
def test_what_is_no_choice_is_told_in_words(
    conversation: Conversation, said: dict[str, Message], scope: str
) -> None:
    async def act(browser: Browser) -> Any:
        return await browser.command(address(said["a"]), scope=scope)

    response = visit(conversation.owner, act)
    assert response.status_code == 422
    assert branches(conversation) == []


def test_an_answer_that_runs_is_waited_for(conversation: Conversation, said: dict[str, Message]) -> None:
    Generation.objects.filter(pk=said["b"].generation_id).update(status="running")

    async def act(browser: Browser) -> list[Any]:
        return [
            await browser.get(address(said["b"])),
            await browser.command(address(said["b"]), scope="path"),
        ]

    for response in visit(conversation.owner, act):
        assert response.status_code == 409
        assert "still answering" in words_in(response)


def test_nobody_branches_off_from_what_is_not_theirs(
    conversation: Conversation, said: dict[str, Message], bob: Any
) -> None:
    async def act(browser: Browser) -> list[int]:
        browser.client.raise_request_exception = False
        replies = [
            await browser.get(address(said["a"])),
            await browser.command(address(said["a"]), scope="path"),
        ]
        return [reply.status_code for reply in replies]

    assert visit(bob, act) == [404, 404]
    assert branches(conversation) == []


def test_where_more_was_said_is_told_beside_the_alternatives(
    conversation: Conversation, said: dict[str, Message]
) -> None:
    async def act(browser: Browser) -> Any:
        return await browser.open(f"/c/{conversation.pk}/")

    page = visit(conversation.owner, act).content.decode()
    [button] = re.findall(r"<button[^>]*>1 later message on the other branch</button>", page)
    assert f'hx-post="/messages/{said["a"].pk}/shown/"' in button
