"""Real servers, under daphne as `make run` starts them and under uvicorn, with a scripted upstream as provider."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.site import Site
from tests.servers import ROOT, Server, data_folder
from tests.upstream import Upstream

HERE = Path(__file__).parent
UVICORN = ["-m", "uvicorn", "playground.asgi:application", "--log-level", "warning"]
UVICORN += ["--ws-per-message-deflate", "false"]


# Before xdist reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One after another on one worker: what is measured here must not be disturbed by its own kind."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.crash)
            item.add_marker(pytest.mark.xdist_group("crash"))


class UvicornServer(Server):
    def start(self) -> Server:
        self.manage("migrate", "-v0")
        command = [sys.executable, *UVICORN, "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self.wait_until_it_answers()
        return self


@pytest.fixture
def make(tmp_path: Path, collected_static: Path, upstream: Upstream) -> Iterator[Callable[..., Server]]:
    """A started server of this kind."""
    servers: list[Server] = []

    def make(kind: type[Server] = Server, **environment: str) -> Server:
        usual = {"OPENAI_BASE_URL": upstream.base_url, "OPENAI_API_KEY": "sk-test"}
        folder = data_folder(tmp_path / str(len(servers)), collected_static)
        servers.append(kind(folder, usual | environment))
        return servers[-1].start()

    yield make
    for server in servers:
        server.__exit__()


@pytest.fixture(params=[Server, UvicornServer], ids=["daphne", "uvicorn"])
def server(make: Callable[..., Server], request: pytest.FixtureRequest) -> Server:
    return make(request.param)


@pytest.fixture
def site(server: Server) -> Iterator[Site]:
    with Site(server) as site:
        yield site
