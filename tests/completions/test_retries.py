from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from chat.completions import (
    KeyRefused,
    Limits,
    Opened,
    OutOfCredit,
    ProviderFailed,
    RateLimited,
    Retrying,
    StreamFailed,
    StreamInterrupted,
)
from chat.completions.retries import read_retry_after
from tests.upstream import Cut, Head, Reset, Say, Script, events, reply, stream

from .asking import ask

BROKEN = {"error": "It broke."}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 524, 529])
def test_a_passing_failure_is_tried_again(upstream, status):
    heard = ask(upstream, reply(status, BROKEN), stream("Here."))
    assert heard.error is None
    assert heard.text() == "Here."
    (retrying,) = heard.of(Retrying)
    assert (retrying.attempt, retrying.error.status) == (1, status)
    assert heard.slept == [retrying.wait]
    assert [opened.status for opened in heard.of(Opened)] == [status, 200]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 422, 501])
def test_a_lasting_failure_is_not_tried_again(upstream, status):
    before = len(upstream.requests)
    assert ask(upstream, reply(status, BROKEN)).slept == []
    assert len(upstream.requests) == before + 1


def test_there_are_two_retries_and_then_the_error(upstream):
    heard = ask(upstream, *[reply(503, BROKEN)] * 4)
    assert isinstance(heard.error, ProviderFailed)
    assert [retrying.attempt for retrying in heard.of(Retrying)] == [1, 2]
    assert 0.75 <= heard.slept[0] <= 1
    assert 1.5 <= heard.slept[1] <= 2


def test_an_empty_account_is_not_tried_again(upstream):
    heard = ask(upstream, reply(429, {"error": {"message": "Quota.", "code": "insufficient_quota"}}))
    assert isinstance(heard.error, OutOfCredit)
    assert heard.slept == []


@pytest.mark.parametrize("end", [Cut(), Reset()], ids=["FIN", "RST"])
def test_a_connection_that_closes_without_an_answer_is_tried_again(upstream, end):
    heard = ask(upstream, Script([end]), Script([Head(), end]), stream("Here."))
    assert heard.error is None
    assert heard.text() == "Here."
    assert len(heard.slept) == 2


@pytest.mark.parametrize("end", [Cut(), Reset()], ids=["FIN", "RST"])
def test_nothing_is_tried_again_after_the_first_token(upstream, end):
    before = len(upstream.requests)
    heard = ask(upstream, Script([Head(), Say("Once"), end]), stream("twice"))
    assert isinstance(heard.error, StreamInterrupted)
    assert heard.slept == []
    assert len(upstream.requests) == before + 1


def test_an_error_inside_a_stream_is_not_tried_again(upstream):
    heard = ask(upstream, events({"error": {"message": "Busy.", "code": 429}}), stream("twice"))
    assert isinstance(heard.error, StreamFailed)
    assert heard.slept == []


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "7"}, 7, 7.7),
        ({"Retry-After": "2.5"}, 2.5, 2.75),
        ({"Retry-After": "0"}, 0, 0),
        ({"Retry-After": "60"}, 60, 60),
        ({"retry-after-ms": "1500", "Retry-After": "9"}, 1.5, 1.65),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0, 0),
        ({"Retry-After": "soon"}, 0.75, 1),
        ({"Retry-After": "-5"}, 0.75, 1),
        ({"Retry-After": "nan"}, 0.75, 1),
        ({"Retry-After": "inf"}, 0.75, 1),
        ({"Retry-After": ""}, 0.75, 1),
    ],
)
def test_the_provider_says_how_long_to_wait(upstream, headers, least, most):
    heard = ask(upstream, reply(429, BROKEN, headers), stream("x"))
    assert heard.error is None
    assert least <= heard.slept[0] <= most


def test_the_wait_may_be_given_as_a_date(upstream):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    heard = ask(upstream, reply(503, BROKEN, {"Retry-After": date}), stream("x"))
    assert 15 <= heard.slept[0] <= 22


@pytest.mark.parametrize("seconds", ["61", "3600", "1000000000"])
def test_a_wait_that_is_too_long_is_told_and_not_waited(upstream, seconds):
    heard = ask(upstream, reply(429, BROKEN, {"Retry-After": seconds}), stream("x"))
    assert isinstance(heard.error, RateLimited)
    assert heard.error.retry_after == float(seconds)
    assert f"{seconds} seconds" in heard.error.message
    assert heard.slept == []


def test_a_date_without_a_zone_is_read_as_utc():
    date = (datetime.now(UTC) + timedelta(seconds=100)).strftime("%a, %d %b %Y %H:%M:%S")
    wait = read_retry_after({"retry-after": date})
    assert wait is not None
    assert 95 <= wait <= 100


def test_no_retries_are_made_if_none_are_allowed(upstream):
    assert ask(upstream, reply(500, BROKEN), limits=Limits(retries=0)).slept == []


def test_the_last_of_several_errors_is_the_one_that_is_told(upstream):
    heard = ask(upstream, reply(500, BROKEN), reply(401, BROKEN))
    assert isinstance(heard.error, KeyRefused)
