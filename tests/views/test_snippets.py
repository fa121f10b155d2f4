"""View code: which request it shows, whose it is, by which name the key goes, and that nothing is sent by looking."""

import html
import re
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from chat.code import key_variable
from chat.models import Conversation, Generation, LanguageModel, Message, Provider
from chat.snippets import TARGETS, snippet
from tests.upstream import Upstream

from .asking import Browser, all_answered, visit, words_in

NASTY = '</code><script>alert(1)</script> "" it\'s ``` ${x} \\n \U0001f468\u200d\U0001f469 \u2028 {% now %}\nTwo\n'


@pytest.fixture
def client_of(as_user: Any, alice: Any) -> Client:
    browser: Client = as_user(alice)
    return browser


@pytest.fixture
def answered(conversation: Conversation, provider: Provider) -> Conversation:
    """One question, one answer, and the request between them."""
    question = Message.objects.create(
        conversation=conversation, role="user", parts=[{"type": "text", "text": "First"}]
    )
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, provider=provider, provider_name="Scripted",
        status="finished", model="scripted", url=f"{provider.base_url}/chat/completions",
        request={"model": "scripted", "messages": [{"role": "user", "content": NASTY}], "stream": True, "seed": 2**60,
                 "stream_options": {"include_usage": True}},
    )  # fmt: skip
    answer = Message.objects.create(
        conversation=conversation, role="assistant", parent=question, generation=generation,
        parts=[{"type": "text", "text": "Answer"}],
    )  # fmt: skip
    conversation.show(answer)
    return conversation


def code_in(response: Any) -> str:
    [code] = re.findall(r"<code data-language=\"\w+\">(.*)</code></pre>", response.content.decode(), re.S)
    return html.unescape(code)


def code_url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/code/"


# As sent


@pytest.mark.parametrize("target", [target.name for target in TARGETS])
def test_the_request_of_the_last_answer_is_shown_as_it_was_sent(
    client_of: Client, answered: Conversation, target: str
) -> None:
    shown = client_of.get(code_url(answered), {"source": "sent", "target": target})
    sent = Generation.objects.get()
    assert shown.status_code == 200
    assert code_in(shown) == snippet(target, sent.url, sent.request, "")
    assert "The request of the last answer, as it was sent to Scripted." in words_in(shown)


def test_a_prompt_is_text_in_the_page_too(client_of: Client, answered: Conversation) -> None:
    assert b"<script>alert" not in client_of.get(code_url(answered)).content


def test_what_changed_since_does_not_change_what_was_sent(client_of: Client, answered: Conversation) -> None:
    before = code_in(client_of.get(code_url(answered)))
    Conversation.objects.update(system_prompt="Other", model="other", settings={"temperature": 2.0})
    Provider.objects.all().delete()
    assert code_in(client_of.get(code_url(answered))) == before


def test_a_request_can_be_had_streamed_or_not(client_of: Client, answered: Conversation) -> None:
    as_it_was, off = (
        client_of.get(code_url(answered), {"target": "curl", "stream": stream}) for stream in ("on", "off")
    )
    assert '"stream": true' in code_in(as_it_was)
    assert "but" not in words_in(as_it_was).split("Scripted")[1].split(".")[0]
    assert '"stream": false' in code_in(off)
    assert "stream_options" not in code_in(off)
    assert "as it was sent to Scripted, but not streamed." in words_in(off)


def test_an_error_has_a_request_too(client_of: Client, answered: Conversation) -> None:
    Generation.objects.update(status="failed")
    Message.objects.filter(role="assistant").update(parts=[])
    assert "seed" in code_in(client_of.get(code_url(answered)))


def test_another_branch_has_a_request_of_its_own(client_of: Client, answered: Conversation) -> None:
    question = Message.objects.create(
        conversation=answered, role="user", parts=[{"type": "text", "text": "Other"}]
    )
    answered.show(question)
    shown = client_of.get(code_url(answered), {"source": "sent"})
    assert "As sent" not in words_in(shown)
    assert "Other" in code_in(shown)


# As set


