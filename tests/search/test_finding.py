"""What is found, and what never is."""

import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Document, Facet, Folder, Generation, Message, Noted, Tag
from chat.query.language import parse
from chat.search import finding, indexing
from chat.search.filters import plan_of
from chat.search.finding import search
from chat.search.indexing import catch_up, catch_up_all

from .talking import answer, keys_found, say, talk, texts_found

pytestmark = pytest.mark.django_db


def test_words_are_found_in_titles_notes_system_prompts_prompts_and_answers(alice: Any) -> None:
    chat = talk(
        alice, "A wombat?", "Yes, WÓMBATS", title="Wombats", notes="wombat!", system_prompt="Wombat-like."
    )
    found = keys_found(alice, "wom*")
    assert sorted(kind for kind, _ in found) == ["message", "message", "notes", "system", "title"]
    assert {id for kind, id in found if kind != "message"} == {chat.pk}
    assert texts_found(alice, "wombats") == ["Yes, WÓMBATS"]


def test_all_words_stand_in_one_message(alice: Any) -> None:
    talk(alice, "big wombat", "small quokka", title="big quokka")
    assert texts_found(alice, "big wombat") == ["big wombat"]
    assert texts_found(alice, "wombat quokka") == []
    assert [kind for kind, _ in keys_found(alice, "big quokka")] == ["title"]
    assert texts_found(alice, '"wombat big"') == []
    assert texts_found(alice, "big -wombat") == []
    assert texts_found(alice, "-wombat role:assistant") == ["small quokka"]


def test_a_part_of_the_names_of_very_many_models(alice: Any) -> None:
    chat = talk(alice)
    Facet.objects.bulk_create(Facet(owner=alice, kind="model", value=f"m-{n}") for n in range(1200))
    answer(chat, "found", {"model": "m-7"})
    answer(chat, "other", {"model": "another"})
    assert texts_found(alice, "model:m-") == ["found"]
    assert texts_found(alice, "-model:m- role:assistant") == ["other"]
    # The same models by other words are asked for once.
    again = " ".join(["model:m model:m-"] * 16)
    assert texts_found(alice, again) == ["found"]
    assert len(plan_of(alice, parse(again)).clauses) == 1


def test_what_a_call_was_is_known_of_its_answer(alice: Any) -> None:
    chat = talk(alice)
    usage = {"prompt_tokens": 400, "completion_tokens": 700}
    call = {"model": "Qwen/Qwen3", "provider_name": "Together", "cost": 0.02, "usage": usage}
    answer(chat, "long", call, finish_reason="length")
    answer(chat, "cheap", {"model": "meta/Llama", "cost": 0.0001, "usage": {"completion_tokens": 5}})
    answer(chat, "broken", {"status": "failed", "error": {"message": "no"}})
    answer(chat, "called", {}, tool_calls=[{"id": "1"}])
    say(
        chat,
        "seen",
        parts=[{"type": "text", "text": "seen"}, {"type": "image_url", "image_url": {"url": "data:,"}}],
    )
    say(chat, "liked", starred=True)
    for query, texts in {
        "model:qwen": ["long"], "model:LLAMA": ["cheap"], "provider:toget": ["long"], "finish:length": ["long"],
        "finish:leng": [], "cost:>0.01": ["long"], "cost:<=0.0001": ["cheap"], "cost:0.02": ["long"],
        "tokens:>=1100": ["long"], "tokens:>1100": [], "tokens:<1100 role:assistant": ["cheap"],
        "has:error": ["broken"], "has:tool": ["called"], "has:image": ["seen"], "has:star": ["liked"],
        "-model:qwen -has:image -has:star -has:tool -has:error -cost:>0.01": ["cheap"],
        "model:nothing": [], "-model:nothing has:star": ["liked"],
    }.items():  # fmt: skip
        assert texts_found(alice, query) == texts, query


def test_what_an_import_told_of_an_answer_is_known_too(alice: Any) -> None:
    facts = {
        "model": "gpt-old",
        "provider": "OpenAI",
        "cost": 2,
        "usage": {"prompt_tokens": "many", "completion_tokens": 9},
    }
    say(talk(alice), "told", role="assistant", imported_facts=facts)
    say(
        talk(alice),
        "odd",
        role="assistant",
        imported_facts={"model": ["x"], "cost": 1e300, "usage": "a", "error": {}},
    )
    assert texts_found(alice, "model:gpt-old provider:openai cost:>1 tokens:9") == ["told"]
    assert texts_found(alice, "odd") == ["odd"]


