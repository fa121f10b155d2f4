"""The cast: Alice owns, Bob is a stranger. And the places that they act in: clients, a server, an upstream."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from chat import who
from chat.models import Conversation, LanguageModel, Provider
from tests.servers import Server, collect_static, data_folder
from tests.upstream import Upstream


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The thread of asynchronous code outlives its loops, and a database that somebody is connected to stays."""
    yield
    asyncio.run(sync_to_async(connections.close_all)())


@pytest.fixture
def alice(db: None) -> Any:
    return get_user_model().objects.create_user("alice", password="correct horse")


@pytest.fixture
def bob(db: None) -> Any:
    return get_user_model().objects.create_user("bob", password="battery staple")


@pytest.fixture
def operator(db: None) -> Any:
    return get_user_model().objects.create_user("olga", password="root of all", is_staff=True)


@pytest.fixture
def as_user() -> Callable[[Any], Client]:
    """A browser that is signed in, for views that start nothing."""

    def sign_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture
def provider(db: None, upstream: Upstream) -> Provider:
    """The scripted upstream, as the operator's provider."""
    row = Provider.objects.create(name="Scripted", base_url=upstream.base_url, dialect="openai")
    LanguageModel.objects.create(provider=row, name="scripted", type="chat")
    return row


@pytest.fixture
def conversation(alice: Any, provider: Provider) -> Conversation:
    return Conversation.objects.create(owner=alice, title="A talk", provider=provider, model="scripted")


@pytest.fixture(autouse=True)
def _no_owner_of_an_earlier_test() -> Iterator[None]:
    yield
    who._owner = None


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return collect_static(tmp_path_factory.mktemp("collected"))


@pytest.fixture
def make_server(tmp_path: Path, collected_static: Path) -> Iterator[Callable[..., Server]]:
    """A real server on a folder of its own; more than one if asked again."""
    servers: list[Server] = []

    def make(name: str = "data", **options: Any) -> Server:
        server = Server(data_folder(tmp_path / name, collected_static), **options)
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        server.__exit__()
