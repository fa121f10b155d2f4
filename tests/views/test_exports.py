"""Files over HTTP: whose, named how, and in which words they are refused."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from chat.comparisons.blind import reveal
from chat.comparisons.panes import compare
from chat.exports.formats import BY_NAME
from chat.models import Comparison, Conversation, Message
from chat.models.copying import copy_settings
from chat.models.message import text_part

from .asking import Browser, visit, words_in
from .hiding import Round

pytestmark = pytest.mark.django_db(transaction=True)


async def body(response: Any) -> str:
    return b"".join([piece async for piece in response]).decode()


def downloaded(user: Any, path: str, **query: Any) -> tuple[Any, str]:
    async def act(browser: Browser) -> tuple[Any, str]:
        response = await browser.open(path, **query)
        assert response.status_code == 200
        return response, await body(response)

    response, text = visit(user, act)
    return response, text


def posted(user: Any, **form: Any) -> tuple[int, str]:
    async def act(browser: Browser) -> tuple[int, str]:
        response = await browser.post("/export/", **form)
        return response.status_code, await body(response) if response.streaming else words_in(response)

    found: tuple[int, str] = visit(user, act)
    return found


@pytest.fixture
def said(conversation: Conversation) -> Conversation:
    question = Message.objects.create(conversation=conversation, role="user", parts=[text_part("Well?")])
    conversation.show(question)
    return conversation


def titles(text: str) -> list[str]:
    return [each["title"] for each in json.loads(text)["conversations"]]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_conversation_is_a_file_of_each_kind(said: Conversation, name: str) -> None:
    response, text = downloaded(said.owner, f"/c/{said.pk}/export/", format=name)
    format = BY_NAME[name]
    assert "Well?" in text
    assert response["Content-Type"] == f"{format.content_type}; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith(f'attachment; filename="A talk.{format.extension}"')
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "title", ["../../etc/passwd\r\nSet-Cookie: a=b", '"; filename="x.exe', "\u202e\0", "ß" * 200]
)
def test_no_title_gets_out_of_its_header(said: Conversation, title: str) -> None:
    Conversation.objects.update(title=title.replace("\0", ""))
    response, _ = downloaded(said.owner, f"/c/{said.pk}/export/")
    header = response["Content-Disposition"]
    assert header.startswith("attachment; ")
    assert header.count('"') == 2
    assert "Set-Cookie" not in response
    assert ".." not in header
    assert header.isascii()


def test_a_kind_of_file_that_there_is_not_is_refused(said: Conversation, alices: Client) -> None:
    response = alices.get(f"/c/{said.pk}/export/", {"format": "pdf"})
    assert response.status_code == 422
    assert "There is no such format. Choose one of json, markdown, jsonl, html." in words_in(response)


def test_a_comparison_is_a_file_too(said: Conversation) -> None:
    comparison = compare(said.owner, [said, copy_settings(said)], "Both")
    response, text = downloaded(said.owner, f"/compare/{comparison.pk}/export/")
    assert response["Content-Disposition"].startswith('attachment; filename="Both.json"')
    assert [each["title"] for each in json.loads(text)["comparisons"]] == ["Both"]


def test_everything_is_ones_own(said: Conversation, bob: Any) -> None:
    Conversation.objects.create(owner=bob, title="Bob's")
    archived = Conversation.objects.create(owner=said.owner, title="Archived", archived=True)
    Conversation.objects.create(owner=said.owner, title="Deleted").delete_for_now()
    _, text = downloaded(said.owner, "/export/", format="json")
    assert titles(text) == ["A talk", archived.title]
    _, text = downloaded(bob, "/export/", format="json")
    assert titles(text) == ["Bob's"]


# A selection


def test_a_selection_is_what_was_selected(said: Conversation) -> None:
    other = Conversation.objects.create(owner=said.owner, title="Other")
    Conversation.objects.create(owner=said.owner, title="Not this one")
    comparison = compare(said.owner, [copy_settings(said), copy_settings(said)], "Both")
    entries = ",".join(str(row.pk) for row in (comparison, other, said))
    status, text = posted(said.owner, entries=entries, format="json")
    assert status == 200
    assert titles(text) == ["A talk", "Other"]
    assert [each["title"] for each in json.loads(text)["comparisons"]] == ["Both"]


@pytest.mark.parametrize("kind", ["conversation", "comparison", "none"])
def test_a_selection_with_something_of_another_is_not_found(said: Conversation, bob: Any, kind: str) -> None:
    theirs = Conversation.objects.create(owner=bob, title="Bob's")
    both = compare(bob, [theirs, copy_settings(theirs)])
    strange = {"conversation": theirs.pk, "comparison": both.pk, "none": uuid4()}[kind]
    status, text = posted(said.owner, entries=f"{said.pk},{strange}", format="json")
    assert status == 404
    assert "Well?" not in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Select a conversation first."),
        ({"entries": "x"}, "These are no ids of conversations. Reload the page."),
        ({"entries": "x", "format": "pdf"}, "These are no ids"),
    ],
)
def test_a_selection_that_is_none_is_refused(alice: Any, form: dict[str, str], words: str) -> None:
    status, text = posted(alice, **form)
    assert status == 422
    assert words in text


def test_all_that_a_filter_lets_through_is_a_selection(said: Conversation) -> None:
    other = Conversation.objects.create(owner=said.owner, title="Other", archived=True)
    other.show(Message.objects.create(conversation=other, role="user", parts=[text_part("Hm")]))
    status, text = posted(said.owner, everything="on", **{"filter:archived": "1"})
    assert status == 200
    assert titles(text) == ["Other"]


# Blind rounds


def test_a_blind_round_is_no_file_before_its_reveal(alice: Any, hidden: Round) -> None:
    status, words = posted(alice, entries=str(hidden.comparison.pk))
    assert status == 403
    assert "A blind round is among them: reveal it first, or take it out of the selection." in words
    _, text = downloaded(alice, "/export/", format="json")
    assert [each["title"] for each in json.loads(text)["comparisons"]] == [""]
    assert Comparison.objects.count() == 2
    reveal(hidden.comparison)
    _, text = downloaded(alice, "/export/", format="json")
    assert len(json.loads(text)["comparisons"]) == 2


# Pages


def test_the_page_of_everything_counts_it(said: Conversation, alices: Client) -> None:
    page = alices.get("/export/")
    assert "1 conversation, with those that are archived." in words_in(page)
    assert page.content.decode().count("/export/?format=") == len(BY_NAME)


def test_there_is_nothing_to_export_at_first(alice: Any, alices: Client) -> None:
    assert "There is nothing to export yet." in words_in(alices.get("/export/"))


def test_the_page_to_print_has_the_whole_branch(said: Conversation, alices: Client) -> None:
    above = said.tip
    for number in range(120):
        above = Message.objects.create(
            conversation=said, role="user", parent=above, parts=[text_part(f"Number {number} <b>")]
        )
    said.show(above)
    page = alices.get(f"/c/{said.pk}/print/").content.decode()
    assert page.count('data-part="text"') == 121
    assert "Number 0 &lt;b&gt;" in page
    assert "Number 119" in page
    assert 'id="history"' not in page


def test_a_comparison_on_paper_has_every_pane_with_its_name(said: Conversation, alices: Client) -> None:
    other = copy_settings(said)
    other.model = "other-model"
    comparison = compare(said.owner, [said, other], "Both <b>")
    page = alices.get(f"/compare/{comparison.pk}/print/").content.decode()
    assert "<h1>Both &lt;b&gt;</h1>" in page
    assert f"Pane 1: {said.model}" in page
    assert "Pane 2: other-model" in page
    assert page.count("Well?") == 1
    assert f'href="/compare/{comparison.pk}/"' in page


def test_a_blind_round_is_not_printed_before_its_reveal(alices: Client, hidden: Round) -> None:
    assert alices.get(f"/compare/{hidden.comparison.pk}/print/").status_code == 403
    reveal(hidden.comparison)
    assert alices.get(f"/compare/{hidden.comparison.pk}/print/").status_code == 200


def test_what_is_done_now_and_then_with_a_comparison_stands_in_its_menu(
    said: Conversation, alices: Client
) -> None:
    comparison = compare(said.owner, [said, copy_settings(said)], "Both")
    address = f"/compare/{comparison.pk}"
    menu = alices.get(f"/history/{comparison.pk}/menu/?here").content.decode()
    for name in BY_NAME:
        assert f'href="{address}/export/?format={name}"' in menu
    for page in ("print", "repeats", "difference"):
        assert f'href="{address}/{page}/"' in menu
    assert "/export/" not in alices.get(f"/history/{comparison.pk}/menu/").content.decode()
