"""A provider whose connection is tested: what it says, and where it does not lead."""

from typing import Any

import pytest

from chat.models import LanguageModel, Provider
from tests.upstream import Upstream, reply

from .asking import Browser, visit

pytestmark = pytest.mark.django_db(transaction=True)


def check(user: Any, provider: Provider) -> str:
    async def act(browser: Browser) -> str:
        response = await browser.post(f"/settings/providers/{provider.pk}/check/")
        assert response.status_code == 200
        words: str = response.content.decode()
        return words

    verdict: str = visit(user, act)
    return verdict


def test_a_connection_that_works_says_how_many_models_there_are(
    operator: Any, provider: Provider, upstream: Upstream
) -> None:
    upstream.models = {"data": [{"id": "one"}, {"id": "two"}]}
    assert "lists 2 models" in check(operator, provider)
    assert LanguageModel.objects.filter(listed=True).count() == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(401, {"error": {"message": "Incorrect API key"}}), "key"),
        (reply(404, "nothing"), "base URL"),
        (reply(200, "<html>Hi</html>", {"Content-Type": "text/html"}), "base URL"),
    ],
)
def test_one_that_does_not_says_what_is_wrong(
    operator: Any, provider: Provider, upstream: Upstream, answer: Any, words: str
) -> None:
    upstream.script(answer, repeat=True)
    assert words in check(operator, provider)
    assert b"Traceback" not in check(operator, provider).encode()


def test_where_nobody_listens_it_says_so(operator: Any, provider: Provider) -> None:
    provider.base_url = "http://127.0.0.1:1/v1"
    provider.save()
    assert "127.0.0.1" in check(operator, provider)


def test_what_a_provider_says_is_text(operator: Any, provider: Provider, upstream: Upstream) -> None:
    upstream.script(reply(401, {"error": {"message": "<script>alert(1)</script>"}}), repeat=True)
    assert "<script>alert" not in check(operator, provider)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:{port}/v1",
        "http://localhost:{port}/v1",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/v1",
    ],
)
def test_what_somebody_typed_for_themselves_does_not_lead_into_our_network(
    alice: Any, upstream: Upstream, base_url: str
) -> None:
    port = upstream.base_url.split(":")[2].split("/")[0]
    row = Provider.objects.create(name="Mine", base_url=base_url.format(port=port), owner=alice)
    assert "lists" not in check(alice, row)
    assert upstream.requests == []
