"""A saved prompt in a chat: what is sent, what blocks, and what the card does."""

from html import unescape
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from chat.models import Conversation, Generation, Message, Prompt, PromptVersion
from chat.placeholders import Variable
from tests.upstream import Upstream

from .asking import Browser, all_answered, visit

TEXT = "For {{audience}}, in {{n}} words."
VARIABLES = [Variable("audience", "choice", choices=("us", "them")), Variable("n", "number", "9")]


@pytest.fixture
def version(alice: Any) -> PromptVersion:
    return Prompt.objects.create(owner=alice, name="Summary").save_version(TEXT, VARIABLES)


@pytest.fixture
def client(as_user: Any, alice: Any) -> Client:
    browser: Client = as_user(alice)
    return browser


def form(version: PromptVersion | None, text: str = TEXT, **typed: str) -> dict[str, Any]:
    values = {f"variable:{name}": value for name, value in typed.items()}
    return {"system_prompt": text, "prompt_version": version.pk if version else "", **values}


def text_in(response: Any) -> str:
    return unescape(response.content.decode())


# Sending


@pytest.mark.django_db(transaction=True)
def test_what_is_shown_is_what_is_sent_and_what_is_stored_is_what_was_typed(
    alice: Any, conversation: Conversation, version: PromptVersion, upstream: Upstream
) -> None:
    typed = form(version, audience="us", n="12", gone="x")

    async def act(browser: Browser) -> str:
        shown = await browser.post(
            f"/c/{conversation.pk}/code/?target=curl&source=set", message="Hi", **typed
        )
        await browser.send(conversation, "Hi", **typed)
        await all_answered()
        return text_in(shown)

    code = visit(alice, act)
    assert "For us, in 12 words." in code
    assert upstream.requests[-1].body["messages"][0] == {"role": "system", "content": "For us, in 12 words."}
    conversation.refresh_from_db()
    assert (conversation.system_prompt, conversation.prompt_version) == (TEXT, version)
    assert conversation.variables == {"audience": "us", "n": "12"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("text", "typed", "words"),
    [
        (TEXT, {}, "audience has no value."),
        (TEXT, {"audience": "nobody"}, "audience must be one of us, them."),
        (TEXT, {"audience": "us", "n": "many"}, "n must be a number."),
        (TEXT + "{{more}}", {"audience": "us"}, "{{more}} is no variable of this prompt"),
    ],
)
def test_what_is_missing_blocks_sending_by_name(
    alice: Any, conversation: Conversation, version: PromptVersion, upstream: Upstream,
    text: str, typed: dict[str, str], words: str,
) -> None:  # fmt: skip
    async def act(browser: Browser) -> list[Any]:
        fields = form(version, text, **typed)
        model = {"provider": conversation.provider_id, "model": "scripted"}
        return [
            await browser.send(conversation, "Hi", **fields),
            await browser.begin_chat("Hi", **model, **fields),
            await browser.post(f"/c/{conversation.pk}/code/?source=set", message="Hi", **fields),
        ]

    for reply in visit(alice, act):
        assert reply.status_code == 422
        assert words in text_in(reply)
    assert not Message.objects.exists()
    assert not Generation.objects.exists()
    assert not upstream.requests
    assert Conversation.objects.get().prompt_version is None, "all of the command is undone"


@pytest.mark.django_db(transaction=True)
def test_without_a_saved_prompt_braces_are_sent_as_they_are(
    alice: Any, conversation: Conversation, upstream: Upstream
) -> None:
    async def act(browser: Browser) -> None:
        await browser.send(conversation, "Hi {{you}}", **form(None, "Be {{how}}"))
        await all_answered()

    visit(alice, act)
    sent = [message["content"] for message in upstream.requests[-1].body["messages"]]
    assert sent == ["Be {{how}}", "Hi {{you}}"]


@pytest.mark.django_db(transaction=True)
def test_a_first_message_can_carry_a_prompt(
    alice: Any, conversation: Conversation, version: PromptVersion, upstream: Upstream
) -> None:
    model = {"provider": conversation.provider_id, "model": "scripted"}

    async def act(browser: Browser) -> None:
        await browser.begin_chat("Hi", **model, **form(version, audience="them"))
        await all_answered()
        await sync_to_async(Prompt.objects.all().delete)()

    visit(alice, act)
    assert upstream.requests[-1].body["messages"][0]["content"] == "For them, in 9 words."


# Settings


@pytest.mark.django_db
def test_settings_keep_what_is_typed_though_it_cannot_be_sent_yet(
    client: Client, conversation: Conversation, version: PromptVersion
) -> None:
    assert client.post(f"/c/{conversation.pk}/settings/", form(version, n="ma")).status_code == 204
    conversation.refresh_from_db()
    assert (conversation.prompt_version, conversation.variables) == (version, {"n": "ma"})
    assert client.post(f"/c/{conversation.pk}/settings/", {"system_prompt": TEXT}).status_code == 204
    conversation.refresh_from_db()
    assert conversation.prompt_version == version, "a form without the field changes nothing"
    assert client.post(f"/c/{conversation.pk}/settings/", form(None)).status_code == 204
    conversation.refresh_from_db()
    assert (conversation.prompt_version, conversation.variables) == (None, {})


