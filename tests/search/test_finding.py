"""Where something is found, in which order, and by whom."""

from typing import Any

import pytest

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Tag
from chat.query.language import parse
from chat.search import finding
from chat.search.finding import search
from chat.search.walking import newest

from .talking import answer, keys_found, say, talk, texts_found

pytestmark = pytest.mark.django_db


def test_nothing_of_anybody_else_is_found(alice: Any, bob: Any, as_user: Any) -> None:
    chat = talk(alice, "zyzzyva", title="zyzzyva", notes="zyzzyva")
    chat.tags.add(Tag.objects.create(owner=alice, name="secrets"))
    answer(chat, "zyzzyva", {"model": "secret-model"})
    assert len(keys_found(alice, "zyzzyva")) == 4
    assert keys_found(bob, "zyzzyva") == keys_found(bob, "role:user") == keys_found(bob, "tag:secrets") == []
    for client, is_told in ((as_user(alice), True), (as_user(bob), False)):
        for query in ("zyzzyva", "model:secret", "tag:secrets"):
            page = client.get("/search/", {"q": query}).content.decode()
            assert (str(chat.pk) in page) is is_told, query
        completions = client.get("/search/completions/", {"q": "model:s"}).content.decode()
        assert ("secret" in completions) is is_told


def test_panes_are_found_in_their_comparison(alice: Any, conversation: Conversation) -> None:
    comparison = compare(alice, [Conversation(owner=alice, system_prompt="Quietly") for _ in range(2)])
    comparison.title = "Quiet ones"
    comparison.save()
    tag = Tag.objects.create(owner=alice, name="demo")
    comparison.tags.add(tag)
    pane = comparison.shown_panes()[0].conversation
    message = say(pane, "hush")
    page = search(alice, parse("hush tag:demo"))
    (entry,) = page.entries
    assert entry.is_comparison
    assert entry.shown[0].address == f"/compare/{comparison.pk}/?at={message.pk}"
    assert [kind for kind, _ in keys_found(alice, "quiet*")].count("system") == 2
    comparison.delete_for_now()
    assert keys_found(alice, "hush") == keys_found(alice, "quiet*") == []


def test_a_chat_in_a_comparison_is_found_as_the_chat_that_it_is(alice: Any) -> None:
    chat = talk(alice, "hush")
    Comparison.objects.create(owner=alice).panes.create(conversation=chat)
    (entry,) = search(alice, parse("hush")).entries
    assert entry.address == f"/c/{chat.pk}/"


def test_a_blind_round_tells_nothing_of_its_models(alice: Any, as_user: Any) -> None:
    comparison = compare(
        alice, [Conversation(owner=alice, system_prompt="zebra", blind=True) for _ in range(2)]
    )
    Comparison.objects.filter(pk=comparison.pk).update(blind=True)
    pane = comparison.shown_panes()[0].conversation
    call = {"model": "zebra-9", "provider_name": "Zanzibar", "cost": 3.0, "usage": {"completion_tokens": 77}}
    answer(pane, "words", call, finish_reason="odd", tool_calls=[{"id": "1"}])
    assert texts_found(alice, "words") == ["words"]
    for query in (
        "zebra",
        "model:zebra",
        "provider:zanzibar",
        "cost:>0",
        "tokens:>0",
        "finish:odd",
        "has:tool",
    ):
        assert keys_found(alice, query) == [], query
    alices = as_user(alice)
    page = alices.get("/search/", {"q": "words"}, headers={"HX-Request": "true"}).content.decode()
    assert "<mark>words</mark>" in page
    assert "zebra" not in page
    assert "zebra" not in alices.get("/search/completions/", {"q": "model:"}).content.decode()
    Conversation.objects.filter(panes__comparison=comparison).update(blind=False)
    assert texts_found(alice, "model:zebra cost:3 has:tool") == ["words"]
    assert "zebra" in alices.get("/search/completions/", {"q": "model:"}).content.decode()


def test_the_best_come_first_and_stand_under_their_conversation(alice: Any) -> None:
    in_title = talk(alice, "nothing", title="big wombat")
    apart = talk(alice, "a wombat, and it is not big", title="apart")
    beside = talk(alice, "the big wombat", "big " * 30 + "wombat", title="beside")
    page = search(alice, parse("big wombat"))
    assert [entry.address for entry in page.entries] == [
        f"/c/{each.pk}/" for each in (in_title, beside, apart)
    ]
    assert page.entries[0].title == "<mark>big</mark> <mark>wombat</mark>"
    assert len(page.entries[1].shown) == 2


def test_pages_go_on_where_the_last_one_ended(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "OTHERS_ON_A_PAGE", 3)
    monkeypatch.setattr(finding, "TITLES_ON_A_PAGE", 2)
    chats = [talk(alice, "wombat", title=f"wombat {number}") for number in range(7)]
    seen: list[str] = []
    after = ""
    for _ in range(10):
        page = search(alice, parse("wombat"), after)
        seen += [shown.address for entry in page.entries for shown in entry.shown]
        if not (after := page.after):
            break
    assert sorted(seen) == sorted(f"/c/{chat.pk}/?at={chat.tip_id}" for chat in chats)


@pytest.mark.parametrize(
    ("filters", "walks"),
    [("", 2), ("model:m", 1), ("provider:p", 1), ("finish:stop", 1), ("role:assistant", 1), ("has:star", 1),
     ("cost:>=0", 1), ("tokens:<9", 1), ("-model:x", 2), ("-cost:>1", 2), ("is:pinned", 2), ("after:2020", 2)],
)  # fmt: skip
def test_titles_are_gone_through_only_where_one_can_fit(
    alice: Any, monkeypatch: pytest.MonkeyPatch, filters: str, walks: int
) -> None:
    chat = talk(alice, title="wombat", pinned=True)
    used = {"prompt_tokens": 1, "completion_tokens": 2}
    answer(chat, "wombat", {"usage": used, "cost": 0.1}, finish_reason="stop", starred=True)
    answer(chat, "wombat", {"model": "x"})
    gone = []

    def noted(*given: Any) -> Any:
        gone.append(given)
        return newest(*given)

    monkeypatch.setattr("chat.search.finding.newest", noted)
    (entry,) = search(alice, parse(f"wombat {filters}")).entries
    assert len(gone) == walks
    # All the same nothing is missing.
    kinds = [kind for kind, _ in keys_found(alice, f"wombat {filters}")]
    assert kinds.count("title") == (1 if walks == 2 else 0)
    assert len(entry.shown) == kinds.count("message")
