import math
import time
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.demo.ngram import Language, cache, load_or_train
from chat.demo.ngram.counts import Counts
from chat.demo.ngram.distribution import Unigrams, after
from chat.demo.ngram.tokenizer import END

TOKENS = st.lists(st.integers(0, 5), min_size=1, max_size=60)


@given(TOKENS, st.lists(st.integers(0, 5), max_size=4))
def test_followers_are_those_of_a_plain_count(tokens: list[int], context: list[int]) -> None:
    size = len(context)
    ends = range(len(tokens) - size)
    expected = Counter(tokens[at + size] for at in ends if tokens[at : at + size] == context)
    assert Counts(tokens).followers(context) == expected


@given(TOKENS, st.lists(st.integers(0, 5), max_size=4))
def test_probabilities_sum_to_one(tokens: list[int], context: list[int]) -> None:
    counts = Counts(tokens)
    distribution = after(context, counts, Unigrams(counts, 8))
    assert math.isclose(sum(map(distribution.probability, range(8))), 1)


@settings(max_examples=20)
@given(context=st.lists(st.integers(0, 4000), max_size=6))
def test_the_trained_model_ranks_its_whole_vocabulary(language: Language, context: list[int]) -> None:
    ranked = list(language.next_token(context).ranked())
    assert len(ranked) == language.tokenizer.size
    assert [weight for weight, _ in ranked] == sorted((weight for weight, _ in ranked), reverse=True)
    assert math.isclose(sum(weight for weight, _ in ranked), 1)


def test_what_it_has_read_is_likelier_than_what_it_has_not(language: Language) -> None:
    context = language.tokenizer.encode('The "while"')
    distribution = language.next_token(context)
    statement, purple = (language.tokenizer.encode(word)[0] for word in (" statement", "Q"))
    assert distribution.probability(statement) > 0.3
    assert 0 < distribution.probability(purple) < 0.001


def test_an_empty_prompt_begins_like_a_passage(language: Language) -> None:
    assert language.next_token([]) == language.next_token([END])


def test_a_cached_model_is_the_trained_one(tmp_path: Path, language: Language) -> None:
    load_or_train(tmp_path)
    again = load_or_train(tmp_path)
    assert again.tokenizer.pieces == language.tokenizer.pieces
    assert again.counts.tokens == language.counts.tokens
    assert again.counts.positions == language.counts.positions


def test_training_and_loading_are_quick_and_small(tmp_path: Path) -> None:
    start = time.process_time()
    load_or_train(tmp_path)
    trained = time.process_time()
    load_or_train(tmp_path)
    assert trained - start < 2
    assert time.process_time() - trained < 0.1
    tracemalloc.start()
    language = load_or_train(tmp_path)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert language.tokenizer.size > 0
    assert held < 30_000_000


@pytest.mark.parametrize("damage", [b"", b"demo-ngram\n", b"\x80\x04pickle", None])
def test_a_damaged_cache_is_trained_again(
    tmp_path: Path, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    load_or_train(tmp_path)
    file = cache.cache_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:-3] + b"abc" if damage is None else damage)
    assert load_or_train(tmp_path).tokenizer.size > 4000
    assert "trained again" in caplog.text
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_only_costs_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert load_or_train(blocked).tokenizer.size > 4000
    assert "cannot be written" in caplog.text


def test_no_draft_is_left_beside_the_cache(tmp_path: Path) -> None:
    load_or_train(tmp_path)
    assert list(tmp_path.iterdir()) == [cache.cache_file(tmp_path)]
