"""The life of a link: by its token alone, until it ends by itself, by its owner, or with what it shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.comparisons.panes import compare, remove_pane
from chat.models import Comparison, Conversation, Message, Role, Share
from chat.models.identifiers import new_id
from chat.models.message import text_part
from chat.sharing import links
from chat.sharing.links import count_view, create, found_by, hash_of, publish, renew_token
from chat.sharing.options import Options
from chat.sharing.snapshot import take
from chat.sharing.state import changed_and_broken

pytestmark = pytest.mark.django_db
PLAIN = Options()


def said(conversation: Conversation, *texts: str) -> list[Message]:
    """One after the other, the first by the user."""
    found: list[Message] = []
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        parent = found[-1] if found else None
        found.append(
            Message.objects.create(
                conversation=conversation, parent=parent, role=role, parts=[text_part(text)]
            )
        )
    conversation.show(found[-1])
    return found


@pytest.fixture
def talk(conversation: Conversation) -> Conversation:
    said(conversation, "One?", "One.", "Two?", "Two.")
    return conversation


@pytest.fixture
def beside(conversation: Conversation) -> Comparison:
    owner = conversation.owner
    comparison = compare(owner, [Conversation(owner=owner, model=name) for name in "abc"], "Beside")
    for pane in comparison.shown_panes():
        said(pane.conversation, "Which?", f"I am {pane.conversation.model}")
    return comparison


def link(shared: Any, options: Options = PLAIN, days: float | None = 30) -> tuple[Share, str]:
    ends = None if days is None else timezone.now() + timedelta(days=days)
    return create(shared.owner, new_id(), shared, options, ends)


# The token


def test_it_is_long_and_stored_nowhere(talk: Conversation) -> None:
    share, token = link(talk)
    assert len(token) == 43
    assert share.token_hash == hash_of(token)
    row = Share.objects.filter(pk=share.pk).values().get()
    assert token not in str(row)
    assert len({link(talk)[1] for _ in range(50)}) == 50


def test_only_the_very_token_finds_it(talk: Conversation) -> None:
    share, token = link(talk)
    assert found_by(token) == share
    for other in (
        token.upper(),
        token[:-1],
        f"{token}x",
        f" {token}",
        "",
        "x",
        share.token_hash,
        str(share.pk),
        "ü" * 43,
    ):
        assert found_by(other) is None


def test_a_new_link_ends_the_one_before(talk: Conversation) -> None:
    share, before = link(talk)
    after = renew_token(share)
    assert found_by(before) is None
    assert found_by(after) == share


# How it ends


def test_it_ends_on_its_day_and_never_if_it_has_none(talk: Conversation) -> None:
    assert found_by(link(talk, days=None)[1])
    assert found_by(link(talk, days=1)[1])
    assert found_by(link(talk, days=-0.001)[1]) is None


def test_revoked_it_is_dead_at_once_and_lives_again_if_that_is_taken_back(talk: Conversation) -> None:
    share, token = link(talk)
    Share.objects.filter(pk=share.pk).update(revoked_at=timezone.now())
    assert found_by(token) is None
    Share.objects.filter(pk=share.pk).update(revoked_at=None)
    assert found_by(token)


ENDS: dict[str, tuple[Callable[[Conversation], Any], Callable[[Conversation], Any]]] = {
    "conversation": (lambda talk: talk.delete_for_now(), lambda talk: talk.restore()),
    "first message": (
        lambda talk: talk.messages.earliest("pk").delete_for_now(),
        lambda talk: talk.messages.earliest("pk").restore(),
    ),
    "last message": (
        lambda talk: talk.messages.latest("pk").delete_for_now(),
        lambda talk: talk.messages.latest("pk").restore(),
    ),
}


@pytest.mark.parametrize("what", ENDS)
def test_what_is_deleted_ends_it_and_undo_brings_it_back(talk: Conversation, what: str) -> None:
    _, token = link(talk)
    delete, undo = ENDS[what]
    delete(talk)
    assert found_by(token) is None
    undo(talk)
    assert found_by(token)


def test_a_message_that_is_gone_for_good_ends_it(talk: Conversation) -> None:
    _, token = link(talk)
    talk.messages.latest("pk").delete()
    assert found_by(token) is None


def test_with_its_conversation_it_goes_for_good(talk: Conversation) -> None:
    link(talk)
    talk.delete()
    assert not Share.objects.exists()


def test_who_is_shut_out_shows_nothing_and_who_is_gone_leaves_no_link(talk: Conversation) -> None:
    _, token = link(talk)
    owner = talk.owner
    owner.is_active = False
    owner.save()
    assert found_by(token) is None
    owner.delete()
    assert not Share.objects.exists()


def test_what_is_not_shown_may_be_deleted(talk: Conversation) -> None:
    last = talk.messages.latest("pk")
    _, token = link(talk, Options(hidden=frozenset({last.pk})))
    last.delete_for_now()
    assert found_by(token)


def test_a_pane_that_is_removed_ends_it_until_it_is_back(beside: Comparison) -> None:
    _, token = link(beside)
    pane = beside.shown_panes()[1]
    remove_pane(pane)
    assert found_by(token) is None
    pane.restore()
    assert found_by(token)


def test_so_does_a_comparison_that_is_deleted(beside: Comparison) -> None:
    _, token = link(beside)
    beside.delete_for_now()
    assert found_by(token) is None
    beside.restore()
    assert found_by(token)


def test_a_chat_that_is_a_pane_ends_it_where_it_is_taken_out_though_it_stays_a_chat(
    talk: Conversation,
) -> None:
    comparison = compare(talk.owner, [talk, *(Conversation(owner=talk.owner) for _ in range(2))])
    _, token = link(comparison)
    remove_pane(comparison.shown_panes()[0])
    assert not Conversation.objects.get(pk=talk.pk).deleted_at
    assert found_by(token) is None


def test_two_queries_tell_whether_it_lives(talk: Conversation, beside: Comparison) -> None:
    for token in (link(talk)[1], link(beside)[1]):
        with CaptureQueriesContext(connection) as queries:
            assert found_by(token)
        assert len(queries) == 2


# Frozen, and renewed


def test_a_change_does_not_reach_the_page_and_is_told_to_its_owner(talk: Conversation) -> None:
    share, token = link(talk)
    assert changed_and_broken([share]) == (set(), set())
    message = talk.messages.latest("pk")
    message.rewrite("Three.")
    fresh = Share.objects.get(pk=share.pk)
    assert "Two." in str(found_by(token).snapshot)  # type: ignore[union-attr]
    assert changed_and_broken([fresh])[0] == {share.pk}
    talk.refresh_from_db()
    publish(fresh, take(talk, PLAIN, timezone.now()), PLAIN, None)
    assert "Three." in str(found_by(token).snapshot)  # type: ignore[union-attr]
    assert changed_and_broken([fresh]) == (set(), set())


def test_the_list_tells_what_is_broken(talk: Conversation, beside: Comparison) -> None:
    shares = [link(talk)[0], link(beside)[0], link(beside)[0]]
    assert changed_and_broken(shares) == (set(), set())
    remove_pane(beside.shown_panes()[0])
    fresh = list(Share.objects.select_related("conversation", "comparison").order_by("pk"))
    assert changed_and_broken(fresh)[1] == {shares[1].pk, shares[2].pk}
    said(talk, "Anew?")
    fresh = list(Share.objects.select_related("conversation", "comparison").order_by("pk"))
    assert changed_and_broken(fresh)[0] == {shares[0].pk}


def test_a_long_list_costs_no_more_queries(talk: Conversation, beside: Comparison) -> None:
    def queries() -> int:
        shares = list(Share.objects.select_related("conversation", "comparison"))
        with CaptureQueriesContext(connection) as found:
            changed_and_broken(shares)
        return len(found)

    link(talk), link(beside)
    few = queries()
    for _ in range(10):
        link(talk), link(beside)
    assert queries() == few


# Views


def test_views_are_counted_by_the_database(talk: Conversation) -> None:
    share, _ = link(talk)
    for _ in range(3):
        count_view(Share.objects.get(pk=share.pk))
    share.refresh_from_db()
    assert share.views == 3
    assert share.last_viewed_at


def test_a_count_that_fails_does_not_matter(talk: Conversation, monkeypatch: Any) -> None:
    share, _ = link(talk)

    def locked() -> None:
        raise links.DatabaseError("database is locked")

    monkeypatch.setattr(links.transaction, "atomic", locked)
    count_view(share)
    share.refresh_from_db()
    assert (share.views, share.last_viewed_at) == (0, None)


def test_an_update_brings_back_neither_a_link_that_was_revoked_meanwhile_nor_its_old_token(
    talk: Conversation,
) -> None:
    share, token = link(talk)
    taken = take(talk, PLAIN, timezone.now())
    elsewhere = Share.objects.get(pk=share.pk)
    other = renew_token(elsewhere)
    elsewhere.revoked_at = timezone.now()
    elsewhere.save(update_fields=["revoked_at"])
    publish(share, taken, PLAIN, None)
    assert found_by(token) is None
    assert found_by(other) is None
    Share.objects.update(revoked_at=None)
    assert found_by(other) == share
