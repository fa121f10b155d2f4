"""Row ids: their order is the order in which rows were made."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.models import identifiers
from chat.models.identifiers import new_id


def test_an_id_is_a_uuid_of_version_7_that_tells_the_time() -> None:
    before = time.time_ns() // 1_000_000
    id = new_id()
    assert (id.version, id.variant) == (7, uuid.RFC_4122)
    assert before <= id.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_of_one_thread_grow() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert [str(id) for id in ids] == sorted(str(id) for id in ids)


def test_ids_of_many_threads_grow_in_each_and_are_never_the_same() -> None:
    def many(_: int) -> list[uuid.UUID]:
        return [new_id() for _ in range(2_000)]

    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(many, range(16)))
    assert all(ids == sorted(ids) for ids in made)
    assert len({id for ids in made for id in ids}) == 16 * 2_000


def test_ids_grow_even_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: 1_000_000)
    assert before < new_id() < new_id()
