"""A browser, a server with a scripted upstream as its provider, and visitors. Console complaints fail a story."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import open_chromium
from tests.browser.gardener import Gardener
from tests.browser.owner import Owner
from tests.browser.side_by_side import listed
from tests.browser.visitor import Visitor
from tests.crash.site import Site, wait_for
from tests.servers import Server, data_folder
from tests.upstream import Upstream

HERE = Path(__file__).parent
expect.set_options(timeout=15_000)
KEY = "sk-test-a-secret-that-no-page-may-show"


# Before xdist reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file of stories is one group: its server and its browser start once."""
    for item in items:
        if item.path.parent == HERE and item.path.stem != "test_rendering":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


# A browser per module, not per run: its loop must be gone before other tests of this process start theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture(scope="module")
def models_side_by_side(upstream: Upstream) -> None:
    """Stories of several models say that they use it, so that they stand there before the server asks for the list."""
    upstream.models = listed()


@pytest.fixture(scope="module")
def start_server(
    collected_static: Path, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Server]]:
    """A server whose provider OpenAI is the scripted upstream; `environment` adds to it or takes away."""
    servers: list[Server] = []

    def start(environment: dict[str, str] | None = None, **options: Any) -> Server:
        usual = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": KEY}
        folder = data_folder(tmp_path_factory.mktemp("server"), collected_static)
        server = Server(folder, usual if environment is None else environment, **options)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.__exit__()


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server]) -> Server:
    server = start_server()
    with Site(server) as site:
        wait_for(lambda: site.knows("mirror"))
    return server


@pytest.fixture
def invite(browser: Browser) -> Iterator[Callable[..., Any]]:
    """Visitors of any server and kind, each with a browser profile of their own. `options` are the profile's."""
    troubles: list[str] = []
    contexts = []

    def come_in(server: Server, kind: type[Visitor] = Visitor, **options: Any) -> Visitor:
        context = browser.new_context(**options)
        contexts.append(context)
        return kind(context, server.url, troubles)

    yield come_in
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def visitor(server: Server, invite: Callable[..., Visitor]) -> Visitor:
    return invite(server)


@pytest.fixture
def gardener(server: Server, invite: Callable[..., Gardener]) -> Gardener:
    return invite(server, Gardener)


@pytest.fixture
def owner(server: Server, invite: Callable[..., Owner]) -> Owner:
    return invite(server, Owner, permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def reader(server: Server, invite: Callable[..., Visitor]) -> Visitor:
    """In a browser that has never been here."""
    return invite(server)