def test_days_begin_at_midnight(alice: Any) -> None:
    talk(alice, "first of September")
    assert texts_found(alice, "after:2026-09-01 before:2026-09-02") == ["first of September"]
    assert texts_found(alice, "before:2026-09") == []
    assert texts_found(alice, "after:2026-09-02 september") == []
    assert texts_found(alice, "-after:2026-09-02 september") == ["first of September"]
    assert texts_found(alice, "after:0001 before:9999 september") == ["first of September"]


def test_what_an_entry_is_holds_of_all_that_is_in_it(alice: Any) -> None:
    tagged, plain = talk(alice, "one", title="tagged"), talk(alice, "two", title="plain", pinned=True)
    tagged.tags.add(Tag.objects.create(owner=alice, name="demo"))
    tagged.folder = Folder.objects.create(owner=alice, name="My Work")
    tagged.archived = True
    tagged.save()
    for query in ("tag:DEMO", 'folder:"my work"', "is:archived", "-is:pinned"):
        assert texts_found(alice, query) == ["one"], query
    assert texts_found(alice, "-tag:demo") == ["two"] == texts_found(alice, "is:pinned")
    assert keys_found(alice, "tag:dem") == []
    plain.tags.add(Tag.objects.get())
    assert texts_found(alice, "tag:demo") == ["one", "two"]


