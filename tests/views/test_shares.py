"""Links over HTTP, for who makes them: previewed, made once, renewed, revoked, listed; nobody else's."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Comparison, Conversation, Message, Role, Share
from chat.models.message import text_part
from chat.sharing.links import found_by
from chat.sharing.options import CHOICES

from .asking import Browser, visit, words_in
from .hiding import Round

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r"http://testserver/s/([\w-]{43})/")
DEFAULTS = {"models": "on", "expires": "30"}


@pytest.fixture
def talk(conversation: Conversation) -> Conversation:
    ask = Message.objects.create(conversation=conversation, role=Role.USER, parts=[text_part("Why?")])
    answer = Message.objects.create(
        conversation=conversation, parent=ask, role=Role.ASSISTANT, parts=[text_part("Because.")]
    )
    conversation.show(answer)
    return conversation


def token_in(response: Any) -> str:
    [token] = set(LINK.findall(response.content.decode()))
    return str(token)


def shares(talk: Conversation, **form: Any) -> Any:
    """The answer to making a link to it."""

    async def act(browser: Browser) -> Any:
        return await browser.command(f"/c/{talk.pk}/shares/", **{**DEFAULTS, **form})

    return visit(talk.owner, act)


def posts(user: Any, path: str, **form: Any) -> Any:
    async def act(browser: Browser) -> Any:
        return await browser.post(path, **form)

    return visit(user, act)


# Making one


def test_the_dialog_begins_with_as_little_as_can_be(alices: Client, talk: Conversation) -> None:
    page = alices.get(f"/c/{talk.pk}/share/").content.decode()
    for name, label in CHOICES.items():
        assert label in page
        assert (f'name="{name}" checked' in page) == (name == "models")
    assert '<option value="30" selected>' in page
    assert "Why?" in page
    assert "Shared, read-only" in page


def test_a_link_is_told_once_and_kept_as_a_fingerprint(talk: Conversation, alices: Client) -> None:
    token = token_in(shares(talk))
    share = Share.objects.get()
    assert found_by(token) == share
    assert share.expires_at
    assert timedelta(days=29) < share.expires_at - timezone.now() < timedelta(days=31)
    for path in ("/shares/", f"/c/{talk.pk}/share/"):
        assert token not in alices.get(path).content.decode()


def test_made_three_times_it_is_one_link_and_the_last_answer_has_it(talk: Conversation) -> None:
    command = uuid4()
    tokens = [token_in(shares(talk, command=command)) for _ in range(3)]
    assert Share.objects.count() == 1
    assert [bool(found_by(token)) for token in tokens] == [False, False, True]


def test_the_same_id_for_something_else_is_refused(talk: Conversation, bob: Any) -> None:
    command = uuid4()
    shares(talk, command=command)
    assert shares(talk, command=command, reasoning="on").status_code == 409
    assert Share.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"expires": "yesterday"}, "when the link is to end"),
        ({"expires": "date"}, "on which day"),
        ({"expires": "date", "until": "2001-01-01"}, "is over"),
        ({"expires": "date", "until": "9999-12-31"}, "earlier one"),
        ({"expires": "date", "until": "x"}, "no date"),
        ({"hidden": "x"}, "cannot be"),
        ({"hidden": "a" * 300_000}, "cannot be"),
        ({"author": "on"}, "by which name"),
        ({"title": "x" * 300}, "200"),
    ],
)
def test_what_cannot_be_is_said(talk: Conversation, form: dict[str, str], words: str) -> None:
    response = shares(talk, **form)
    assert response.status_code == 422
    assert words in words_in(response)
    assert not Share.objects.exists()


def test_a_day_counts_to_its_end_and_never_is_never(talk: Conversation) -> None:
    assert found_by(token_in(shares(talk, expires="date", until=timezone.localdate().isoformat())))
    shares(talk, expires="date", until="2099-12-31")
    ends = Share.objects.latest("created_at").expires_at
    assert ends
    assert timezone.localtime(ends).strftime("%Y-%m-%d %H:%M:%S") == "2100-01-01 00:00:00"
    shares(talk, expires="never")
    assert Share.objects.filter(expires_at=None).count() == 1


# What looks like a secret


def test_it_is_shared_knowingly_or_not_at_all(talk: Conversation, alices: Client) -> None:
    Message.objects.filter(role="user").update(parts=[text_part("Key sk-proj-abcdefghijklmnopqrst")])
    first = Message.objects.get(role="user").pk
    preview = words_in(alices.post(f"/c/{talk.pk}/share/preview/", DEFAULTS))
    assert "API key sk-proj-…qrst · User message 1 Hide this message" in preview
    refusal = shares(talk)
    assert (refusal.status_code, Share.objects.count()) == (422, 0)
    assert "looks like a key" in words_in(refusal)
    assert token_in(shares(talk, knowingly="on"))
    assert token_in(shares(talk, hidden=str(first)))


# Changing one


def test_an_update_keeps_the_link(talk: Conversation, alices: Client) -> None:
    token = token_in(shares(talk))
    share = Share.objects.get()
    Message.objects.filter(role="assistant").update(parts=[text_part("For a reason.")], revision=1)
    assert "Changed since it was shared" in words_in(alices.get(f"/c/{talk.pk}/share/"))
    assert "changed since" in words_in(alices.get("/shares/"))
    page = Client().get(f"/s/{token}/")
    assert ("Because." in words_in(page), "For a reason." in words_in(page)) == (True, False)
    response = posts(talk.owner, f"/shares/{share.pk}/", models="on", expires="keep", settings="on")
    assert response.status_code == 200
    assert "For a reason." in words_in(Client().get(f"/s/{token}/"))
    fresh = Share.objects.get()
    assert fresh.expires_at == share.expires_at
    assert "The link shows just this" in words_in(alices.get(f"/c/{talk.pk}/share/"))
    assert "changed since" not in words_in(alices.get("/shares/"))


def test_a_new_link_a_new_end_and_no_link_at_all(talk: Conversation) -> None:
    before = token_in(shares(talk))
    share = Share.objects.get()
    after = token_in(posts(talk.owner, f"/shares/{share.pk}/token/"))
    assert Client().get(f"/s/{before}/").status_code == 404
    assert Client().get(f"/s/{after}/").status_code == 200
    posts(talk.owner, f"/shares/{share.pk}/expiry/", expires="never")
    assert Share.objects.get().expires_at is None
    posts(talk.owner, f"/shares/{share.pk}/revocation/")
    assert Client().get(f"/s/{after}/").status_code == 404
    for path in ("", "token/"):
        assert posts(talk.owner, f"/shares/{share.pk}/{path}", models="on").status_code == 409

    async def undo(browser: Browser) -> Any:
        return await browser.delete(f"/shares/{share.pk}/revocation/")

    assert visit(talk.owner, undo).status_code == 200
    assert Client().get(f"/s/{after}/").status_code == 200


def test_what_is_deleted_cannot_be_renewed(talk: Conversation, alices: Client) -> None:
    shares(talk)
    share = Share.objects.get()
    talk.delete_for_now()
    assert posts(talk.owner, f"/shares/{share.pk}/", models="on").status_code == 404
    assert "Ended : something that it shows was deleted" in words_in(alices.get("/shares/"))


# The list


def test_the_list_has_ones_own_links_page_by_page(
    talk: Conversation, alices: Client, bob: Any, as_user: Any
) -> None:
    for number in range(53):
        share = Share(owner=talk.owner, conversation=talk, token_hash=str(number), updated_at=timezone.now())
        share.save()
    first = alices.get("/shares/").content.decode()
    assert first.count('class="share-item"') == 50
    [after] = re.findall(r"\?after=([\w-]+)", first)
    assert alices.get(f"/shares/?after={after}").content.decode().count('class="share-item"') == 3
    assert alices.get("/shares/?after=x").status_code == 400
    assert "Nothing is shared yet" in words_in(as_user(bob).get("/shares/"))


def test_a_list_of_many_costs_as_many_queries_as_one_of_few(
    talk: Conversation, alices: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(50):
        Share.objects.create(
            owner=talk.owner, conversation=talk, token_hash=str(number), updated_at=timezone.now()
        )
    with django_assert_max_num_queries(20):
        page = alices.get("/shares/")
    assert page.content.decode().count('class="share-item"') == 50


# Who may not


def test_with_a_link_one_can_do_nothing_else(talk: Conversation, bob: Any, as_user: Any) -> None:
    """Neither to the link, nor to what it shows; and it is no right to any id."""
    token = token_in(shares(talk))
    share = Share.objects.get()
    before = list(Share.objects.values("revoked_at", "token_hash", "updated_at", "expires_at"))
    for path in ("", "token/", "expiry/", "revocation/"):
        assert posts(bob, f"/shares/{share.pk}/{path}", **DEFAULTS).status_code == 404
    for path in (f"/c/{talk.pk}/", f"/c/{talk.pk}/share/", f"/messages/{Message.objects.latest('pk').pk}/"):
        assert as_user(bob).get(path).status_code == 404
    assert posts(bob, f"/c/{talk.pk}/shares/", command=uuid4(), **DEFAULTS).status_code == 404
    for path in ("", "code/"):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(Client(), method)(f"/s/{token}/{path}").status_code == 405
    assert list(Share.objects.values("revoked_at", "token_hash", "updated_at", "expires_at")) == before


# Comparisons and blind rounds


def test_a_comparison_is_shared_pane_by_pane(comparison: Comparison, alices: Client) -> None:
    for pane in comparison.shown_panes()[:2]:
        said = Message.objects.create(
            conversation=pane.conversation, role=Role.USER, parts=[text_part(f"To {pane.conversation.model}")]
        )
        pane.conversation.show(said)

    async def act(browser: Browser) -> Any:
        return await browser.command(f"/compare/{comparison.pk}/shares/", **DEFAULTS)

    token = token_in(visit(comparison.owner, act))
    page = Client().get(f"/s/{token}/").content.decode()
    # The third has nothing to show.
    assert [f'aria-label="Pane {number}"' in page for number in (1, 2, 3)] == [True, True, False]
    assert "To a" in page
    assert "To b" in page
    assert "Preview and update" in alices.get("/shares/").content.decode()


def test_an_empty_one_is_refused_in_words(comparison: Comparison, alices: Client) -> None:
    assert "nothing to show yet" in words_in(alices.get(f"/compare/{comparison.pk}/share/"))


def test_a_blind_round_cannot_be_shared_before_its_reveal(alice: Any, alices: Client, hidden: Round) -> None:
    for path in (f"/compare/{hidden.comparison.pk}/share/", f"/c/{hidden.ids('conversation')}/share/"):
        response = alices.get(path)
        assert (response.status_code, "reveal it first" in words_in(response)) == (403, True)
    response = posts(alice, f"/compare/{hidden.comparison.pk}/shares/", command=uuid4(), **DEFAULTS)
    assert response.status_code == 403
    assert not Share.objects.exists()
