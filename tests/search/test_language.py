"""What a query says, and what is said of what cannot be one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.query.language import HAS, IS, KEYS, LONGEST_QUERY, ROLES, Filter, Query, QueryError, Words, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
PIECES = st.sampled_from(
    [
        *'-":<>=* \\/\0é北',
        "model:",
        "cost:>",
        "before:2026",
        "tag:",
        '"a b"',
        "wor*",
        "x:",
        "http://x",
        "\ud800",
    ]
)


def filters() -> st.SearchStrategy[Filter]:
    texts = st.builds(Filter, st.sampled_from(["model", "provider", "tag", "folder", "finish"]), TEXT)
    choices = [
        (key, value) for key, values in (("role", ROLES), ("has", HAS), ("is", IS)) for value in values
    ]
    chosen = st.sampled_from([Filter(key, value) for key, value in choices])
    numbers = st.builds(
        lambda key, operator, number: Filter(key, float(number), operator, number),
        st.sampled_from(["cost", "tokens"]),
        st.sampled_from([">", ">=", "<", "<=", "="]),
        st.from_regex(r"[0-9]{1,9}(\.[0-9]{1,5})?", fullmatch=True),
    )
    days = st.builds(
        lambda key, day: Filter(key, day, "=", day.isoformat()),
        st.sampled_from(["before", "after"]),
        st.dates(date(1, 1, 1)),
    )
    negated = st.booleans()
    return st.builds(
        lambda each, minus: Filter(each.key, each.value, each.operator, each.written, minus),
        texts | chosen | numbers | days, negated,
    )  # fmt: skip


WORDS = st.builds(
    lambda words, prefix, negated: Words(tuple(words), prefix, negated),
    st.lists(st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True), min_size=1, max_size=4), st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(WORDS | filters(), max_size=6))
def test_what_is_written_again_is_read_as_the_same(terms: list[Words | Filter]) -> None:
    query = Query(tuple(terms))
    if len(str(query)) <= LONGEST_QUERY:
        assert parse(str(query)) == query


@given(st.text() | st.lists(PIECES | st.text(max_size=3)).map("".join), st.booleans())
def test_nothing_that_is_typed_breaks_it(text: str, typing: bool) -> None:
    wrong, query = None, Query()
    try:
        query = parse(text, typing=typing)
    except QueryError as error:
        wrong = error
    assert wrong is None or (str(wrong) and 0 <= wrong.begin <= wrong.end <= len(text))
    assert parse(str(query)) == query


def test_a_query_with_everything() -> None:
    query = parse(
        'model:qwen provider:together -tag:demo folder:"my work" role:user cost:>0.01 tokens:<=1000 finish:length '
        'has:image is:pinned before:2026-10 after:2026-09-12 "exact phrase" -word Naïve'
    )
    assert query.terms == (
        Filter("model", "qwen"),
        Filter("provider", "together"),
        Filter("tag", "demo", negated=True),
        Filter("folder", "my work"),
        Filter("role", "user"),
        Filter("cost", 0.01, ">", "0.01"),
        Filter("tokens", 1000.0, "<=", "1000"),
        Filter("finish", "length"),
        Filter("has", "image"),
        Filter("is", "pinned"),
        Filter("before", date(2026, 10, 1), "=", "2026-10"),
        Filter("after", date(2026, 9, 12), "=", "2026-09-12"),
        Words(("exact", "phrase")),
        Words(("word",), negated=True),
        Words(("naive",)),
    )


@pytest.mark.parametrize(
    ("text", "words", "where"),
    [
        ("wombat cost:much", "cost: wants a number of dollars, e.g. cost:>0.01", "cost:much"),
        ("tokens:", "tokens: wants a number, e.g. tokens:>1000", "tokens:"),
        ("has:everything x", "has: wants image, tool, error or star, e.g. has:image", "has:everything"),
        ("before:tomorrow", "before: wants a day, a month or a year, e.g. before:2026-10", "before:tomorrow"),
        (
            "after:2026-02-30",
            "after: wants a day, a month or a year, e.g. after:2026-09-12",
            "after:2026-02-30",
        ),
        ("model:>x", "model: takes no “>”, e.g. model:qwen", "model:>x"),
        ("a -colour:red", "There is no key “colour”.", "-colour:"),
    ],
)
def test_an_error_says_what_is_wanted_and_where(text: str, words: str, where: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert str(raised.value).startswith(words)
    assert text[raised.value.begin : raised.value.end] == where


@pytest.mark.parametrize("text", ["x" * (LONGEST_QUERY + 1), "a " * 40])
def test_too_long_a_query_is_told_so(text: str) -> None:
    with pytest.raises(QueryError, match="at most"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("wom", Words(("wom",), prefix=True)),
        ("wom ", Words(("wom",))),
        ("snake-ca", Words(("snake", "ca"), prefix=True)),
        ('"wom', Words(("wom",))),
        ("-wom", Words(("wom",), negated=True)),
        ("wom.", Words(("wom",))),
        ("http://wom", Words(("http", "wom"), prefix=True)),
        ("Note: ", Words(("note",))),
    ],
)
def test_only_the_word_that_is_being_typed_may_go_on(text: str, term: Words) -> None:
    assert parse(text, typing=True).terms == (term,)


@pytest.mark.parametrize("text", ["", "  ", "--", '""', "…", '- " "'])
def test_nothing_is_asked(text: str) -> None:
    assert not parse(text)


def test_each_key_has_an_example_that_can_be_read() -> None:
    for name, key in KEYS.items():
        (term,) = parse(key.example).terms
        assert isinstance(term, Filter)
        assert term.key == name
