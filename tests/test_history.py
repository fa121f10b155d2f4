"""The list of conversations: newest first, by day, page after page."""

import random
import re
from datetime import timedelta
from math import ceil
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from chat import access, history
from chat.comparisons.panes import compare, compare_chat
from chat.history import CONVERSATIONS_ON_A_PAGE, Filter, page_of, rows_of
from chat.history.pages import day_name
from chat.models import Comparison, Conversation, Folder, Generation, LanguageModel, Message, Provider, Tag
from chat.new_chats import model_for_new_chat

pytestmark = pytest.mark.django_db
# The index is entered at the place that a page begins with, and not read from the newest down to it.
BEGINS_THERE = re.compile(r"(USING INDEX|Index Cond:).*active_at ?<")


def talk(user: Any, title: str = "A talk", **fields: Any) -> Conversation:
    """A conversation with a message: one without is not in the history."""
    conversation = Conversation.objects.create(owner=user, title=title, **fields)
    conversation.show(Message.objects.create(conversation=conversation, role="user"))
    return conversation


def titles(page: history.HistoryPage) -> list[str]:
    return [conversation.title for _, group in page.groups for conversation in group]


def test_an_empty_history_says_so(alice: Any) -> None:
    assert page_of(alice).empty
    assert page_of(alice).after == ""


def test_the_newest_comes_first(alice: Any) -> None:
    now = timezone.now()
    for number, title in enumerate(("newest", "middle", "oldest")):
        talk(alice, title, active_at=now - timedelta(minutes=number))
    assert titles(page_of(alice)) == ["newest", "middle", "oldest"]


def test_it_holds_nothing_of_others_and_nothing_that_was_deleted_or_never_begun(alice: Any, bob: Any) -> None:
    talk(bob, "Bob's")
    talk(alice, "deleted").delete_for_now()
    Conversation.objects.create(owner=alice, title="empty")
    assert page_of(alice).empty


def test_pinned_ones_stand_first_and_only_on_the_first_page(alice: Any) -> None:
    talk(alice, "old but pinned", pinned=True, active_at=timezone.now() - timedelta(days=400))
    for number in range(CONVERSATIONS_ON_A_PAGE + 1):
        talk(alice, f"talk {number}")
    first = page_of(alice)
    assert first.groups[0][0] == "Pinned"
    assert titles(first)[0] == "old but pinned"
    assert "old but pinned" not in titles(page_of(alice, first.after))


def test_pages_follow_each_other_without_gap_or_repeat(alice: Any) -> None:
    same = timezone.now()
    made = {talk(alice, f"talk {n}", active_at=same - timedelta(hours=n // 7)).title for n in range(150)}
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = page_of(alice, after)
        seen += titles(page)
        after, pages = page.after, pages + 1
    assert pages == ceil(150 / CONVERSATIONS_ON_A_PAGE)
    assert len(seen) == 150
    assert set(seen) == made


def test_a_page_that_is_just_full_is_the_last(alice: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE):
        talk(alice, f"talk {number}")
    assert page_of(alice).after == ""


def test_a_far_page_costs_as_many_queries_as_the_first(alice: Any, django_assert_num_queries: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE + 5):
        talk(alice, f"talk {number}")
    with django_assert_num_queries(4):
        first = page_of(alice)
    with django_assert_num_queries(2):
        page_of(alice, first.after)


@pytest.mark.parametrize(
    "forged",
    [
        "nonsense",
        "~",
        "2026-01-01~",
        "2026-01-01T00:00:00+00:00~no-id",
        "2026-01-01T00:00:00~01a1fbd3-e8c4-7642-ba49-f1ea415f5113",
        "0001-01-01T00:00:00+23:59~01a1fbd3-e8c4-7642-ba49-f1ea415f5113",
        "9999-12-31T23:59:59-23:59~01a1fbd3-e8c4-7642-ba49-f1ea415f5113",
        "\x00~\x00",
    ],
)
def test_a_forged_place_is_no_place(alice: Any, forged: str) -> None:
    talk(alice)
    with pytest.raises(ValueError):  # noqa: PT011 - any words will do
        page_of(alice, forged)


def test_a_search_finds_titles_that_hold_every_word(alice: Any) -> None:
    talk(alice, "Baking bread at home")
    talk(alice, "Bread and butter")
    talk(alice, "100% certain")
    assert titles(page_of(alice, query="bread HOME")) == ["Baking bread at home"]
    assert titles(page_of(alice, query="%")) == ["100% certain"]
    assert page_of(alice, query="bread nothing").empty
    assert len(titles(page_of(alice, query="   "))) == 3


@pytest.mark.parametrize("query", ["'; --", "_", "\\", "(", "b " * 500, "😀"])
def test_an_odd_search_finds_nothing_and_breaks_nothing(alice: Any, query: str) -> None:
    talk(alice, "plain")
    assert page_of(alice, query=query).empty


def test_a_search_has_pages_too(alice: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE + 3):
        talk(alice, f"bread {number}")
        talk(alice, f"butter {number}")
    first = page_of(alice, query="bread")
    rest = page_of(alice, first.after, "bread")
    assert (len(titles(first)), len(titles(rest))) == (CONVERSATIONS_ON_A_PAGE, 3)


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-1, "Today"), (0, "Today"), (1, "Yesterday"), (2, "Previous 7 days"), (7, "Previous 7 days"),
        (8, "Previous 30 days"), (30, "Previous 30 days"), (31, "Earlier"), (4000, "Earlier"),
    ],
)  # fmt: skip
def test_days_have_names(days: int, name: str) -> None:
    assert day_name(days) == name


