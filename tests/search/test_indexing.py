"""What is found is what is there now, whatever becomes of a text, and however busy the index is."""

import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from chat.models import Document, Generation, Message, Noted
from chat.query.language import parse
from chat.search import indexing
from chat.search.finding import search
from chat.search.indexing import catch_up, catch_up_all

from .talking import answer, keys_found, say, talk, texts_found

pytestmark = pytest.mark.django_db


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
    def refuse(message: Message) -> Any:
        if message.text == "poison":
            raise ValueError(message)
        return real(message)

    real = indexing.of_message
    monkeypatch.setattr(indexing, "of_message", refuse)
    talk(alice, "good", "poison", "better")
    assert texts_found(alice, "role:user") == ["better", "good"]
    assert not Noted.objects.exists()


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
