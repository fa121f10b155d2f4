"""The page of a tree and its stars: right, harmless whatever was said, and nobody else's."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chat.models import Conversation, Message
from tests.trees.test_trees import answer, ask

from .asking import Browser, visit

pytestmark = pytest.mark.django_db

NASTY = "</script><script>alert(1)</script> <b>{{ no }} {% now %} \u2028 $& &amp; \U0001f468\u200d\U0001f469"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def said(conversation: Conversation) -> dict[str, Message]:
    question = ask(conversation, NASTY)
    return {"question": question, "answer": answer(conversation, NASTY, question, {"temperature": 0.5})}


@pytest.fixture
def alices(alice: Any, as_user: Any) -> Client:
    client: Client = as_user(alice)
    return client


def tree_in(response: Any) -> Any:
    [data] = re.findall(r'<script type="application/json">(.*?)</script>', response.content.decode(), re.S)
    return json.loads(data)


def test_the_page_holds_the_tree_and_nothing_of_it_as_html(
    alices: Client, conversation: Conversation, said: dict[str, Message]
) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(title=NASTY)
    response = alices.get(f"/c/{conversation.pk}/tree/", {"at": NASTY})
    page = response.content.decode()
    assert [node["words"] for node in tree_in(response)["nodes"]] == [" ".join(NASTY.split())] * 2
    assert "<script>alert" not in page
    assert "<b>{{ no }}" not in page
    assert "Tree of &lt;/script&gt;" in page


def test_in_a_page_that_is_there_it_is_the_drawing_alone(
    alices: Client, conversation: Conversation, said: dict[str, Message]
) -> None:
    response = alices.get(f"/c/{conversation.pk}/tree/?at={said['answer'].pk}", headers=HTMX)
    page = response.content.decode()
    assert "<main" not in page
    assert f'data-at="{said["answer"].pk}"' in page
    assert len(tree_in(response)["nodes"]) == 2


def test_an_empty_tree_says_so(alices: Client, conversation: Conversation) -> None:
    assert (
        "Nothing was said in this conversation yet."
        in alices.get(f"/c/{conversation.pk}/tree/").content.decode()
    )


def test_the_tree_of_a_pane_has_a_page_too(alices: Client, conversation: Conversation, said: Any) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(listed=False)
    assert alices.get(f"/c/{conversation.pk}/tree/").status_code == 200


# What was set otherwise


def test_changes_are_told_by_answer(
    alices: Client, conversation: Conversation, said: dict[str, Message]
) -> None:
    found = alices.get(f"/c/{conversation.pk}/tree/changes/", {"of": [each.pk for each in said.values()]})
    assert found.json() == {
        "changes": {
            str(said["answer"].pk): [{"label": "Temperature", "was": "not set", "become": "0.5"}],
        }
    }


@pytest.mark.parametrize("of", ["", "x", "\x00", "1", "../../etc/passwd"])
def test_what_is_no_id_is_not_found(alices: Client, conversation: Conversation, of: str) -> None:
    assert alices.get(f"/c/{conversation.pk}/tree/changes/", {"of": of}).status_code == 404


def test_of_strangers_messages_nothing_is_told(
    alices: Client, conversation: Conversation, bob: Any, said: dict[str, Message]
) -> None:
    other = Conversation.objects.create(owner=bob)
    theirs = answer(other, "a", ask(other, "q"), {"temperature": 1})
    found = alices.get(f"/c/{conversation.pk}/tree/changes/", {"of": [theirs.pk, uuid4()]})
    assert found.json() == {"changes": {}}


# Stars


def starred(message: Message) -> bool:
    return Message.objects.get(pk=message.pk).starred


@pytest.mark.django_db(transaction=True)
def test_a_message_is_starred_and_not_any_more(conversation: Conversation) -> None:
    message = ask(conversation, "Hi")
    conversation.show(message)
    path = f"/messages/{message.pk}/star/"

    async def act(browser: Browser) -> list[str]:
        replies = [await browser.post(path), await browser.post(path)]
        page = (await browser.open(f"/c/{conversation.pk}/")).content.decode()
        assert f'id="star-{message.pk}">' in page
        replies += [await browser.delete(path), await browser.delete(path)]
        page = (await browser.open(f"/c/{conversation.pk}/")).content.decode()
        assert f'id="star-{message.pk}" hidden>' in page
        return [reply.content.decode() for reply in replies]

    replies = visit(conversation.owner, act)
    assert ["Remove the star" in reply for reply in replies] == [True, True, False, False]
    assert not starred(message)


@pytest.mark.django_db(transaction=True)
def test_nobody_stars_what_is_not_theirs_or_deleted(conversation: Conversation, bob: Any) -> None:
    message, gone = ask(conversation, "Hi"), ask(conversation, "Gone")
    gone.delete_for_now()

    async def act(browser: Browser, id: Any) -> int:
        browser.client.raise_request_exception = False
        response = await browser.post(f"/messages/{id}/star/")
        return int(response.status_code)

    assert visit(bob, lambda browser: act(browser, message.pk)) == 404
    assert visit(conversation.owner, lambda browser: act(browser, gone.pk)) == 404
    assert not starred(message)
