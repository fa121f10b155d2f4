"""The inspector: one call laid open, and taken away. Everybody else's is not there."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat.housekeeping import clear_away
from chat.inspector import FIRST_EVENTS
from chat.models import Conversation, Exchange, Generation, Message, Provider
from chat.models.exchange import EVENTS_KEPT
from chat.models.identifiers import first_id_at
from tests.generation.playing import until_stored
from tests.upstream import Cut, Hang, Head, Say, Script, Upstream, reply

from .asking import Browser, generations, talk, visit, words_in
from .inspecting import KEY, NASTY, address

pytestmark = pytest.mark.django_db(transaction=True)


def asked(conversation: Conversation, text: str = "Hi") -> Generation:
    """One question and its answer, over the wire."""

    async def act(browser: Browser) -> Generation:
        await talk(browser, conversation, text)
        return (await generations())[-1]

    call: Generation = visit(conversation.owner, act)
    return call


@pytest.fixture
def reader(conversation: Conversation, as_user: Any) -> Client:
    client: Client = as_user(conversation.owner)
    return client


def stored(conversation: Conversation, status: str = "finished", **fields: Any) -> Generation:
    """A call that was never made."""
    provider = conversation.provider
    assert provider
    call = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="scripted", status=status,
        provider=provider, url=f"{provider.base_url}/chat/completions",
        request={"model": "scripted", "messages": [], "stream": True}, **fields,
    )  # fmt: skip
    question = Message.objects.create(conversation=conversation, role="user")
    Message.objects.create(conversation=conversation, parent=question, role="assistant", generation=call)
    return call


# Laid open


def test_the_page_shows_what_went_out_and_what_came_back(
    conversation: Conversation, with_key: Provider, upstream: Upstream, reader: Client
) -> None:
    call = asked(conversation, NASTY)
    sent = upstream.requests[-1]
    page = reader.get(address(call))
    words = words_in(page)
    assert page.status_code == 200
    assert f"POST {with_key.base_url}/chat/completions" in words
    assert "authorization: Bearer …" in words
    assert f"content-length: {len(sent.raw)}" in words
    assert "text/event-stream" in words
    assert "Request of message 2" in words
    for phase in ("Queued", "Connecting", "Waiting", "Answering"):
        assert phase in words
    assert b"alert(1)</script>" not in page.content
    assert 'style="' not in page.content.decode()
    assert KEY not in page.content.decode()


def test_the_body_is_the_one_that_arrived(
    conversation: Conversation, provider: Provider, upstream: Upstream, reader: Client
) -> None:
    call = asked(conversation, NASTY)
    page = reader.get(address(call)).content.decode()
    [shown] = re.findall(r'aria-label="Request body"><code[^>]*>(.*?)</code>', page, re.S)
    assert json.loads(html.unescape(shown)) == upstream.requests[-1].body
    assert list(json.loads(html.unescape(shown))) == list(upstream.requests[-1].body)


@pytest.mark.parametrize(
    ("script", "status", "words"),
    [
        (reply(401, {"error": {"message": f"Bad key {KEY}"}}), "failed", "Bad key …"),
        (reply(404, "<h1>Nothing</h1>"), "failed", "<h1>Nothing</h1>"),
        (Script([Head(), Say("Half"), Cut()]), "interrupted", '"Half"'),
    ],
)
def test_it_is_there_when_it_went_wrong(
    conversation: Conversation, with_key: Provider, upstream: Upstream, reader: Client, script: Script, status: str,
    words: str,
) -> None:  # fmt: skip
    upstream.script(script)
    call = asked(conversation)
    assert call.status == status
    page = reader.get(address(call))
    assert words in words_in(page).replace("&lt;", "<") or words in html.unescape(page.content.decode())
    assert KEY not in page.content.decode()


def test_a_running_call_shows_its_request_already(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Hang()]))

    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        [call] = await generations()
        page = words_in(await browser.get(address(call)))
        assert '"content": "Hi"' in page
        assert "The answer is still running" in page
        assert (await browser.command(address(call, "replays/"))).status_code == 409

    visit(conversation.owner, act)


def test_a_kill_is_said(conversation: Conversation, reader: Client) -> None:
    call = stored(conversation, "interrupted", error={"message": "The server stopped."})
    page = words_in(reader.get(address(call)))
    assert "The raw events were not kept: the server was stopped." in page
    assert "The times were not kept" in page


def test_old_raw_events_are_dropped_and_the_page_says_so(conversation: Conversation, reader: Client) -> None:
    now = timezone.now()
    for days, there in ((EVENTS_KEPT.days - 1, True), (EVENTS_KEPT.days + 1, False)):
        call = stored(conversation, id=first_id_at(now - timedelta(days=days)))
        Exchange.objects.create(
            generation=call, status=200, events=Exchange.pack([(1.0, "{}")]), event_count=1
        )
        clear_away()
        assert bool(Exchange.objects.get(generation=call).arrivals) is there
        assert (
            "are kept for 30 days and were then dropped" in words_in(reader.get(address(call)))
        ) is not there


def test_what_was_too_much_is_counted(conversation: Conversation, reader: Client) -> None:
    call = stored(conversation)
    Exchange.objects.create(
        generation=call, status=200, events=Exchange.pack([(1.0, "{}")]), event_count=1234
    )
    assert "1,233 of 1,234 raw events are left out" in words_in(reader.get(address(call)))


def test_one_event_that_was_too_much_is_not_called_old(conversation: Conversation, reader: Client) -> None:
    call = stored(conversation)
    Exchange.objects.create(generation=call, status=200, events=Exchange.pack([]), event_count=1)
    assert "1 of 1 raw events are left out" in words_in(reader.get(address(call)))


def test_many_events_come_when_they_are_asked_for(conversation: Conversation, reader: Client) -> None:
    call = stored(conversation)
    arrivals = [(at * 2.0, f"<b>event {at}") for at in range(FIRST_EVENTS + 3000)]
    Exchange.objects.create(generation=call, events=Exchange.pack(arrivals), event_count=len(arrivals))
    page = reader.get(address(call)).content.decode()
    assert page.count("&lt;b&gt;event") == FIRST_EVENTS
    assert "Show all: 3,000 more" in page
    rest = reader.get(address(call, "events/")).content.decode()
    assert rest.count("<tr>") == 3000
    assert f'<td class="number">{FIRST_EVENTS + 1}</td>' in rest
    assert ">2.0</td>" in rest.split("</tr>")[0]


def test_a_call_before_exchanges_were_kept_still_opens(conversation: Conversation, reader: Client) -> None:
    assert "Nothing of what came back was kept" in words_in(reader.get(address(stored(conversation))))


def test_a_call_without_its_message_or_its_provider_still_opens(
    conversation: Conversation, reader: Client
) -> None:
    call = stored(conversation)
    call.messages.all().delete()
    Generation.objects.update(provider=None)
    assert reader.get(address(call)).status_code == 200


@pytest.mark.parametrize("target", ["curl", "fetch", "typescript-openai", "no such thing", ""])
def test_the_code_is_of_this_call(
    conversation: Conversation, provider: Provider, reader: Client, target: str
) -> None:
    code = reader.get(address(stored(conversation), "code/"), {"target": target})
    assert code.status_code == 200
    assert "scripted" in code.content.decode()


def test_every_answer_has_the_button(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(reply(400, {"error": {"message": "No"}}))

    async def act(browser: Browser) -> None:
        await talk(browser, conversation, "Hi")
        [call] = await generations()
        page = (await browser.get(f"/c/{conversation.pk}/")).content.decode()
        assert page.count(f'action="{address(call)}"') == 1
        assert page.count(f'href="{address(call)}"') == 1

    visit(conversation.owner, act)


# Taken away


def test_the_whole_exchange_is_one_document(
    conversation: Conversation, with_key: Provider, upstream: Upstream, reader: Client
) -> None:
    call = asked(conversation, NASTY)
    response = reader.get(address(call, "exchange.json"))
    assert response["Content-Disposition"] == f'attachment; filename="exchange-{call.pk}.json"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert KEY not in response.content.decode()
    whole = json.loads(response.content)
    assert whole["request"]["body"] == upstream.requests[-1].body
    assert list(whole["request"]["body"]) == list(upstream.requests[-1].body)
    assert (whole["request"]["method"], whole["request"]["url"]) == ("POST", call.url)
    assert whole["response"]["status"] == 200
    assert whole["response"]["events"][-1]["data"] == "[DONE]"
    assert whole["usage"]["completion_tokens"]
    assert whole["timings"]["ended"] >= whole["timings"]["first_token"]
    assert whole["error"] is None


def test_the_raw_events_are_lines_of_json(
    conversation: Conversation, provider: Provider, reader: Client
) -> None:
    call = asked(conversation, "One\u2028two")
    response = reader.get(address(call, "events.jsonl"))
    assert "attachment" in response["Content-Disposition"]
    lines = [json.loads(line) for line in response.content.decode().rstrip("\n").split("\n")]
    assert lines[-1]["data"] == "[DONE]"
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert len(lines) == Exchange.objects.get(generation=call).event_count


# In the queue


def test_what_was_stopped_in_the_queue_says_that_it_was_never_sent(
    conversation: Conversation, upstream: Upstream
) -> None:
    Provider.objects.update(most_at_once=1)
    upstream.script(Script([Head(), Say("So far"), Hang()]))

    async def act(browser: Browser) -> None:
        for _ in range(2):
            await browser.send(conversation)
        waiting = (await generations())[-1]
        await until_stored(lambda: Generation.objects.get(pk=waiting.pk).unsent)
        words = words_in(await browser.get(address(waiting)))
        assert "It waits for its turn: nothing was sent yet." in words
        assert "It was not sent: it waited for its turn." in words
        assert (await browser.delete(address(waiting))).status_code == 204
        words = words_in(await browser.get(address(waiting)))
        assert "Nothing was sent: it ended before its turn came." in words
        assert "There are none: it was not sent." in words
        assert "The key travelled" not in words
        exported = json.loads((await browser.get(address(waiting, "exchange.json"))).content)
        assert exported["response"]["missing"] == "Nothing was sent: it ended before its turn came."
        assert set(exported["timings"]) == {"queued", "ended"}

    visit(conversation.owner, act)


def test_a_wait_in_the_queue_is_a_phase_and_not_in_the_figures_of_the_model(
    conversation: Conversation, upstream: Upstream
) -> None:
    call = asked(conversation)
    names = [name for name, _ in sorted(call.timings.items(), key=lambda timing: timing[1])]
    later = {name: 12_000.0 + 40 * at for at, name in enumerate(names)}
    Generation.objects.update(timings=later | {"queued": 12_000.0})
    call.refresh_from_db()

    async def act(browser: Browser) -> None:
        words = words_in(await browser.get(address(call)))
        assert call.first_token is not None
        assert f"First token {call.first_token:,.0f} ms" in words
        assert "Queued 12.0 s" in words

    visit(conversation.owner, act)