def test_more_entries_than_are_asked_for_by_name(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.search.filters.FEW_ENTRIES", 1)
    tag = Tag.objects.create(owner=alice, name="demo")
    for text in ("one", "two", "three"):
        talk(alice, text).tags.add(tag)
    talk(alice, "four")
    assert texts_found(alice, "tag:demo") == ["one", "three", "two"]


def test_many_entries_that_are_asked_for_by_name(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.search.walking.LOOKED_AT", 1)
    tag = Tag.objects.create(owner=alice, name="demo")
    chats = Conversation.objects.bulk_create(Conversation(owner=alice, title="chat") for _ in range(200))
    tag.conversations.set(chats)
    assert len(keys_found(alice, "tag:demo cost:<1")) == 0
    assert len(keys_found(alice, "tag:demo chat -cost:>0.0001")) == 200


def test_nothing_of_anybody_else_is_found(alice: Any, bob: Any, as_user: Any) -> None:
    chat = talk(alice, "zyzzyva", title="zyzzyva", notes="zyzzyva")
    chat.tags.add(Tag.objects.create(owner=alice, name="secrets"))
    answer(chat, "zyzzyva", {"model": "secret-model"})
    assert len(keys_found(alice, "zyzzyva")) == 4
    assert keys_found(bob, "zyzzyva") == keys_found(bob, "role:user") == keys_found(bob, "tag:secrets") == []
    for query in ("zyzzyva", "model:secret", "tag:secrets"):
        page = as_user(bob).get("/search/", {"q": query}).content.decode()
        assert str(chat.pk) not in page
    completions = as_user(bob).get("/search/completions/", {"q": "model:s"}).content.decode()
    assert "secret" not in completions


def test_what_is_deleted_is_not_found_until_it_is_back(alice: Any) -> None:
    chat = talk(alice, "one", "two")
    message = chat.messages.get(role="user")
    assert texts_found(alice, "one") == ["one"]
    message.delete_for_now()
    assert Document.objects.filter(message=message).count() == 0
    assert texts_found(alice, "one") == []
    message.restore()
    assert texts_found(alice, "one") == ["one"]
    chat.delete_for_now()
    assert keys_found(alice, "role:user") == []
    chat.restore()
    assert texts_found(alice, "one") == ["one"]
    chat.delete()
    assert Document.objects.count() == 0
    assert keys_found(alice, "one") == []


def test_what_is_changed_is_found_as_it_is_now(alice: Any) -> None:
    chat = talk(alice, "old words", title="Old")
    assert texts_found(alice, "old") == ["old words"]
    chat.messages.get().rewrite("new words")
    chat.title = "New"
    chat.save(update_fields=["title"])
    assert keys_found(alice, "old") == []
    assert len(keys_found(alice, "new")) == 2


def test_an_answer_is_found_when_it_has_ended(alice: Any) -> None:
    chat = talk(alice)
    catch_up(alice)
    message = answer(chat, "half", {"status": "running"})
    message.parts = [{"type": "text", "text": "half and more"}]
    message.save()
    assert not Noted.objects.exists()
    assert texts_found(alice, "half") == []
    Generation.objects.filter(pk=message.generation_id).update(status="finished", cost=1)
    assert texts_found(alice, "half cost:1") == ["half and more"]


def test_a_search_indexes_no_more_than_it_has_time_for(
    alice: Any, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.search.indexing.IN_ONE_TRANSACTION", 3)
    talk(alice, *["word"] * 5)
    talk(bob, "word")
    assert catch_up(alice, 2) == 2
    assert Noted.objects.count() == 6
    while catch_up_all():
        pass
    assert not Noted.objects.exists()
    assert len(keys_found(alice, "word")) == 5


def test_what_cannot_be_indexed_does_not_keep_the_rest_from_it(
    alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chat.search import indexing

    def refuse(message: Message) -> Any:
        if message.text == "poison":
            raise ValueError(message)
        return real(message)

    real = indexing.of_message
    monkeypatch.setattr(indexing, "of_message", refuse)
    talk(alice, "good", "poison", "better")
    assert texts_found(alice, "role:user") == ["better", "good"]
    assert not Noted.objects.exists()


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
    page = as_user(alice).get("/search/", {"q": "words"}, headers={"HX-Request": "true"}).content.decode()
    assert "zebra" not in page
    assert "zebra" not in as_user(alice).get("/search/completions/", {"q": "model:"}).content.decode()
    Conversation.objects.filter(panes__comparison=comparison).update(blind=False)
    assert texts_found(alice, "model:zebra cost:3 has:tool") == ["words"]


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


@pytest.mark.parametrize("after", ["x", "1~x", "~", "1", "1~2~3", f"-{'9' * 20}~1"])
def test_a_forged_page_is_none(alices: Client, after: str) -> None:
    assert alices.get("/search/", {"q": "a", "after": after}).status_code == 400


def test_a_long_text_is_found_at_its_end(alice: Any) -> None:
    talk(alice, "word " * 9_000 + "at the very end")
    (entry,) = search(alice, parse('"very end"')).entries
    assert "the <mark>very end</mark>" in entry.shown[0].excerpt


def test_many_at_the_same_moment_have_ids_of_their_own(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.search.documents.crc32", lambda text: 7)
    chat = talk(alice)
    now = timezone.now()
    for _ in range(5):
        say(chat, "same", created_at=now)
    assert len(keys_found(alice, "same")) == 5
    say(chat, "same", created_at=now)
    assert len(keys_found(alice, "same")) == 6


# Over HTTP


def test_a_page_and_a_fragment(alices: Client, alice: Any) -> None:
    talk(alice, "<script>wombat</script>")
    page = alices.get("/search/", {"q": "wombat"})
    assert page.status_code == 200
    assert b"<h1>Search</h1>" in page.content
    assert b"&lt;script&gt;<mark>wombat</mark>&lt;/script&gt;" in page.content
    fragment = alices.get("/search/", {"q": "wombat"}, headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b"<mark>wombat</mark>" in fragment.content


def test_what_is_wrong_is_shown_where_it_stands(alices: Client) -> None:
    found = alices.get("/search/", {"q": "a cost:<x>"})
    assert found.status_code == 422
    assert b"cost: wants a number of dollars" in found.content
    assert alices.get("/search/", {"q": "cost:", "typing": "1"}).status_code == 200


@pytest.mark.parametrize(
    "q",
    [
        "\0",
        "'; DROP TABLE chat_words; --",
        '"' * 40,
        "NEAR(a b)",
        "a OR b",
        "words:x",
        "*",
        "\U0010ffff",
        "tag:\0",
        "model:\0",
    ],
)
def test_hostile_input_is_only_looked_for(alices: Client, alice: Any, q: str) -> None:
    talk(alice, "harmless")
    for path in ("/search/", "/search/completions/"):
        assert alices.get(path, {"q": q, "at": "99999999999"}).status_code in (200, 422)
    assert texts_found(alice, "harmless") == ["harmless"]


def test_the_number_of_statements_does_not_grow(
    alices: Client, alice: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        talk(alice, "wombat " * 2_000, "wombat", title=f"wombat {number}")
    keys_found(alice, "wombat")
    with django_assert_max_num_queries(13):
        alices.get("/search/", {"q": "wombat model:x role:user"}, headers={"HX-Request": "true"})


def test_where_the_index_is_busy_a_search_finds_what_was_there_before(
    alice: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    talk(alice, "old wombat")
    assert texts_found(alice, "wombat") == ["old wombat"]
    talk(alice, "new wombat")

    def busy(*_: Any) -> int:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched, caplog.at_level(logging.CRITICAL):
        patched.setattr(indexing, "_index_together", busy)
        assert texts_found(alice, "wombat") == ["old wombat"]
    assert len(texts_found(alice, "wombat")) == 2
