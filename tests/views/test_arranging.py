"""Adding, moving, muting, editing and saying who said it: what is changed without asking a model."""

from uuid import uuid4

import pytest

from chat.models import Comparison, Conversation, Message, Role
from tests.upstream import Gate, Upstream, stream

from .asking import Browser, all_answered, branch, changes_in, talk, texts, visit, words_in

pytestmark = pytest.mark.django_db(transaction=True)


async def shown_by(browser: Browser, conversation: Conversation) -> str:
    """What a page of it says that it holds."""
    page = await branch(conversation)
    return " ".join(f"{message.pk}:{message.state}" for message in page)


def test_a_message_is_added_above_without_asking(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        have = await shown_by(browser, conversation)
        response = await browser.command(
            f"/messages/{question.pk}/additions/", side="above", role="system", text="Be kind", have=have
        )
        assert response.status_code == 200, response.content
        assert await texts(conversation) == ["Be kind", "Hi", "Hi"]
        assert len(upstream.requests) == 1
        assert f"#message-{question.pk}" in response.content.decode()

    visit(conversation.owner, act)


def test_what_a_page_has_already_is_not_told_again(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, answer = await talk(browser, conversation, "Hi")
        have = await shown_by(browser, conversation)
        response = await browser.command(f"/messages/{answer.pk}/place/", by=-1, have=have)
        assert await texts(conversation) == ["Hi", "Hi"]
        assert [message.pk for message in await branch(conversation)] == [answer.pk, question.pk]
        changes = changes_in(response)
        assert len(changes.added) == len(changes.removed) == 1
        assert "Moved: now message 1 of 2" in response["HX-Trigger"]

    visit(conversation.owner, act)


def test_a_message_is_moved_beside_another_one(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        first, *_, last = await talk(browser, conversation, "one", "two")
        await browser.command(f"/messages/{last.pk}/place/", beside=first.pk, side="above")
        assert [message.pk for message in await branch(conversation)][:2] == [last.pk, first.pk]
        response = await browser.command(f"/messages/{last.pk}/place/")
        assert response.status_code == 422
        assert b"Say where" in response.content

    visit(conversation.owner, act)


def test_a_muted_message_is_kept_and_not_sent(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "one")
        response = await browser.command(f"/messages/{answer.pk}/muting/")
        assert "not sent" in words_in(response)
        await talk(browser, conversation, "two")
        assert [turn["content"] for turn in upstream.requests[-1].body["messages"]] == ["one", "two"]
        assert len(await texts(conversation)) == 4
        await browser.delete(f"/messages/{answer.pk}/muting/", command=uuid4())
        await talk(browser, conversation, "three")
        assert len(upstream.requests[-1].body["messages"]) == 5

    visit(conversation.owner, act)


def test_where_all_is_muted_there_is_nothing_to_send(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, answer = await talk(browser, conversation, "one")
        await browser.command(f"/messages/{question.pk}/muting/")
        response = await browser.command(f"/messages/{answer.pk}/alternatives/", shown=answer.pk)
        assert response.status_code == 422
        assert "There is nothing to send" in words_in(response)

    visit(conversation.owner, act)


def test_a_message_changes_its_role(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        await browser.command(f"/messages/{question.pk}/role/", role="system")
        await talk(browser, conversation, "More")
        roles = [turn["role"] for turn in upstream.requests[-1].body["messages"]]
        assert roles == ["system", "assistant", "user"]
        response = await browser.command(f"/messages/{question.pk}/role/", role="tool")
        assert response.status_code == 400
        assert "no call above" in words_in(response)

    visit(conversation.owner, act)


def test_what_the_protocol_forbids_is_refused(conversation: Conversation, upstream: Upstream) -> None:
    calls = [
        {"id": f"call_{n}", "type": "function", "function": {"name": "f", "arguments": "{}"}} for n in (1, 2)
    ]

    async def act(browser: Browser) -> None:
        question, answer = await talk(browser, conversation, "Hi")
        await Message.objects.filter(pk=answer.pk).aupdate(tool_calls=calls)
        await Message.objects.filter(pk=question.pk).aupdate(
            parts=[{"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}]
        )
        for id, role, words in [
            (answer.pk, "user", "stays the assistant's"),
            (question.pk, "assistant", "only a user message can"),
        ]:
            response = await browser.command(f"/messages/{id}/role/", role=role)
            assert (response.status_code, words in words_in(response)) == (400, True)
        for number in (2, 1):
            added = {"side": "below", "role": "tool", "text": f"result {number}"}
            assert (await browser.command(f"/messages/{answer.pk}/additions/", **added)).status_code == 200
        rows = Message.objects.filter(role=Role.TOOL).order_by("pk")
        assert [row.tool_call_id async for row in rows] == ["call_1", "call_2"]
        again = await browser.command(
            f"/messages/{answer.pk}/additions/", side="below", role="tool", text="x"
        )
        assert again.status_code == 400
        last = (await branch(conversation))[-1]
        await browser.command(f"/messages/{last.pk}/answers/", shown=last.pk)
        await all_answered()
        sent = upstream.requests[-1].body["messages"]
        assert [turn.get("tool_call_id") for turn in sent[-2:]] == ["call_2", "call_1"]

    visit(conversation.owner, act)


def test_an_answer_is_asked_for_what_was_added(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Be kind", add="system")
        [first] = await branch(conversation)
        await browser.send(conversation, "Hi", add="user", shown=first.pk)
        assert upstream.requests == []
        last = (await branch(conversation))[-1]
        await browser.command(f"/messages/{last.pk}/answers/", shown=last.pk)
        await all_answered()
        sent = [(turn["role"], turn["content"]) for turn in upstream.requests[0].body["messages"]]
        assert sent == [("system", "Be kind"), ("user", "Hi")]
        answer = (await branch(conversation))[-1]
        response = await browser.command(f"/messages/{answer.pk}/answers/")
        assert response.status_code == 400

    visit(conversation.owner, act)


def test_a_new_chat_begins_with_a_message_that_nobody_answers(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        response = await browser.begin_chat("You are kind", add="assistant")
        assert response.status_code == 302
        row = await Message.objects.aget()
        assert (row.role, row.text, row.generation_id) == ("assistant", "You are kind", None)
        assert upstream.requests == []

    visit(conversation.owner, act)


def test_nothing_is_moved_or_added_while_an_answer_runs(
    conversation: Conversation, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.script(stream("Well", gate))

    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Hi")
        question = (await branch(conversation))[0]
        for path, form in [
            ("place", {"by": 1}),
            ("additions", {"side": "above", "role": "user", "text": "new"}),
        ]:
            response = await browser.command(f"/messages/{question.pk}/{path}/", **form)
            assert (response.status_code, b"still answering" in response.content) == (409, True)
        gate.open()
        await all_answered()

    visit(conversation.owner, act)


# Two who edit


def test_an_edit_of_older_words_is_refused_with_the_newer_ones(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        path = f"/messages/{question.pk}/edits/"
        assert (await browser.command(path, text="Mine", revision=0)).status_code == 200
        late = await browser.command(path, text="Theirs", revision=0)
        assert late.status_code == 409
        assert "Not saved" in words_in(late)
        assert "Mine" in words_in(late)
        assert (await texts(conversation))[0] == "Mine"
        knowing = await browser.command(path, text="Theirs", revision=0, over=1)
        assert knowing.status_code == 200
        assert (await texts(conversation))[0] == "Theirs"

    visit(conversation.owner, act)


def test_an_edit_that_does_not_say_what_it_changes_is_refused(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        response = await browser.command(f"/messages/{question.pk}/edits/", text="Mine")
        assert response.status_code == 422
        assert (await texts(conversation))[0] == "Hi"

    visit(conversation.owner, act)


def test_the_original_is_shown_and_put_back(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        question, _ = await talk(browser, conversation, "Hi")
        await browser.command(f"/messages/{question.pk}/edits/", text="Mine", revision=0)
        page = words_in(await browser.get(f"/messages/{question.pk}/"))
        assert "Before it was edited Hi" in page
        path = f"/messages/{question.pk}/original/"
        assert (await browser.command(path, revision=0)).status_code == 409
        assert (await browser.command(path, revision=1)).status_code == 200
        assert (await texts(conversation))[0] == "Hi"
        assert (await Message.objects.aget(pk=question.pk)).original is None

    visit(conversation.owner, act)


# Panes


def test_every_act_works_in_a_pane(comparison: Comparison, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        pane = await Conversation.objects.aget(panes__comparison=comparison, panes__position=0)
        question, answer = await talk(browser, pane, "Hi")
        for path, form in [
            ("edits", {"text": "Mine", "revision": 0}),
            ("original", {"revision": 1}),
            ("role", {"role": "system"}),
            ("muting", {}),
            ("additions", {"side": "below", "role": "user", "text": "new"}),
            ("place", {"by": 1}),
            ("deletion", {}),
        ]:
            have = await shown_by(browser, pane)
            response = await browser.command(f"/messages/{question.pk}/{path}/", have=have, **form)
            assert response.status_code == 200, (path, response.content)
        assert await texts(pane) == ["new", "Hi"]
        assert answer.pk in [message.pk for message in await branch(pane)]

    visit(comparison.owner, act)