def test_conversations_are_grouped_by_day(alice: Any) -> None:
    now = timezone.now()
    for days in (0, 0, 1, 3, 5, 100):
        talk(alice, active_at=now - timedelta(days=days))
    groups = [(name, len(rows)) for name, rows in page_of(alice).groups]
    assert groups == [("Today", 2), ("Yesterday", 1), ("Previous 7 days", 2), ("Earlier", 1)]


# Comparisons among the chats


def compared(user: Any, title: str = "Compared", count: int = 2, **fields: Any) -> Comparison:
    comparison = compare(
        user, [Conversation(owner=user, title=f"Pane of {title}") for _ in range(count)], title
    )
    for pane in comparison.shown_panes():
        pane.conversation.show(Message.objects.create(conversation=pane.conversation, role="user"))
    Comparison.objects.filter(pk=comparison.pk).update(**fields)
    return Comparison.objects.get(pk=comparison.pk)


def walked(user: Any, query: str = "") -> list[str]:
    """The titles of all pages, one after the other."""
    page = page_of(user, query=query)
    seen = titles(page)
    while page.after:
        page = page_of(user, page.after, query)
        seen += titles(page)
    return seen


def test_a_comparison_is_one_entry_and_its_panes_are_none(alice: Any) -> None:
    compared(alice, "Three", count=3)
    [(_, [entry])] = page_of(alice).groups
    assert (entry.title, entry.is_comparison) == ("Three", True)


def test_a_chat_that_is_a_pane_is_an_entry_of_its_own(alice: Any) -> None:
    chat = talk(alice, "Was there")
    compare_chat(chat)
    assert sorted((entry.title, entry.is_comparison) for _, group in page_of(alice).groups for entry in group) == [
        ("Was there", False), ("Was there", True),
    ]  # fmt: skip


def test_chats_and_comparisons_stand_in_one_order(alice: Any) -> None:
    now = timezone.now()
    for number, make in enumerate((talk, compared, compared, talk, compared)):
        make(alice, f"number {number}", active_at=now - timedelta(minutes=number))
    assert titles(page_of(alice)) == [f"number {number}" for number in range(5)]


def test_pinned_ones_of_both_kinds_stand_first(alice: Any) -> None:
    old = timezone.now() - timedelta(days=400)
    compared(alice, "pinned comparison", pinned=True, active_at=old)
    talk(alice, "pinned chat", pinned=True, active_at=old - timedelta(days=1))
    talk(alice, "new chat")
    page = page_of(alice)
    assert titles(page) == ["pinned comparison", "pinned chat", "new chat"]
    assert page.groups[0][0] == "Pinned"


