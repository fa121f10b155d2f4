"""What looks like a secret is found, where it stands; what does not is left alone; and no text takes long."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from chat.scan import MOST, SHAPES, scan

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
KEYS = {
    "API key": ["sk-proj-" + LETTERS, "sk-ant-api03-" + LETTERS, "sk-or-v1-" + LETTERS, "sk-" + LETTERS[:20]],
    "Stripe key": ["sk_live_" + LETTERS],
    "AWS access key": ["AKIA" + "ABCDEFGH23456789", "ASIA" + "ABCDEFGH23456789"],
    "GitHub token": ["ghp_" + LETTERS, "github_pat_" + LETTERS],
    "GitLab token": ["glpat-" + LETTERS[:20]],
    "Slack token": ["xoxb-123456789012-abcdefghij", "xapp-1-A0123456789"],
    "Google key": ["AIzaSy" + LETTERS[:33], "ya29." + LETTERS],
    "Hugging Face token": ["hf_" + LETTERS],
    "provider's key": ["gsk_" + LETTERS, "tgp_v1_" + LETTERS, "xai-" + LETTERS],
    "SendGrid key": ["SG." + LETTERS[:22] + "." + LETTERS],
    "JSON web token": ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"],
    "bearer token": ["Bearer " + LETTERS, "bearer   " + LETTERS + "=="],
    "password in an address": ["://mira:hunter2@"],
    "secret": ["password=correcthorse7", 'api_key: "abcdef0123456"', "MY_SECRET_TOKEN=abcdef0123456"],
    "private key": ["-----BEGIN PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    "e-mail address": ["mira.okafor+x@mail.example.org", "a@b.co"],
    "IP address": ["10.1.2.3", "192.168.0.17", "8.8.8.8", "2001:db8::1:2", "fe80::1c2d:3e4f:5a6b"],
}
HARMLESS = [
    "", "sk-", "task-abcdefghijklmnopqrst", "AKIA", "127.0.0.1", "0.0.0.0", "255.255.255.0", "300.1.2.3", "1.2.3",
    "12:34:56", "std::vector<a::b>", "::1", "a@b", "@everyone", "token: something else", "the password is secret",
    "eyJhbGci", "Bearer of news", "https://example.org/a:b@c", "v1.2.3.4.5", "secret = none",
]  # fmt: skip
PLAIN = some.text(alphabet=some.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in KEYS.items() for key in keys])
def test_it_is_found_where_it_stands(kind: str, key: str) -> None:
    for before, after in (("", ""), ("See ", " there"), ("(", ")"), ('"', '"'), ("\n", "\n")):
        [found] = scan(before + key + after)
        assert found.kind == kind
        text = before + key + after
        assert text[found.start : found.end] in key


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_like_it_and_is_none_is_left_alone(text: str) -> None:
    assert scan(text) == []


def test_every_shape_has_an_example() -> None:
    assert {shape.kind for shape in SHAPES} == set(KEYS)


@given(PLAIN, some.sampled_from([key for keys in KEYS.values() for key in keys]), PLAIN)
@example("", "8.8.8.8", ".")
def test_words_around_it_hide_nothing(before: str, key: str, after: str) -> None:
    text = f"{before} {key}\n{after}"
    start = len(before) + 1
    assert any(found.start < start + len(key) and found.end > start for found in scan(text))


@given(some.lists(some.sampled_from([key for keys in KEYS.values() for key in keys]), max_size=8))
def test_findings_stand_in_order_and_apart(keys: list[str]) -> None:
    found = scan("\n".join(keys))
    assert len(found) >= len(keys)
    for one, next in pairwise(found):
        assert one.end <= next.start


def test_a_long_secret_is_not_told_whole() -> None:
    [found] = scan(f"my key is sk-proj-{LETTERS}")
    assert found.hint == "sk-proj-…6789"


def test_of_very_many_some_are_enough() -> None:
    assert len(scan("a@example.org " * 10_000)) == MOST


# Where patterns go wrong, they take the square of this. With it, this test would last hours.
@pytest.mark.parametrize(
    "piece",
    [
        "sk-", "eyJ-", "eyJaaaaaaaa.", "a@", "a", "a.", "1.", ":", "1:", "://a:", "key=", "a-", "a_", "Bearer ",
        "token=a",        "-----BEGIN ", "SG.a", "@a-", "-----BEGIN A ", "secret_", "0:", "x" * 64 + "@", "a.a@a.",
    ],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    marks = " ".join(mark for shape in SHAPES for mark in shape.marks)
    scan(piece * (1_000_000 // len(piece)) + f" {marks}")


def test_a_match_holds_one_of_its_marks() -> None:
    """A text without them is not searched."""
    for shape in SHAPES:
        for key in KEYS[shape.kind]:
            if match := shape.pattern.search(key):
                assert any(mark in match[0] for mark in shape.marks), re.escape(key)
