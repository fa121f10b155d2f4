"""Continue, and the start of the answer that a person types: what is stored, sent and shown."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Charge, Comparison, Conversation, Generation, Message, Provider
from chat.models.copying import copy_settings, copy_words
from chat.transcript import newest_page
from tests.upstream import Cut, Upstream, reply, stream

from .asking import Browser, all_answered, branch, talk, visit

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND, THIRD = "Once  upon\n", " a time \n\n", "\t the end. "


async def go_on(browser: Browser, message: Message, **form: Any) -> Any:
    response = await browser.command(f"/messages/{message.pk}/continuations/", shown=message.pk, **form)
    await all_answered()
    return response


def shown(conversation: Conversation) -> list[str]:
    conversation.refresh_from_db()
    return [head.whole_text for head in newest_page(conversation).messages]


async def as_shown(conversation: Conversation) -> list[str]:
    return await sync_to_async(shown)(conversation)


def test_what_comes_is_a_span_of_its_own_and_shown_as_one_text(
    conversation: Conversation, upstream: Upstream
) -> None:
    for text in (FIRST, SECOND, THIRD):
        upstream.script(stream(text))

    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "A tale")
        response = await go_on(browser, answer)
        _, _, second = await branch(conversation)
        await go_on(browser, second)
        rows = await branch(conversation)
        assert [(row.text, row.continues) for row in rows[1:]] == [
            (FIRST, False),
            (SECOND, True),
            (THIRD, True),
        ]
        assert await as_shown(conversation) == ["A tale", FIRST + SECOND + THIRD]
        # One article, which takes the place of the one that is there.
        assert f'hx-target="#message-{answer.pk}" hx-swap="outerHTML"' in response.content.decode()
        for row in rows[1:]:
            page = (await browser.get(f"/messages/{row.pk}/")).content.decode()
            assert page.count("<article") == 1
            assert f'id="message-{answer.pk}"' in page
            assert f'data-end="{rows[-1].pk}"' in page

    visit(conversation.owner, act)


def test_the_text_so_far_is_sent_as_the_last_message_to_the_letter(
    conversation: Conversation, upstream: Upstream
) -> None:
    for text in (FIRST, SECOND, THIRD):
        upstream.script(stream(text))

    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "A tale")
        await go_on(browser, answer)
        await go_on(browser, (await branch(conversation))[-1])
        question = {"role": "user", "content": "A tale"}
        assert upstream.requests[1].body["messages"] == [question, {"role": "assistant", "content": FIRST}]
        assert upstream.requests[2].body["messages"] == [
            question, {"role": "assistant", "content": FIRST + SECOND},
        ]  # fmt: skip
        await browser.send(conversation, "And then?", shown=(await branch(conversation))[-1].pk)
        await all_answered()
        assert upstream.requests[3].body["messages"][1:] == [
            {"role": "assistant", "content": FIRST + SECOND + THIRD}, {"role": "user", "content": "And then?"},
        ]  # fmt: skip

    visit(conversation.owner, act)


@pytest.mark.parametrize(
    ("dialect", "in_body", "in_message"),
    [
        ("openai", {}, {}),
        ("together", {}, {}),
        ("vllm", {"continue_final_message": True, "add_generation_prompt": False}, {}),
        ("mistral", {}, {"prefix": True}),
        ("deepseek", {}, {"prefix": True}),
    ],
)
def test_the_request_has_what_the_dialect_needs_and_nothing_else(
    conversation: Conversation,
    provider: Provider,
    upstream: Upstream,
    dialect: str,
    in_body: Any,
    in_message: Any,
) -> None:
    Provider.objects.filter(pk=provider.pk).update(dialect=dialect)
    upstream.script(stream(FIRST), repeat=True)

    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "A tale")
        await go_on(browser, answer)
        first, then = upstream.requests
        assert then.path == first.path
        last = {"role": "assistant", "content": FIRST, **in_message}
        assert then.body == {**first.body, "messages": [*first.body["messages"], last], **in_body}
        stored = await Generation.objects.alatest("created_at")
        assert stored.request == then.body

    visit(conversation.owner, act)


def test_a_typed_start_is_stored_as_written_by_the_person_and_gone_on_with(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(stream(" fox"))

    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Go", start="The quick  ")
        await all_answered()
        _, start, rest = await branch(conversation)
        assert (start.text, start.generation_id, start.continues) == ("The quick  ", None, False)
        assert (rest.text, rest.continues, rest.parent_id) == (" fox", True, start.pk)
        assert upstream.requests[0].body["messages"][-1] == {"role": "assistant", "content": "The quick  "}
        assert await as_shown(conversation) == ["Go", "The quick   fox"]

    visit(conversation.owner, act)


def test_a_new_chat_may_begin_with_a_typed_start(alice: Any, provider: Provider, upstream: Upstream) -> None:
    upstream.script(stream(" fox"))

    async def act(browser: Browser) -> None:
        form = {"provider": str(provider.pk), "model": "scripted", "start": "The", "command": uuid4()}
        await browser.begin_chat("Go", **form)
        await browser.begin_chat("Go", **form)
        await all_answered()
        assert len(upstream.requests) == 1
        assert upstream.requests[0].body["messages"][-1] == {"role": "assistant", "content": "The"}

    visit(alice, act)


def test_a_blank_start_is_none(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Go", start=" \n ")
        await all_answered()
        assert upstream.requests[0].body["messages"] == [{"role": "user", "content": "Go"}]

    visit(conversation.owner, act)


def test_a_continuation_can_be_asked_for_again_and_dropped_and_brought_back(
    conversation: Conversation, upstream: Upstream
) -> None:
    for text in ("One", " two", " three"):
        upstream.script(stream(text))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Count")
        await go_on(browser, head)
        two = (await branch(conversation))[-1]
        await browser.command(f"/messages/{two.pk}/alternatives/", shown=two.pk)
        await all_answered()
        three = (await branch(conversation))[-1]
        assert (three.continues, three.parent_id) == (True, head.pk)
        assert upstream.requests[1].body == upstream.requests[2].body
        assert await as_shown(conversation) == ["Count", "One three"]
        page = (await browser.get(f"/messages/{head.pk}/")).content.decode()
        assert "2 / 2" in page
        response = await browser.command(f"/messages/{three.pk}/deletion/", shown=three.pk)
        assert "Continuation dropped" in response.content.decode()
        assert await as_shown(conversation) == ["Count", "One two"]
        await browser.command(f"/messages/{two.pk}/deletion/", shown=two.pk)
        assert await as_shown(conversation) == ["Count", "One"]
        await browser.delete(f"/messages/{three.pk}/deletion/", command=uuid4(), shown=head.pk)
        assert await as_shown(conversation) == ["Count", "One three"]

    visit(conversation.owner, act)


def test_without_its_head_a_turn_is_neither_shown_nor_sent(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(stream("One"))
    upstream.script(stream(" two"))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Count")
        await go_on(browser, head)
        last = (await branch(conversation))[-1]
        await browser.command(f"/messages/{head.pk}/deletion/", shown=last.pk)
        assert await as_shown(conversation) == ["Count"]
        await browser.send(conversation, "More", shown=last.pk)
        await all_answered()
        assert [turn["content"] for turn in upstream.requests[-1].body["messages"]] == ["Count", "More"]

    visit(conversation.owner, act)


def test_a_muted_head_mutes_the_turn(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("One"))
    upstream.script(stream(" two"))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Count")
        await go_on(browser, head)
        await Message.objects.filter(pk=head.pk).aupdate(muted=True)
        last = (await branch(conversation))[-1]
        response = await browser.command(f"/messages/{last.pk}/continuations/", shown=last.pk)
        assert (response.status_code, b"no text here" in response.content) == (409, True)
        await browser.send(conversation, "More", shown=last.pk)
        await all_answered()
        assert [turn["content"] for turn in upstream.requests[-1].body["messages"]] == ["Count", "More"]

    visit(conversation.owner, act)


def test_a_model_that_begins_again_is_told_of_and_can_be_taken_as_the_whole_answer(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(stream("Once upon a time"))
    upstream.script(stream("Once upon a time, there was a king."))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "A tale")
        await go_on(browser, head)
        again = (await branch(conversation))[-1]
        page = (await browser.get(f"/messages/{head.pk}/")).content.decode()
        assert "scripted began again instead of going on" in page
        await browser.command(f"/messages/{again.pk}/whole/", shown=again.pk)
        assert await as_shown(conversation) == ["A tale", "Once upon a time, there was a king."]
        whole = (await branch(conversation))[-1]
        assert (whole.pk, whole.parent_id, whole.continues) == (again.pk, head.parent_id, False)
        page = (await browser.get(f"/messages/{again.pk}/")).content.decode()
        assert "2 / 2" in page
        assert "began again" not in page
        response = await browser.command(f"/messages/{again.pk}/whole/", shown=again.pk)
        assert response.status_code == 409

    visit(conversation.owner, act)


def test_a_refused_continuation_is_an_error_as_everywhere_and_the_text_is_kept(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(stream("One"))
    upstream.script(reply(400, {"error": {"message": "The last message must be the user's."}}))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Count")
        await go_on(browser, head)
        page = (await browser.get(f"/messages/{head.pk}/")).content.decode()
        assert "must be the user&#x27;s" in page
        assert 'data-status="failed"' in page
        assert await as_shown(conversation) == ["Count", "One"]

    visit(conversation.owner, act)


def test_an_answer_that_was_cut_is_gone_on_with(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("One", " two", Cut()))
    upstream.script(stream(" three"))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Count")
        assert "Continue" in (await browser.get(f"/messages/{head.pk}/")).content.decode()
        await go_on(browser, head)
        assert upstream.requests[-1].body["messages"][-1]["content"] == head.text
        assert await as_shown(conversation) == ["Count", head.text + " three"]

    visit(conversation.owner, act)


def test_what_has_no_text_or_called_a_tool_is_not_gone_on_with(conversation: Conversation) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    question = Message.objects.create(
        conversation=conversation, role="user", parts=[{"type": "text", "text": "?"}]
    )
    rows = [
        Message.objects.create(conversation=conversation, parent=question, role="assistant"),
        Message.objects.create(
            conversation=conversation, parent=question, role="assistant", tool_calls=[call],
            parts=[{"type": "text", "text": "Let me look."}],
        ),
        question,
    ]  # fmt: skip

    async def act(browser: Browser) -> None:
        for row in rows:
            response = await browser.command(f"/messages/{row.pk}/continuations/", shown=row.pk)
            assert response.status_code == 409
            assert "Continue" not in (await browser.get(f"/messages/{row.pk}/")).content.decode()

    visit(conversation.owner, act)


@pytest.mark.parametrize("fields", [{"muted": True}, {"parts": []}])
def test_nothing_goes_on_from_the_answer_above_instead(
    conversation: Conversation, upstream: Upstream, fields: dict[str, Any]
) -> None:
    async def act(browser: Browser) -> None:
        _, above = await talk(browser, conversation, "Hi")
        below = Message(conversation=conversation, parent=above, role="assistant", parts=above.parts)
        vars(below).update(fields)
        await below.asave(force_insert=True)
        response = await browser.command(f"/messages/{below.pk}/continuations/", shown=below.pk)
        assert (response.status_code, b"no text here" in response.content) == (409, True)
        assert len(upstream.requests) == 1

    visit(conversation.owner, act)


def test_continuing_three_times_by_one_form_asks_once(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Hi")
        form = uuid4()
        for _ in range(3):
            await go_on(browser, head, command=form)
        assert len(upstream.requests) == 2

    visit(conversation.owner, act)


def test_each_span_is_counted_once(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Hi")
        await go_on(browser, head)
        await go_on(browser, (await branch(conversation))[-1])
        assert await Charge.objects.filter(conversation=conversation).acount() == 3

    visit(conversation.owner, act)


def test_a_copy_has_the_same_turns(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(stream("One"))
    upstream.script(stream(" two"))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Count")
        await go_on(browser, head)

    visit(conversation.owner, act)
    conversation.refresh_from_db()
    copy = copy_settings(conversation)
    copy.save()
    copy_words(conversation.tip_id, copy)
    assert shown(copy) == ["Count", "One two"]


def test_several_choices_are_alternatives_of_the_span(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Hi")
        await go_on(browser, head, n="3")
        spans = [row async for row in Message.objects.filter(parent=head).order_by("choice")]
        assert [(span.continues, span.choice) for span in spans] == [(True, 0), (True, 1), (True, 2)]
        assert "1 / 3" in (await browser.get(f"/messages/{head.pk}/")).content.decode()

    visit(conversation.owner, act)


def test_a_replay_of_a_continuation_is_another_one(conversation: Conversation, upstream: Upstream) -> None:
    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Hi")
        await go_on(browser, head)
        span = (await branch(conversation))[-1]
        await browser.command(f"/generations/{span.generation_id}/replays/")
        await all_answered()
        again = (await branch(conversation))[-1]
        assert (again.continues, again.parent_id) == (True, head.pk)
        assert upstream.requests[1].body == upstream.requests[2].body

    visit(conversation.owner, act)


def test_another_ones_answers_cannot_be_gone_on_with(
    conversation: Conversation, bob: Any, upstream: Upstream
) -> None:
    async def mine(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")

    visit(conversation.owner, mine)
    conversation.refresh_from_db()

    async def theirs(browser: Browser) -> None:
        for what in ("continuations", "whole"):
            response = await browser.command(f"/messages/{conversation.tip_id}/{what}/")
            assert response.status_code == 404

    visit(bob, theirs)
    assert len(upstream.requests) == 1


def test_an_answer_of_a_pane_goes_on_in_its_pane(comparison: Comparison, upstream: Upstream) -> None:
    conversation = comparison.shown_panes()[0].conversation
    upstream.script(stream("One"))
    upstream.script(stream(" two"))

    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Count")
        await go_on(browser, head)
        assert await as_shown(conversation) == ["Count", "One two"]
        page = (await browser.open(f"/compare/{comparison.pk}/")).content.decode()
        assert "One two" in page
        assert 'aria-label="Continuations"' in page

    visit(comparison.owner, act)


def test_in_a_blind_round_nothing_goes_on_before_the_reveal(askable: Comparison, upstream: Upstream) -> None:
    conversation = askable.shown_panes()[0].conversation
    said = [{"type": "text", "text": "One"}]
    question = Message.objects.create(conversation=conversation, role="user", parts=said)
    answer = Message.objects.create(conversation=conversation, parent=question, role="assistant", parts=said)
    conversation.show(answer)

    async def act(browser: Browser) -> None:
        response = await browser.command(f"/messages/{answer.pk}/continuations/", shown=answer.pk)
        assert (response.status_code, b"blind round" in response.content) == (403, True)
        page = (await browser.get(f"/messages/{answer.pk}/")).content.decode()
        assert "Continue" not in page
        assert not upstream.requests

    visit(askable.owner, act)


def test_what_is_sent_while_the_head_is_edited_goes_below_the_last_span(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Hi")
        await go_on(browser, head)
        last = (await branch(conversation))[-1]
        page = (await browser.get(f"/messages/{head.pk}/editor/")).content.decode()
        assert f'data-end="{last.pk}"' in page

    visit(conversation.owner, act)


def test_a_continuation_whose_server_died_is_interrupted_and_can_be_gone_on_with(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        _, head = await talk(browser, conversation, "Hi")
        await go_on(browser, head)
        span = (await branch(conversation))[-1]
        await Generation.objects.filter(pk=span.generation_id).aupdate(status="interrupted")
        page = (await browser.get(f"/messages/{head.pk}/")).content.decode()
        assert 'data-status="interrupted"' in page
        assert f"/messages/{span.pk}/continuations/" in page
        await go_on(browser, span)
        assert upstream.requests[-1].body["messages"][-1]["content"] == head.text + span.text

    visit(conversation.owner, act)


def test_view_code_shows_the_start_as_it_would_be_sent(
    conversation: Conversation, provider: Provider
) -> None:
    Provider.objects.filter(pk=provider.pk).update(dialect="mistral")

    async def act(browser: Browser) -> None:
        path = f"/c/{conversation.pk}/code/?target=curl"
        page = await browser.post(path, message="Go", start="The quick")
        assert page.status_code == 200, page.content
        assert b"The quick" in page.content
        assert b"prefix" in page.content
        page = await browser.post(path, message="Go", start=" ")
        assert b"prefix" not in page.content

    visit(conversation.owner, act)