@pytest.mark.django_db
@pytest.mark.parametrize("id", ["another's", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_version_that_is_not_ones_own_is_refused(
    client: Client, conversation: Conversation, bob: Any, id: str
) -> None:
    other = Prompt.objects.create(owner=bob, name="Secret").save_version("Secret {{x}}", [Variable("x")])
    fields = {"prompt_version": other.pk if id == "another's" else id, "variable:x": "1"}
    for path in (f"/c/{conversation.pk}/settings/", "/prompts/preview/", "/prompts/card/newest/"):
        reply = client.post(path, fields)
        assert reply.status_code == 422
        assert "Secret" not in text_in(reply)
    conversation.refresh_from_db()
    assert conversation.prompt_version is None


# The card


@pytest.mark.django_db
def test_the_card_names_the_version_and_offers_the_newer_one(
    client: Client, conversation: Conversation, version: PromptVersion
) -> None:
    client.post(f"/c/{conversation.pk}/settings/", form(version, audience="us"))
    page = text_in(client.get(f"/c/{conversation.pk}/"))
    assert "Summary v1</a>" in page
    assert "Use v" not in page
    version.prompt.save_version("New: {{audience}} {{tone}}", [VARIABLES[0], Variable("tone")])
    assert "Use v2" in text_in(client.get(f"/c/{conversation.pk}/"))
    card = text_in(client.post("/prompts/card/newest/", form(version, audience="us", n="3")))
    assert "Summary v2</a>" in card
    assert "<option selected>us</option>" in card
    assert 'name="variable:n"' not in card
    conversation.refresh_from_db()
    assert conversation.prompt_version == version, "the page saves it as it saves any change"


@pytest.mark.django_db
def test_a_preview_is_what_would_be_sent(client: Client, version: PromptVersion) -> None:
    reply = client.post("/prompts/preview/", form(version, audience="us"))
    assert "For us, in 9 words." in text_in(reply)
    nasty = client.post("/prompts/preview/", {"prompt_version": version.pk, "variable:audience": "<script>"})
    assert nasty.status_code == 422
    own = Prompt.objects.create(owner=version.prompt.owner, name="x").save_version("{{a}}", [Variable("a")])
    shown = client.post("/prompts/preview/", {"prompt_version": own.pk, "variable:a": "<script>{{a}}"})
    assert b"&lt;script&gt;{{a}}" in shown.content


@pytest.mark.django_db
def test_detaching_keeps_the_text_as_it_would_be_sent(client: Client, version: PromptVersion) -> None:
    card = text_in(client.post("/prompts/card/detached/", form(version, audience="us")))
    assert "<template data-text>For us, in 9 words.</template>" in card
    assert "From prompt" not in card
    unfilled = text_in(client.post("/prompts/card/detached/", form(version)))
    assert f"<template data-text>{TEXT}</template>" in unfilled


@pytest.mark.django_db
def test_a_system_prompt_becomes_a_prompt(client: Client) -> None:
    card = text_in(
        client.post("/prompts/card/kept/", {**form(None, "Be {{how}}"), "prompt_name": "Tone", "note": "n"})
    )
    newest = Prompt.objects.get().newest
    assert (newest.text, newest.note, newest.described) == ("Be {{how}}", "n", [Variable("how")])
    assert "Tone v1</a>" in card
    assert f'value="{newest.pk}"' in card


@pytest.mark.django_db
def test_an_edited_prompt_becomes_a_new_version(client: Client, version: PromptVersion) -> None:
    card = text_in(client.post("/prompts/card/kept/", form(version, "Now {{n}} {{new}}", n="3")))
    assert "Summary v2</a>" in card
    assert version.prompt.newest.described == [VARIABLES[1], Variable("new")]
    client.post("/prompts/card/kept/", form(version.prompt.newest, "Now {{n}} {{new}}"))
    assert version.prompt.versions.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"system_prompt": "x"}, "Give the prompt a name."),
        ({"system_prompt": " ", "prompt_name": "x"}, "needs a text"),
        ({"system_prompt": "x", "prompt_name": "y" * 121}, "at most 120"),
        (
            {"system_prompt": "".join(f"{{{{v{n}}}}}" for n in range(101)), "prompt_name": "x"},
            "more than 100",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(client: Client, fields: dict[str, str], words: str) -> None:
    reply = client.post("/prompts/card/kept/", fields)
    assert reply.status_code == 422
    assert words in text_in(reply)
    assert not Prompt.objects.exists()


@pytest.mark.django_db
def test_a_deleted_prompt_is_used_on_and_not_added_to(
    client: Client, conversation: Conversation, version: PromptVersion
) -> None:
    client.post(f"/c/{conversation.pk}/settings/", form(version, audience="us"))
    client.post(f"/prompts/{version.prompt_id}/deletion/")
    assert "deleted since" in text_in(client.get(f"/c/{conversation.pk}/"))
    assert "For us" in text_in(client.post("/prompts/preview/", form(version, audience="us")))
    reply = client.post("/prompts/card/kept/", form(version, "Other"))
    assert reply.status_code == 422
    assert "was deleted" in text_in(reply)