def test_a_comparison_without_a_name_is_listed_once_something_was_said_in_it(alice: Any) -> None:
    """To one pane alone: the comparison is named by what is sent to all."""
    comparison = compare(alice, [Conversation(owner=alice), Conversation(owner=alice)])
    assert page_of(alice).empty
    pane = comparison.shown_panes()[0]
    pane.conversation.show(Message.objects.create(conversation=pane.conversation, role="user"))
    assert titles(page_of(alice)) == [""]
    pane.remove()
    assert page_of(alice).empty


def test_what_is_of_others_or_was_deleted_is_not_there(alice: Any, bob: Any) -> None:
    compared(bob, "Bob's")
    compared(alice, "deleted").delete_for_now()
    assert page_of(alice).empty


def test_a_search_finds_comparisons_and_not_their_panes(alice: Any) -> None:
    compared(alice, "Baking bread")
    talk(alice, "Bread and butter")
    compared(alice, "Something else")
    assert sorted(titles(page_of(alice, query="bread"))) == ["Baking bread", "Bread and butter"]
    assert page_of(alice, query="pane").empty


def test_one_in_which_an_answer_runs_is_marked(alice: Any) -> None:
    comparison = compared(alice, "running")
    compared(alice, "done")
    conversation = comparison.shown_panes()[1].conversation
    Generation.objects.create(owner=alice, conversation=conversation, model="m")
    marks = {entry.title: entry.running for _, group in page_of(alice).groups for entry in group}  # type: ignore[union-attr]
    assert marks == {"running": True, "done": False}


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_both_kinds_follow_each_other_without_gap_or_repeat(alice: Any, seed: int) -> None:
    """Many are of the same moment, also where a page ends."""
    chance, now = random.Random(seed), timezone.now()
    moments = [now - timedelta(minutes=chance.randrange(90)) for _ in range(chance.choice([3, 12, 40]))]
    rows: list[Conversation | Comparison] = []
    for number in range(chance.randrange(100, 190)):
        fields = {"title": f"number {number}", "active_at": chance.choice(moments)}
        if chance.random() < 0.5:
            rows.append(Comparison.objects.create(owner=alice, **fields))
        else:
            rows.append(talk(alice, **fields))
    rows.sort(key=lambda row: (row.active_at, row.pk), reverse=True)
    assert walked(alice) == [row.title for row in rows]
    found = [row.title for row in rows if "7" in row.title]
    assert walked(alice, "7") == found


def test_many_comparisons_cost_as_many_queries_as_none(alice: Any, django_assert_num_queries: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE):
        compared(alice, f"comparison {number}")
        talk(alice, f"talk {number}")
    with django_assert_num_queries(4):
        first = page_of(alice)
        assert len(titles(first)) == CONVERSATIONS_ON_A_PAGE
    with django_assert_num_queries(2):
        page_of(alice, first.after)


# Folders, tags, the archive


def test_each_filter_shows_its_own(alice: Any) -> None:
    folder, [tag] = Folder.objects.create(owner=alice, name="F"), Tag.of_names(alice, ["t"])
    talk(alice, "in folder", folder=folder)
    talk(alice, "tagged", pinned=True).tags.add(tag)
    talk(alice, "archived", folder=folder, archived=True)
    compared(alice, "both", folder=folder).tags.add(tag)

    def shown(**chosen: Any) -> list[str]:
        return sorted(titles(page_of(alice, chosen=Filter(**chosen))))

    assert shown() == ["both", "in folder", "tagged"]
    assert shown(folder=folder) == ["both", "in folder"]
    assert shown(tag=tag) == ["both", "tagged"]
    assert shown(folder=folder, tag=tag) == ["both"]
    assert shown(archived=True) == ["archived"]
    assert shown(archived=True, folder=folder, query="arch") == ["archived"]
    assert shown(archived=True, tag=tag) == []


