"""Deleting messages and bringing them back, and looking at what is there."""

from uuid import uuid4

import pytest

from chat.models import Conversation, Generation, Message
from chat.transcript import MESSAGES_ON_A_PAGE
from tests.upstream import Upstream

from .asking import Browser, all_answered, branch, changes_in, talk, texts, visit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_deleted_message_leaves_the_page_and_the_request_and_comes_back(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        one, _, two, last = await talk(browser, conversation, "one", "two")
        path = f"/messages/{two.pk}/deletion/"
        response = await browser.command(path, shown=last.pk)
        assert changes_in(response).removed == [two.pk]
        assert "Message deleted" in response.content.decode()
        assert await texts(conversation) == ["one", "one", "two"]
        await talk(browser, conversation, "three")
        assert [turn["content"] for turn in upstream.requests[2].body["messages"]] == [
            "one",
            "one",
            "two",
            "three",
        ]
        assert len(upstream.requests[2].body["messages"]) == 4
        back = await browser.delete(path, command=uuid4(), shown=last.pk)
        assert changes_in(back).whole
        assert changes_in(back).added[2] == two.pk
        assert one.pk in changes_in(back).added

    visit(conversation.owner, act)


def test_the_last_message_deleted_leaves_the_page(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        response = await browser.command(f"/messages/{answer.pk}/deletion/", shown=answer.pk)
        assert changes_in(response).removed == [answer.pk]
        assert await texts(conversation) == ["Hi"]

    visit(conversation.owner, act)


def test_where_there_are_alternatives_another_one_is_shown(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        _, first = await talk(browser, conversation, "Hi")
        await browser.command(f"/messages/{first.pk}/alternatives/", shown=first.pk)
        await all_answered()
        _, second = await branch(conversation)
        response = await browser.command(f"/messages/{second.pk}/deletion/", shown=second.pk)
        assert changes_in(response).removed == [second.pk]
        assert changes_in(response).added == [first.pk]

    visit(conversation.owner, act)


def test_deleting_three_times_is_deleting_once(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        id = uuid4()
        for _ in range(3):
            path = f"/messages/{answer.pk}/deletion/"
            response = await browser.command(path, command=id, shown=answer.pk)
            assert response.status_code == 200
        assert await texts(conversation) == ["Hi"]

    visit(conversation.owner, act)


def test_a_deleted_message_is_not_found_any_more(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        await browser.command(f"/messages/{answer.pk}/deletion/", shown=answer.pk)
        for path in ("", "editor/"):
            assert (await browser.get(f"/messages/{answer.pk}/{path}")).status_code == 404
        for path in ("edits", "alternatives", "shown"):
            response = await browser.command(f"/messages/{answer.pk}/{path}/", text="Still here?")
            assert response.status_code == 404

    visit(conversation.owner, act)


def test_a_message_of_a_deleted_conversation_is_not_found(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi")
        await browser.post(f"/c/{conversation.pk}/deletion/")
        assert (await browser.get(f"/messages/{answer.pk}/")).status_code == 404
        assert (await browser.send(conversation)).status_code == 404

    visit(conversation.owner, act)


# Looking


def test_a_message_is_shown_as_it_is_now(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "Hi & <bye>")
        page = (await browser.get(f"/messages/{answer.pk}/")).content.decode()
        assert 'data-status="finished"' in page
        assert "Hi &amp; &lt;bye&gt;" in page
        assert page.count("<article") == 1

    visit(conversation.owner, act)


def test_another_tab_is_told_what_changed(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, seen = await talk(browser, conversation, "one")
        *_, question, answer = await talk(browser, conversation, "two")
        response = await browser.get(f"/c/{conversation.pk}/changes/", shown=seen.pk)
        assert changes_in(response).added == [question.pk, answer.pk]
        assert (await browser.get(f"/c/{conversation.pk}/changes/", shown="x")).status_code == 422
        assert (await browser.get(f"/c/{conversation.pk}/changes/", shown=uuid4())).status_code == 404

    visit(conversation.owner, act)


def test_earlier_messages_come_a_page_at_a_time(conversation: Conversation) -> None:
    last = None
    for number in range(120):
        parts = [{"type": "text", "text": f"number {number}"}]
        last = Message.objects.create(conversation=conversation, parent=last, role="user", parts=parts)
    conversation.show(last)

    async def act(browser: Browser) -> None:
        path, seen = f"/c/{conversation.pk}/", []
        while path:
            page = await browser.get(path)
            seen = changes_in(page).added + seen
            _, _, rest = page.content.decode().partition('hx-get="/messages/')
            path = f"/messages/{rest[:36]}/earlier/" if "messages__earlier" in page.content.decode() else ""
        assert seen == [message.pk async for message in Message.objects.order_by("pk")]

    visit(conversation.owner, act)


def test_earlier_messages_are_there_above_a_deleted_one(conversation: Conversation) -> None:
    messages: list[Message] = []
    for _ in range(MESSAGES_ON_A_PAGE + 10):
        last = messages[-1] if messages else None
        messages.append(Message.objects.create(conversation=conversation, parent=last, role="user"))
    conversation.show(messages[-1])
    messages[9].delete_for_now()

    async def act(browser: Browser) -> None:
        page = await browser.get(f"/c/{conversation.pk}/")
        assert f"/messages/{messages[9].pk}/earlier/" in page.content.decode()
        above = await browser.get(f"/messages/{messages[9].pk}/earlier/")
        assert changes_in(above).added == [message.pk for message in messages[:9]]

    visit(conversation.owner, act)


def test_a_fault_leaves_no_generation_without_its_message(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        assert await Generation.objects.filter(messages=None).acount() == 0

    visit(conversation.owner, act)