def test_as_set_is_what_regenerate_would_send(client_of: Client, answered: Conversation) -> None:
    Conversation.objects.update(system_prompt="Be brief.", settings={"temperature": 0.5})
    shown = client_of.get(code_url(answered), {"source": "set", "target": "curl"})
    assert "What Regenerate would send now." in words_in(shown)
    assert "As sent" in words_in(shown)
    code = code_in(shown)
    assert '{ "role": "system", "content": "Be brief." }' in code
    assert '{ "role": "user", "content": "First" }' in code
    assert "Answer" not in code
    assert '"temperature": 0.5' in code


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("draft", ["And now?\r\n  Please. ", ""])
def test_as_set_is_what_is_then_sent(
    alice: Any, answered: Conversation, upstream: Upstream, draft: str
) -> None:
    panel = {"system_prompt": "Be\r\nkind.", "temperature": "0.25", "max_tokens": "7", "model": "scripted",
             "provider": answered.provider_id}  # fmt: skip

    async def act(browser: Browser) -> tuple[str, Generation]:
        shown = await browser.post(f"{code_url(answered)}?target=curl", message=draft, **panel)
        last = await Conversation.objects.aget()
        if draft:
            await browser.send(answered, draft, shown=last.tip_id, **panel)
        else:
            await browser.command(f"/messages/{last.tip_id}/alternatives/", shown=last.tip_id, **panel)
        await all_answered()
        return code_in(shown), await Generation.objects.order_by("-created_at").afirst()

    code, sent = visit(alice, act)
    assert code == snippet("curl", sent.url, sent.request, "")


@pytest.mark.django_db(transaction=True)
def test_a_new_chat_shows_what_its_first_message_would_send(alice: Any, provider: Provider) -> None:
    form = {"provider": provider.pk, "model": "scripted", "top_p": "0.5"}

    async def act(browser: Browser) -> tuple[Any, int, Generation]:
        shown = await browser.post("/code/?target=python-httpx", message="Hello", **form)
        stored = await sync_to_async(Conversation.objects.count)()
        await browser.begin_chat("Hello", **form)
        await all_answered()
        return shown, stored, await Generation.objects.aget()

    shown, stored, sent = visit(alice, act)
    assert stored == 0
    assert code_in(shown) == snippet("python-httpx", sent.url, sent.request, "")
    assert "As sent" not in words_in(shown)
    assert "What Send would send now." in words_in(shown)


def test_a_message_that_is_still_empty_is_said_to_be(client_of: Client, provider: Provider) -> None:
    shown = client_of.post("/code/", {"provider": provider.pk, "model": "scripted", "message": " "})
    assert "the message is still empty" in words_in(shown)


def test_what_a_provider_rejected_before_is_not_in_the_code_either(
    client_of: Client, answered: Conversation
) -> None:
    LanguageModel.objects.update(refusals={"temperature": "no"})
    Conversation.objects.update(settings={"temperature": 0.5, "top_p": 0.5})
    code = code_in(client_of.get(code_url(answered), {"source": "set"}))
    assert "top_p" in code
    assert "temperature" not in code


def test_looking_changes_nothing_and_asks_nobody(
    client_of: Client, answered: Conversation, upstream: Upstream
) -> None:
    before = Conversation.objects.values().get()
    client_of.post(code_url(answered), {"system_prompt": "Other", "temperature": "1", "message": "Hi"})
    assert Conversation.objects.values().get() == before
    assert Message.objects.count() == 2
    assert not upstream.requests


# What cannot be shown


@pytest.mark.parametrize(("form", "words"), [
    ({"temperature": "9"}, "Temperature"),
    ({"message": "a\0b"}, "NUL"),
    ({"system_prompt": "a\0b"}, "NUL"),
])  # fmt: skip
def test_what_cannot_be_sent_is_said_in_the_place_of_the_code(
    client_of: Client, answered: Conversation, form: dict[str, str], words: str
) -> None:
    shown = client_of.post(code_url(answered), form)
    assert shown.status_code == 422
    assert words in words_in(shown)


def test_without_a_model_there_is_no_code_but_a_word(client_of: Client, alice: Any) -> None:
    shown = client_of.post("/code/", {"message": "Hi"})
    assert shown.status_code == 422
    assert "Choose a model first." in words_in(shown)


def test_an_sdk_that_cannot_call_the_address_says_so(client_of: Client, answered: Conversation) -> None:
    Generation.objects.update(url="https://api.deepseek.com/chat/completions")
    shown = client_of.get(code_url(answered), {"target": "python-together"})
    assert shown.status_code == 422
    assert "adds /v1 to every address" in words_in(shown)
    assert client_of.get(code_url(answered), {"target": "python-openai"}).status_code == 200