def test_thousands_that_are_pinned_have_pages_too(alice: Any) -> None:
    """All can be pinned with one command."""
    now = timezone.now()
    names = [f"pinned {number}" for number in range(2 * CONVERSATIONS_ON_A_PAGE + 5)]
    for number, name in enumerate(names):
        make = compared if number % 7 == 0 else talk
        make(alice, name, pinned=True, active_at=now - timedelta(minutes=number))
    talk(alice, "newest of all")
    assert walked(alice) == [*names, "newest of all"]
    second = page_of(alice, page_of(alice).after)
    assert (second.goes_on, second.groups[0][0]) == ("Pinned", "Pinned")
    assert len(titles(second)) == CONVERSATIONS_ON_A_PAGE


@pytest.mark.parametrize(
    ("chosen", "name", "pinned"),
    [
        ({}, "newest_first", False), ({}, "pinned", True), ({"archived": True}, "archived", None),
        ({"folder": True}, "in_folder", False),
    ],
)  # fmt: skip
def test_a_page_is_read_in_the_order_of_its_index(
    alice: Any, chosen: dict[str, Any], name: str, pinned: bool | None
) -> None:
    folder = Folder.objects.create(owner=alice, name="F")
    chosen = {"folder": folder} if chosen.get("folder") else chosen
    many(alice, folder)
    place = (timezone.now() - timedelta(minutes=50), talk(alice).pk)
    for kind, rows in zip(("history", "comparisons"), rows_of(alice, Filter(**chosen)), strict=True):
        rows = rows if pinned is None else rows.filter(pinned=pinned)
        pages = (rows.newest_first(), rows.before(*place).newest_first())
        first, far = (plan_of(page[: CONVERSATIONS_ON_A_PAGE + 1]) for page in pages)
        for plan in (first, far):
            assert f"{kind}_{name}" in plan
            assert "Sort" not in plan
            assert "TEMP B-TREE" not in plan
        assert BEGINS_THERE.search(far)


def test_the_model_used_last_is_read_from_the_end_of_an_index(alice: Any) -> None:
    rows = access.conversations(alice).filter(provider__isnull=False).newest_first()[:1]
    assert "conversations_last_used" in plan_of(rows)


def many(user: Any, folder: Folder) -> None:
    """So many that it matters how they are read, a tenth of them each pinned, archived and in the folder."""
    now, tip = timezone.now(), talk(user).tip
    for kind, more in ((Conversation, {"tip": tip}), (Comparison, {"title": "Named"})):
        rows = [
            kind(
                owner=user, active_at=now - timedelta(minutes=n), pinned=n % 10 == 1, archived=n % 10 == 2,
                folder=folder if n % 10 == 3 else None, **more,
            )
            for n in range(1000)
        ]  # fmt: skip
        kind.objects.bulk_create(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE chat_conversation, chat_comparison")


def plan_of(rows: Any) -> str:
    """How the database would read them, if there were many."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    return str(rows.explain())


# What a new chat starts with


def model(name: str, **fields: Any) -> Provider:
    provider = Provider.objects.create(name=name, base_url=f"https://{name}.test/v1", **fields)
    LanguageModel.objects.create(provider=provider, name=f"{name}-model", type="chat")
    return provider


def test_a_new_chat_has_no_model_where_there_is_none(alice: Any) -> None:
    assert model_for_new_chat(alice) == (None, "")


def test_a_new_chat_takes_the_model_that_was_used_last(alice: Any) -> None:
    model("first")
    last = model("last")
    talk(alice, provider=last, model="last-model")
    assert model_for_new_chat(alice) == (last, "last-model")


def test_without_one_a_real_provider_is_taken_before_the_demo(alice: Any) -> None:
    demo = model("demo", source=Provider.Source.BUILT_IN)
    assert model_for_new_chat(alice) == (demo, "demo-model")
    real = model("real")
    assert model_for_new_chat(alice) == (real, "real-model")


def test_a_model_whose_provider_was_removed_is_not_taken_again(alice: Any) -> None:
    removed, kept = model("removed", removed=True), model("kept")
    talk(alice, provider=removed, model="removed-model")
    assert model_for_new_chat(alice) == (kept, "kept-model")


def test_what_others_use_does_not_matter(alice: Any, bob: Any) -> None:
    talk(bob, provider=model("bobs", owner=bob), model="bobs-model")
    assert model_for_new_chat(alice) == (None, "")
