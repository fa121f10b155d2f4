"""Continue: what is stored, sent and shown."""

from typing import Any
from uuid import uuid4

import pytest

from chat.models import Charge, Comparison, Conversation, Generation, Message, Provider
from chat.models.copying import copy_settings, copy_words
from tests.upstream import Cut, Upstream, reply, stream

from .asking import Browser, all_answered, branch, talk, visit
from .continuing import as_shown, go_on, said_to_it, shown, talk_and_go_on, will_say

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND, THIRD = "Once  upon\n", " a time \n\n", "\t the end. "


def test_what_comes_is_a_span_of_its_own_and_shown_as_one_text(
    conversation: Conversation, upstream: Upstream
) -> None:
    will_say(upstream, FIRST, SECOND, THIRD)

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
    will_say(upstream, FIRST, SECOND, THIRD)

    async def act(browser: Browser) -> None:
        _, second = await talk_and_go_on(browser, conversation, "A tale")
        await go_on(browser, second)
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


def test_a_refused_continuation_is_an_error_as_everywhere_and_the_text_is_kept(
    conversation: Conversation, upstream: Upstream
) -> None:
    upstream.script(stream("One"))
    upstream.script(reply(400, {"error": {"message": "The last message must be the user's."}}))

    async def act(browser: Browser) -> None:
        head, _ = await talk_and_go_on(browser, conversation, "Count")
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
        assert said_to_it(upstream)[-1] == head.text
        assert await as_shown(conversation) == ["Count", head.text + " three"]

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
        _, last = await talk_and_go_on(browser, conversation)
        await go_on(browser, last)
        assert await Charge.objects.filter(conversation=conversation).acount() == 3

    visit(conversation.owner, act)


def test_a_copy_has_the_same_turns(conversation: Conversation, upstream: Upstream) -> None:
    will_say(upstream, "One", " two")

    async def act(browser: Browser) -> None:
        await talk_and_go_on(browser, conversation, "Count")

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


def test_an_answer_of_a_pane_goes_on_in_its_pane(comparison: Comparison, upstream: Upstream) -> None:
    conversation = comparison.shown_panes()[0].conversation
    will_say(upstream, "One", " two")

    async def act(browser: Browser) -> None:
        await talk_and_go_on(browser, conversation, "Count")
        assert await as_shown(conversation) == ["Count", "One two"]
        page = (await browser.open(f"/compare/{comparison.pk}/")).content.decode()
        assert "One two" in page
        assert 'aria-label="Continuations"' in page

    visit(comparison.owner, act)


def test_what_is_sent_while_the_head_is_edited_goes_below_the_last_span(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        head, last = await talk_and_go_on(browser, conversation)
        page = (await browser.get(f"/messages/{head.pk}/editor/")).content.decode()
        assert f'data-end="{last.pk}"' in page

    visit(conversation.owner, act)


def test_a_continuation_whose_server_died_is_interrupted_and_can_be_gone_on_with(
    conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        head, span = await talk_and_go_on(browser, conversation)
        await Generation.objects.filter(pk=span.generation_id).aupdate(status="interrupted")
        page = (await browser.get(f"/messages/{head.pk}/")).content.decode()
        assert 'data-status="interrupted"' in page
        assert f"/messages/{span.pk}/continuations/" in page
        await go_on(browser, span)
        assert said_to_it(upstream)[-1] == head.text + span.text

    visit(conversation.owner, act)
