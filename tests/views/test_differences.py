"""The page of a difference: right, readable, and nobody else's; whatever stands in the texts and in the address."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from chat.models import Comparison, Conversation, Message, Pane
from chat.models.message import text_part
from tests.differing import alternatives, answered, body

from .asking import words_in

pytestmark = pytest.mark.django_db

NASTY = "</del><script>alert(1)</script> {{ no }} {% now %} \u2028 \u2029 \r\n\t \U0001f468\u200d\U0001f469 $& <ins>"


@pytest.fixture
def reader(conversation: Conversation, as_user: Any) -> Client:
    client: Client = as_user(conversation.owner)
    return client


@pytest.fixture
def comparison(conversation: Conversation) -> Comparison:
    """Three panes; nothing is said in them."""
    made = Comparison.objects.create(owner=conversation.owner, title="Both")
    for position in range(3):
        pane = Conversation.objects.create(
            owner=conversation.owner, provider=conversation.provider, model=f"model-{position}", listed=False
        )
        Pane.objects.create(comparison=made, conversation=pane, position=position)
    return made


def address(a: Any, b: Any, view: str = "") -> str:
    return f"/difference/?a={a.pk}&b={b.pk}" + (f"&view={view}" if view else "")


def page_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def drawn(page: str) -> str:
    """What the first difference of the page says, with its marks."""
    [first, *_] = re.findall(r'<div class="diff">(.*?)</div>', page, re.S)
    return html.unescape(first)


# The text


def test_words_that_differ_are_marked(conversation: Conversation, reader: Client) -> None:
    pair = alternatives(conversation, "The cat sat.", "The dog sat.")
    response = reader.get(address(*pair))
    assert drawn(page_of(response)) == "The <del>cat</del><ins>dog</ins> sat."
    words = words_in(response)
    assert "Words the same 67%" in words
    assert "Only in A 1 word, struck through" in words
    assert "Length of B 3 words, 12 characters" in words
    assert "The requests are the same." in words


def test_side_by_side_each_has_only_its_own(conversation: Conversation, reader: Client) -> None:
    pair = alternatives(conversation, "Head\nThe cat sat.", "Head\nThe dog sat.")
    page = page_of(reader.get(address(*pair, view="beside")))
    cells = [html.unescape(cell) for cell in re.findall(r'<div class="diff">(.*?)</div>', page, re.S)]
    assert cells == ["Head\n", "Head\n", "The <del>cat</del> sat.", "The <ins>dog</ins> sat."]
    assert 'aria-current="true">Side by side' in page


@pytest.mark.parametrize("view", ["", "line", "nonsense", "\x00"])
def test_any_other_view_is_in_line(conversation: Conversation, reader: Client, view: str) -> None:
    pair = alternatives(conversation, "one", "two")
    response = reader.get("/difference/", {"a": pair[0].pk, "b": pair[1].pk, "view": view})
    assert 'aria-current="true">In line' in page_of(response)


@pytest.mark.parametrize("view", ["line", "beside"])
def test_no_text_is_ever_markup(conversation: Conversation, reader: Client, view: str) -> None:
    conversation.model = NASTY
    pair = alternatives(conversation, f"{NASTY} one {NASTY}", f"{NASTY} two")
    Message.objects.filter(pk=pair[0].pk).update(reasoning=NASTY)
    other = body(NASTY, NASTY, **{NASTY: NASTY, "x": {NASTY: [NASTY]}})
    third = answered(conversation, NASTY, request=other, provider_name=NASTY[:80], url=NASTY)
    for a, b in (pair, (pair[0], third)):
        page = page_of(reader.get(address(a, b, view)))
        assert "alert(1)</script>" not in page
        assert 'style="' not in page
        assert "{{ no }}" in html.unescape(page)


def test_the_texts_are_there_to_the_letter(conversation: Conversation, reader: Client) -> None:
    pair = alternatives(conversation, f"{NASTY}\r one", f"{NASTY}\r two")
    page = reader.get(address(*pair)).content.decode()
    [first, *_] = re.findall(r'<div class="diff">(.*?)</div>', page, re.S)
    assert "\r" not in first, "a browser would read it as a line feed"
    old = html.unescape(
        re.sub(r"<ins>.*?</ins>|</?del>", "", first).replace("&#13;", "\N{SYMBOL FOR CARRIAGE RETURN}")
    )
    assert old.replace("\N{SYMBOL FOR CARRIAGE RETURN}", "\r") == f"{NASTY}\r one"


def test_a_change_of_spaces_can_be_seen(conversation: Conversation, reader: Client) -> None:
    pair = alternatives(conversation, "one", "one \n")
    assert drawn(page_of(reader.get(address(*pair)))) == 'one<ins class="diff__blank"> \n</ins>'


def test_equal_texts_are_said_to_be(conversation: Conversation, reader: Client) -> None:
    words = words_in(reader.get(address(*alternatives(conversation, "Same.", "Same."))))
    assert "The same on both sides, to the letter." in words
    assert "Neither says anything." in words_in(reader.get(address(*alternatives(conversation, "", ""))))


@pytest.mark.parametrize("view", ["line", "beside"])
def test_two_megabytes_are_a_page(conversation: Conversation, reader: Client, view: str) -> None:
    texts = ("a b " * 500_000, "b a " * 500_000)
    response = reader.get(address(*alternatives(conversation, *texts), view=view))
    assert len(page_of(response)) < 1_500_000
    assert "characters are not shown" in words_in(response)


def test_what_is_too_large_for_words_says_that_it_is_by_line(
    conversation: Conversation, reader: Client
) -> None:
    lines = [f"line {number} of many words here" for number in range(20_000)]
    turned = [" ".join(reversed(line.split())) if number % 2 else line for number, line in enumerate(lines)]
    words = words_in(reader.get(address(*alternatives(conversation, "\n".join(lines), "\n".join(turned)))))
    assert "Too large to compare word by word: by line." in words


# Facts and requests


def test_requests_are_told_key_by_key(conversation: Conversation, reader: Client) -> None:
    schema = {"json_schema": {"schema": {"properties": {"x": {"type": "string"}}}}}
    other = {"json_schema": {"schema": {"properties": {"x": {"type": "number"}}}}}
    a = answered(conversation, request=body(temperature=0.5, response_format=schema, seed=7))
    b = answered(conversation, request=body("another", "Why not?", response_format=other, seed=7))
    words = words_in(reader.get(address(a, b)))
    assert 'model "scripted" "another"' in words
    assert "temperature 0.5 not sent" in words
    assert 'response_format.json_schema.schema.properties.x.type "string" "number"' in words
    assert "Message 1, user" in words
    assert "Why not ?" in words
    assert "The same in both: seed" in words


def test_messages_of_one_side_are_told_with_their_place(conversation: Conversation, reader: Client) -> None:
    longer = body()
    longer["messages"] = [{"role": "system", "content": "Be brief."}, *longer["messages"]]
    words = words_in(reader.get(address(answered(conversation), answered(conversation, request=longer))))
    assert "Message 1 of B, system only in B" in words
    assert "The same in both: 1 message, model" in words


def test_a_message_without_a_call_says_so(conversation: Conversation, reader: Client) -> None:
    answer = answered(conversation)
    other = Message.objects.create(
        conversation=conversation, parent=answer.parent, role="assistant", parts=[text_part("Mine.")]
    )
    words = words_in(reader.get(address(answer, other)))
    assert "B was not made by a call, so it has no request." in words
    assert "A was not made" not in words


def test_binary_and_deep_requests_are_a_page(conversation: Conversation, reader: Client) -> None:
    image = "data:image/png;base64," + "A" * 2_000_000
    deep: Any = 1
    for _ in range(300):
        deep = {"x": [deep, {}]}
    asked = body(extra=deep)
    asked["messages"][0]["content"] = [{"type": "image_url", "image_url": {"url": image}}]
    page = page_of(reader.get(address(answered(conversation), answered(conversation, request=asked))))
    assert len(page) < 100_000


# Which two


def test_the_sides_can_be_swapped_and_chosen(conversation: Conversation, reader: Client) -> None:
    a, b, _ = alternatives(conversation, "one", "two", "three")
    page = page_of(reader.get(address(a, b, "beside")))
    assert f"?a={b.pk}&amp;b={a.pk}&amp;view=beside" in page
    assert page.count("<option") == 6
    assert f'<option value="{a.pk}" selected>Alternative 1 of 3' in page
    assert '<input type="hidden" name="view" value="beside">' in page


def test_alternatives_lead_to_their_difference(conversation: Conversation, reader: Client) -> None:
    a, b = alternatives(conversation, "one", "two")
    link = f'href="/difference/?a={a.pk}&amp;b={b.pk}" aria-label="Difference"'
    for shown in (a, b):
        conversation.show(shown)
        page = page_of(reader.get(f"/c/{conversation.pk}/"))
        assert page.count(link) == page.count("/difference/") == 1


def test_without_two_answers_the_page_says_what_it_is_for(conversation: Conversation, reader: Client) -> None:
    answer = answered(conversation)
    for query in ("", "?a=", f"?a={answer.pk}", f"?b={answer.pk}"):
        assert "Two messages are compared here." in words_in(reader.get(f"/difference/{query}"))


@pytest.mark.parametrize(
    "id", ["x", "1", "%00", "%F0%9F%98%80", "01a1fbd3-e8c4-7642-ba49-f1ea415f511g", uuid4()]
)
def test_what_is_no_answer_is_not_found(conversation: Conversation, reader: Client, id: Any) -> None:
    answer = answered(conversation)
    for query in (f"a={answer.pk}&b={id}", f"a={id}&b={answer.pk}"):
        response = reader.get(f"/difference/?{query}")
        assert response.status_code == 404
        assert "There is nothing here" in words_in(response)


def test_another_users_answer_is_not_found(
    conversation: Conversation, reader: Client, bob: Any, as_user: Any
) -> None:
    theirs = answered(Conversation.objects.create(owner=bob, title="Theirs"), "Secret")
    mine = answered(conversation, "Secret")
    for a, b in ((mine, theirs), (theirs, mine), (theirs, theirs)):
        assert reader.get(address(a, b)).status_code == 404
    response = as_user(bob).get(address(mine, theirs))
    assert response.status_code == 404
    assert b"Secret" not in response.content


def test_what_was_deleted_is_not_found(conversation: Conversation, reader: Client) -> None:
    a, b = alternatives(conversation, "one", "two")
    b.delete_for_now()
    assert reader.get(address(a, b)).status_code == 404
    b.restore()
    assert reader.get(address(a, b)).status_code == 200
    conversation.delete_for_now()
    assert reader.get(address(a, b)).status_code == 404


# Comparisons


def test_a_comparison_leads_to_its_first_two_answers(comparison: Comparison, reader: Client) -> None:
    first, second, third = (pane.conversation for pane in comparison.shown_panes())
    path = f"/compare/{comparison.pk}/difference/"
    assert "There are not two answers to compare yet." in words_in(reader.get(path))
    assert f'href="/compare/{comparison.pk}/" aria-label="Back to the comparison"' in page_of(
        reader.get(path)
    )
    b = answered(third)
    assert "There are not two answers to compare yet." in words_in(reader.get(path))
    a = answered(second)
    assert reader.get(path)["Location"] == address(a, b)
    c = answered(first)
    assert reader.get(path)["Location"] == address(c, a)
    assert reader.get(path + "?panes=3,1")["Location"] == address(b, c)
    page = words_in(reader.get(address(c, a)))
    assert "Pane 1 · model-0" in page
    assert "Pane 3 · model-2" in page


@pytest.mark.parametrize("panes", ["x", "0,1", "1,4", "1;2", ",", "1,,2", "%00"])
def test_panes_that_are_none_are_not_found(comparison: Comparison, reader: Client, panes: str) -> None:
    assert reader.get(f"/compare/{comparison.pk}/difference/?panes={panes}").status_code == 404


def test_nothing_is_told_of_a_blind_round(comparison: Comparison, reader: Client) -> None:
    panes = comparison.shown_panes()
    a, b = (answered(pane.conversation, f"Secret {pane.position}") for pane in panes[:2])
    Comparison.objects.filter(pk=comparison.pk).update(blind=True)
    Conversation.objects.filter(panes__comparison=comparison).update(blind=True)
    for path in (
        address(a, b),
        address(b, a),
        address(a, b, "beside"),
        f"/compare/{comparison.pk}/difference/",
    ):
        response = reader.get(path)
        assert response.status_code == 403
        assert "This is a blind round: reveal it first." in words_in(response)
        assert not re.search(rb"model-\d|Secret", response.content)
    Conversation.objects.filter(panes__comparison=comparison).update(blind=False)
    assert reader.get(address(a, b)).status_code == 200


def test_the_redirect_says_both_ids(comparison: Comparison, reader: Client) -> None:
    a, b, _ = (answered(pane.conversation) for pane in comparison.shown_panes())
    location = urlsplit(reader.get(f"/compare/{comparison.pk}/difference/")["Location"])
    assert parse_qs(location.query) == {"a": [str(a.pk)], "b": [str(b.pk)]}
