"""What the words and the conditions of a query mean."""

from typing import Any

import pytest

from chat.models import Conversation, Facet, Folder, Tag
from chat.query.language import parse
from chat.search.filters import plan_of

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