def test_a_target_that_there_is_not_is_as_good_as_none(client_of: Client, answered: Conversation) -> None:
    assert "from openai import OpenAI" in code_in(client_of.get(code_url(answered), {"target": "cobol"}))


@pytest.mark.parametrize(("base_url", "line"), [
    ("https://api.together.ai/v1", "from together import Together"),
    ("https://api.openai.com/v1", "from openai import OpenAI"),
    ("https://llm.example.org/v1", "from openai import OpenAI"),
])  # fmt: skip
def test_the_first_code_is_for_the_sdk_of_the_provider(
    client_of: Client, answered: Conversation, base_url: str, line: str
) -> None:
    Generation.objects.update(url=f"{base_url}/chat/completions")
    assert line in code_in(client_of.get(code_url(answered)))


# Who may look


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_sees_nothing(as_user: Any, bob: Any, answered: Conversation, method: str) -> None:
    assert getattr(as_user(bob), method)(code_url(answered)).status_code == 404


def test_nobody_else_can_be_sent_through_a_provider_of_somebody(
    as_user: Any, bob: Any, alice: Any, answered: Conversation
) -> None:
    own = Provider.objects.create(owner=alice, name="Mine", base_url="https://mine.example.org/v1")
    shown = as_user(bob).post("/code/", {"provider": own.pk, "model": "m", "message": "Hi"})
    assert shown.status_code == 422
    assert b"mine.example.org" not in shown.content


def test_a_deleted_conversation_shows_nothing(client_of: Client, answered: Conversation) -> None:
    answered.delete_for_now()
    assert client_of.get(code_url(answered)).status_code == 404


def test_only_what_shows_is_answered(client_of: Client, answered: Conversation) -> None:
    assert client_of.delete(code_url(answered)).status_code == 405
    assert client_of.get("/code/").status_code == 405


# The key


def test_the_key_itself_is_nowhere(client_of: Client, answered: Conversation, provider: Provider) -> None:
    provider.key = "sk-a-secret-that-no-page-may-show"
    provider.save()
    shown = client_of.get(code_url(answered))
    assert b"sk-a-secret" not in shown.content
    assert 'os.environ["API_KEY"]' in code_in(shown)


@pytest.mark.parametrize(("base_url", "source", "name", "key", "variable"), [
    ("https://api.together.ai/v1", "added", "Mine", "k", "TOGETHER_API_KEY"),
    ("https://api.openai.com/v1", "added", "OpenAI", "", "OPENAI_API_KEY"),
    ("https://api.groq.com/openai/v1", "environment", "Groq", "k", "GROQ_API_KEY"),
    ("https://gateway.example.org/v1", "environment", "OpenAI", "k", "OPENAI_API_KEY"),
    ("https://gateway.example.org/v1", "environment", "OpenAI", "", ""),
    ("https://gateway.example.org/v1", "added", "OpenAI", "k", "API_KEY"),
    ("https://api.together.ai.example.org/v1", "added", "Together AI", "k", "API_KEY"),
    ("http://localhost:11434/v1", "found", "Ollama", "", ""),
    ("http://localhost:8000/v1", "added", "vLLM", "k", "API_KEY"),
])  # fmt: skip
def test_the_key_goes_by_its_own_name_to_its_own_address(
    alice: Any, base_url: str, source: str, name: str, key: str, variable: str
) -> None:
    provider = Provider(base_url=base_url, source=source, name=name)
    provider.key = key
    assert key_variable(f"{base_url}/chat/completions", provider) == variable


@pytest.mark.parametrize(("url", "variable"), [
    ("https://api.together.ai/v1/chat/completions", "TOGETHER_API_KEY"),
    ("https://gone.example.org/v1/chat/completions", "API_KEY"),
    ("http://127.0.0.1:8080/v1/chat/completions", ""),
])  # fmt: skip
def test_a_provider_that_is_gone_is_known_by_its_address(url: str, variable: str) -> None:
    assert key_variable(url, None) == variable


def test_the_demo_says_where_it_answers(client_of: Client, answered: Conversation) -> None:
    Provider.objects.update(source=Provider.Source.BUILT_IN)
    assert "manage.py demo_server" in words_in(client_of.get(code_url(answered)))
