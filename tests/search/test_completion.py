"""Keys, then values, of what one types."""

from hypothesis import given
from hypothesis import strategies as st

from chat.query.completion import complete
from chat.query.language import parse

VALUES = {"model": ["Qwen/Qwen3", "meta/Llama", "tiny qwen"], "folder": ["My work", 'The "big" one']}


def texts(query: str, at: int | None = None) -> list[str]:
    return [each.text for each in complete(query, len(query) if at is None else at, VALUES)]


def test_keys_are_completed_where_one_types() -> None:
    assert texts("wombat mo") == ["model:"]
    assert texts("-ta") == ["tag:"]
    assert texts("t") == ["tag:", "tokens:"]
    assert texts("wombat ") == []
    assert texts("mo wombat", 2) == ["model:"]


def test_values_are_ones_own_and_the_beginning_comes_first() -> None:
    assert texts("model:QW") == ["model:Qwen/Qwen3 ", 'model:"tiny qwen" ']
    assert texts("has:") == ["has:image ", "has:tool ", "has:error ", "has:star "]
    assert texts('folder:"my w') == ['folder:"My work" ']
    assert texts("nothing:x") == []


def test_what_is_taken_stands_in_the_place_of_what_was_typed() -> None:
    query = 'wombat -folder:"the'
    (taken,) = complete(query, len(query), VALUES)
    whole = query[: taken.begin] + taken.text + query[taken.end :]
    assert whole == 'wombat -folder:"The \\"big\\" one" '
    assert parse(whole).terms[1].negated


@given(st.text(), st.integers(0, 20))
def test_nothing_that_is_typed_breaks_it(text: str, at: int) -> None:
    for each in complete(text, min(at, len(text)), VALUES):
        assert 0 <= each.begin <= each.end <= len(text)
