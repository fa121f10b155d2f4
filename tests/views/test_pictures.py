"""What a message holds beside its text: drawn from an address of its own, or told."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chat.models import Conversation, Message
from chat.pictures import Beside
from chat.templatetags.chat_extras import beside

pytestmark = pytest.mark.django_db

PIXELS = b"\x89PNG\r\n\x1a\nrest"


def said(conversation: Conversation, *parts: dict[str, Any]) -> Message:
    message = Message.objects.create(conversation=conversation, role="user", parts=list(parts))
    conversation.show(message)
    return message


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def data(kind: str, content: bytes = PIXELS) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


@pytest.fixture
def owner(alice: Any, as_user: Callable[[Any], Client]) -> Client:
    return as_user(alice)


def test_a_picture_stands_below_its_text(conversation: Conversation, owner: Client) -> None:
    message = said(conversation, {"type": "text", "text": "Look"}, image(data("image/png")))
    address = f"/messages/{message.pk}/pictures/1/"
    page = owner.get(f"/c/{conversation.pk}/").content.decode()
    assert f'src="{address}"' in page
    assert "base64" not in page
    response = owner.get(address)
    assert (response["Content-Type"], response.content) == ("image/png", PIXELS)
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("url", [data("image/svg+xml"), data("text/html"), "https://example.org/cat.png"])
def test_nothing_else_is_served_or_loaded(conversation: Conversation, owner: Client, url: str) -> None:
    message = said(conversation, image(url))
    assert owner.get(f"/messages/{message.pk}/pictures/1/").status_code == 404
    page = owner.get(f"/c/{conversation.pk}/").content.decode()
    assert "A picture" in page
    assert f'src="{url}"' not in page


def test_what_cannot_be_drawn_is_told(conversation: Conversation, owner: Client) -> None:
    said(
        conversation,
        {"type": "refusal", "refusal": "I cannot help\nwith that"},
        {"type": "file", "file": {"filename": "plan.pdf", "file_data": "data:application/pdf;base64,AA"}},
    )
    page = owner.get(f"/c/{conversation.pk}/").content.decode()
    # The model's own words, line by line as they came.
    assert '<p class="message__refusal">I cannot help\nwith that</p>' in page
    assert "A file: plan.pdf" in page


@pytest.mark.parametrize(
    ("part", "words"),
    [
        # Half of four letters is no Base64.
        (image("data:image/png;base64,AAAAA"), "A picture"),
        (image("data:image/png;base64,"), "A picture"),
        ({"type": "refusal", "refusal": ""}, "A refusal"),
        ({"type": "refusal", "refusal": None}, "A refusal"),
    ],
)
def test_what_is_broken_is_told_and_not_drawn(
    conversation: Conversation, owner: Client, part: dict[str, Any], words: str
) -> None:
    message = said(conversation, part)
    assert beside(message) == [Beside(1, words)]
    assert owner.get(f"/messages/{message.pk}/pictures/1/").status_code == 404


def test_in_a_blind_round_no_address_tells_who_drew_it(conversation: Conversation) -> None:
    message = said(conversation, image("https://files.zanzibar.test/cat.png"))
    assert [each.words for each in beside(message)] == ["A picture: https://files.zanzibar.test/cat.png"]
    conversation.blind = True
    assert [each.words for each in beside(message)] == ["A picture"]


@pytest.mark.parametrize("number", [0, 2])
def test_there_is_no_other_one(conversation: Conversation, owner: Client, number: int) -> None:
    message = said(conversation, image(data("image/png")))
    assert owner.get(f"/messages/{message.pk}/pictures/{number}/").status_code == 404


def test_strangers_see_none(conversation: Conversation, bob: Any, as_user: Callable[[Any], Client]) -> None:
    message = said(conversation, image(data("image/png")))
    assert as_user(bob).get(f"/messages/{message.pk}/pictures/1/").status_code == 404
