"""A shared page over HTTP, for who has the link: signed out, without cookies, not indexed; and on from there."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, LanguageModel, Message, Provider, Role, Share
from chat.models.branch import path_to
from chat.models.identifiers import new_id
from chat.models.message import text_part
from chat.sharing import links
from chat.sharing.links import create
from chat.sharing.options import Options

from .asking import Browser, visit, words_in

pytestmark = pytest.mark.django_db(transaction=True)
PLAIN = Options()
ALL = Options(system_prompt=True, settings=True, facts=True, reasoning=True, tools=True, alternatives=True)


@pytest.fixture
def talk(conversation: Conversation) -> Conversation:
    """With two answers to its question, the second one shown, and a word of its own for everything."""
    conversation.system_prompt, conversation.settings = "Be brief", {"temperature": 0.5}
    conversation.save()
    say(conversation, "Why?", "Because.")
    ask = conversation.messages.get(role="user")
    Message.objects.create(
        conversation=conversation, parent=ask, role=Role.ASSISTANT, parts=[text_part("For no reason.")]
    )
    return conversation


def say(conversation: Conversation, question: str, answer: str) -> None:
    ask = Message.objects.create(conversation=conversation, role=Role.USER, parts=[text_part(question)])
    conversation.show(
        Message.objects.create(
            conversation=conversation,
            parent=ask,
            role=Role.ASSISTANT,
            parts=[text_part(answer)],
            reasoning="Hm.",
        )
    )


def link(shared: Any, options: Options = PLAIN) -> str:
    in_a_day = timezone.now() + timedelta(days=1)
    _, token = create(shared.owner, new_id(), shared, options, in_a_day)
    return f"/s/{token}/"


# Reading


def test_it_is_read_signed_out_without_a_cookie_and_by_no_crawler(talk: Conversation) -> None:
    path = link(talk)
    for page in (path, f"{path}code/", f"{path}?at=0.1", path.rstrip("/"), f"{path.rstrip('/')}?at=0.1"):
        for client in (Client(), Client(headers={"Cookie": "sessionid=stale; csrftoken=x; theme=dark"})):
            response = client.get(page)
            assert response.status_code == 200
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")
            assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive, nosnippet"
            assert response["Cache-Control"] == "private, no-store"
            assert response["Referrer-Policy"] == "no-referrer"
            assert (
                '<meta name="robots" content="noindex, nofollow, noarchive, nosnippet">'
                in response.content.decode()
            )
            assert "data-theme" not in response.content.decode()


def test_what_a_preview_of_the_link_shows_tells_nothing(talk: Conversation) -> None:
    head = Client().get(link(talk)).content.decode().partition("</head>")[0]
    assert '<meta property="og:title" content="A shared conversation">' in head
    assert "Why?" not in head
    assert "og:image" not in head


def test_no_list_for_crawlers_speaks_of_it() -> None:
    """What a crawler may not fetch, it may list all the same: the header is never read."""
    response = Client().get("/robots.txt")
    assert response.status_code == 404 or "Disallow: /s" not in response.content.decode()
    assert Client().get("/sitemap.xml").status_code == 404


def test_whatever_is_the_matter_the_answer_is_the_same(talk: Conversation) -> None:
    ended, revoked, broken, well = link(talk), link(talk), link(talk, ALL), link(talk)
    rows = list(Share.objects.order_by("pk"))
    Share.objects.filter(pk=rows[0].pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    Share.objects.filter(pk=rows[1].pk).update(revoked_at=timezone.now())
    # One that only this link shows.
    Message.objects.get(parts=[text_part("For no reason.")]).delete_for_now()
    assert Client().get(well).status_code == 200
    unknown = [f"/s/{'x' * 43}/", f"/s/{'x' * 43}", "/s/x/", "/s/ü/", f"/s/{'y' * 4000}/", "/s/"]
    # A link with something after it, as where a sentence went on.
    unknown += [f"{well}codes/", f"{well}code", f"{well}/", f"{well.rstrip('/')}.", f"{well}continue/more/"]
    replies = [Client().get(path) for path in (ended, revoked, broken, *unknown)]
    assert {reply.status_code for reply in replies} == {404}
    assert len({words_in(reply) for reply in replies}) == 1
    assert (
        len({(*sorted(each.headers), each["X-Robots-Tag"], each["Cache-Control"]) for each in replies}) == 1
    )
    assert not any(reply.cookies for reply in replies)
    posted = [Client(enforce_csrf_checks=True).post(path) for path in (well, well.rstrip("/"), *unknown)]
    assert {reply.status_code for reply in posted} == {405}
    assert not any(reply.cookies for reply in posted)
    for path in (f"{ended}code/", f"{revoked}code/"):
        assert Client().get(path).status_code == 404


def test_alternatives_are_addresses(talk: Conversation) -> None:
    path = link(talk, ALL)
    page = Client().get(path)
    assert "1 / 2" in words_in(page)
    assert "For no reason." not in words_in(page)
    other = Client().get(f"{path}?at=0.2")
    assert "2 / 2" in words_in(other)
    assert "For no reason." in words_in(other)
    assert "For no reason." not in words_in(Client().get(f"{link(talk)}?at=0.2"))


def test_nothing_of_a_model_or_a_person_becomes_part_of_the_page(conversation: Conversation) -> None:
    nasty = "<script>alert(1)</script></textarea><img src=x onerror=alert(1)>\r\n&amp;"
    say(conversation, nasty, nasty)
    conversation.title = nasty[:200]
    conversation.save()
    page = Client().get(link(conversation, Options(title=nasty[:90], author=nasty[:80], reasoning=True)))
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&#13;" in text


# Code


def test_code_knows_no_address_and_no_key(talk: Conversation, provider: Provider) -> None:
    code = words_in(Client().get(f"{link(talk, ALL)}code/"))
    for there in (
        "https://api.example.com/v1",
        'os.environ["API_KEY"]',
        "Be brief",
        "temperature=0.5",
        "Why?",
        "scripted",
    ):
        assert there in code
    for gone in (provider.base_url, "Because."):
        assert gone not in code


def test_code_is_there_for_what_is_shown(talk: Conversation) -> None:
    names_only = words_in(Client().get(f"{link(talk)}code/?target=curl"))
    assert '"model": "scripted"' in names_only
    assert "Be brief" not in names_only
    assert "temperature" not in names_only
    settings_only = words_in(Client().get(f"{link(talk, Options(models=False, settings=True))}code/"))
    assert "your-model" in settings_only
    nothing = link(talk, Options(models=False))
    assert Client().get(f"{nothing}code/").status_code == 404
    assert "View code" not in words_in(Client().get(nothing))


@pytest.mark.parametrize("query", ["target=x", "pane=9", "pane=-1", "pane=x", "target=curl&pane=0"])
def test_odd_wishes_for_code_get_the_usual_one(talk: Conversation, query: str) -> None:
    assert Client().get(f"{link(talk)}code/?{query}").status_code == 200


# Views


def test_looks_are_counted_but_for_ones_own(talk: Conversation, as_user: Any, bob: Any) -> None:
    path = link(talk)
    for client in (Client(), as_user(bob), as_user(talk.owner)):
        client.get(path)
    Client().head(path)
    Client().get(f"{path}?at=0.1")
    Client().get(path, headers={"Sec-Purpose": "prefetch;prerender"})
    share = Share.objects.get()
    assert share.views == 2
    assert share.last_viewed_at


def test_a_page_is_there_although_nothing_can_be_counted(talk: Conversation, monkeypatch: Any) -> None:
    path = link(talk)

    def locked() -> None:
        raise links.DatabaseError("database is locked")

    monkeypatch.setattr(links.transaction, "atomic", locked)
    assert Client().get(path).status_code == 200
    assert Share.objects.get().views == 0


# Continue from here


def goes_on(reader: Any, path: str, **form: Any) -> Any:
    async def act(browser: Browser) -> Any:
        return await browser.command(f"{path}continue/", **form)

    return visit(reader, act)


def test_who_is_signed_out_signs_in_first_and_nothing_happens_by_looking(
    talk: Conversation, bob: Any, as_user: Any
) -> None:
    path = link(talk)
    response = Client().get(f"{path}continue/")
    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={path}continue/"
    assert Client().post(f"{path}continue/", {"command": uuid4()}).status_code == 302
    page = as_user(bob).get(f"{path}continue/")
    assert "goes into your own history: 2 messages" in words_in(page)
    assert Conversation.objects.filter(owner=bob).count() == 0


def test_a_copy_is_made_of_what_is_shown_and_of_nothing_else(talk: Conversation, bob: Any) -> None:
    first = talk.messages.get(role="user")
    path = link(talk, Options(hidden=frozenset({first.pk})))
    response = goes_on(bob, path)
    assert response.status_code == 302
    copy = Conversation.objects.get(owner=bob)
    assert response["Location"] == f"/c/{copy.pk}/"
    assert (copy.title, copy.system_prompt, copy.settings) == ("A talk", "", {})
    [answer] = path_to(copy.tip_id)
    assert (answer.text, answer.reasoning, answer.generation) == ("Because.", "", None)
    assert answer.imported_facts is None


def test_what_was_chosen_comes_along(talk: Conversation, bob: Any) -> None:
    goes_on(bob, link(talk, ALL))
    copy = Conversation.objects.get(owner=bob)
    assert (copy.system_prompt, copy.settings) == ("Be brief", {"temperature": 0.5})
    assert [message.text for message in path_to(copy.tip_id)] == ["Why?", "Because."]
    assert copy.messages.count() == 3
    assert copy.tip
    assert copy.tip.reasoning == "Hm."
    # Its owner's rows are as they were.
    assert talk.messages.count() == 3


def test_twice_is_once(talk: Conversation, bob: Any) -> None:
    path, command = link(talk), uuid4()
    replies = {goes_on(bob, path, command=command)["Location"] for _ in range(3)}
    assert len(replies) == 1
    assert Conversation.objects.filter(owner=bob).count() == 1


def test_the_model_is_ones_own_of_the_same_name_or_none(
    talk: Conversation, provider: Provider, alice: Any, bob: Any, as_user: Any
) -> None:
    path = link(talk)
    goes_on(bob, path)
    copy = Conversation.objects.get(owner=bob)
    assert (copy.provider, copy.model) == (provider, "scripted")
    Provider.objects.filter(pk=provider.pk).update(owner=alice)
    assert "scripted is not among your models" in words_in(as_user(bob).get(f"{path}continue/"))
    goes_on(bob, path)
    copy = Conversation.objects.filter(owner=bob).latest("pk")
    assert (copy.provider, copy.model) == (None, "")
    own = Provider.objects.create(name="Mine", base_url="https://mine.test/v1", owner=bob)
    LanguageModel.objects.create(provider=own, name="scripted")
    goes_on(bob, path)
    assert Conversation.objects.filter(owner=bob).latest("pk").provider == own


def test_from_a_link_that_is_dead_nobody_goes_on(talk: Conversation, bob: Any, as_user: Any) -> None:
    path = link(talk)
    talk.delete_for_now()
    assert goes_on(bob, path).status_code == 404
    assert as_user(bob).get(f"{path}continue/").status_code == 404
    assert not Conversation.objects.filter(owner=bob).exists()


def test_a_comparison_becomes_one_of_the_reader(conversation: Conversation, bob: Any) -> None:
    comparison = compare(
        conversation.owner, [Conversation(owner=conversation.owner) for _ in range(3)], "Beside"
    )
    for number, pane in enumerate(comparison.shown_panes()):
        say(pane.conversation, f"Question {number}", f"Answer {number}")
    response = goes_on(bob, link(comparison))
    copy = Comparison.objects.get(owner=bob)
    assert response["Location"] == f"/compare/{copy.pk}/"
    assert [pane.conversation.tip.text for pane in copy.shown_panes() if pane.conversation.tip] == [
        "Answer 0", "Answer 1", "Answer 2",
    ]  # fmt: skip


def test_a_copy_of_a_tree_is_the_same_tree(conversation: Conversation, bob: Any) -> None:
    """Also where a child is older than its parent."""
    child = Message.objects.create(conversation=conversation, role=Role.USER, parts=[text_part("child")])
    top = Message.objects.create(conversation=conversation, role=Role.USER, parts=[text_part("top")])
    Message.objects.filter(pk=child.pk).update(parent=top)
    conversation.show(child)
    goes_on(bob, link(conversation, ALL))
    copy = Conversation.objects.get(owner=bob)
    assert [message.text for message in path_to(copy.tip_id)] == ["top", "child"]
