from typing import Any

import pytest
from django.test import Client

from chat.comparisons.blind import begin_round
from chat.comparisons.panes import compare
from chat.models import Comparison, Conversation, Provider
from chat.models.copying import copy_settings
from tests.upstream import Upstream

from .hiding import Round, answered, own_vote, plain_chat, providers, source
from .inspecting import KEY


@pytest.fixture(autouse=True)
def _place_for_static_files(settings: Any) -> None:
    """WhiteNoise looks for it, even where nothing is collected."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def zoo(db: None) -> dict[str, Provider]:
    return providers()


@pytest.fixture
def plain_talk(alice: Any, zoo: dict[str, Provider]) -> Conversation:
    return plain_chat(alice, zoo["Plain"])


@pytest.fixture
def hidden(alice: Any, plain_talk: Conversation, zoo: dict[str, Provider]) -> Round:
    own_vote(alice)
    comparison = begin_round(source(alice, zoo))
    plain_talk.save_asked()
    return answered(comparison)


@pytest.fixture
def alices(alice: Any, as_user: Any) -> Client:
    client: Client = as_user(alice)
    return client


@pytest.fixture
def askable(alice: Any, zoo: dict[str, Provider], upstream: Upstream) -> Comparison:
    """Its models answer: all of them are the one upstream."""
    # No two shared providers have one address.
    for name, host in (("Zanzibar", "127.0.0.1"), ("Quillon", "localhost")):
        base_url = upstream.base_url.replace("127.0.0.1", host)
        Provider.objects.filter(name=name).update(base_url=base_url)
    return begin_round(source(alice, zoo))


@pytest.fixture
def comparison(conversation: Conversation) -> Comparison:
    """Three panes with a model each."""
    return compare(conversation.owner, [copy_settings(conversation, model=name) for name in ("a", "b", "c")])


@pytest.fixture
def with_key(provider: Provider) -> Provider:
    provider.key = KEY
    provider.save()
    return provider
