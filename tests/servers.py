"""A playground in a process of its own, as `make run` starts it: to be visited, killed and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent
DATABASE = "playground.sqlite3"
SECONDS_TO_START = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`folder` is its PLAYGROUND_DATA. `environment` is added to a bare one. `application` replaces the ASGI module."""

    def __init__(
        self, folder: Path, environment: dict[str, str] | None = None, settings: str = "playground.settings"
    ):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "PLAYGROUND_DATA": str(folder),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": settings,
            **(environment or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            assert self.process
            if self.process.poll() is not None:
                raise RuntimeError(f"The server ended at once:\n{self.log.read_text()}")
            try:
                if httpx.get(f"{self.url}/healthz", timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError(f"The server did not answer:\n{self.log.read_text()}")

    def kill(self) -> None:
        """As a power cut would."""
        self._signal(signal.SIGKILL)

    def terminate(self) -> int:
        """As a deployment would. Returns the exit code."""
        return self._signal(signal.SIGTERM)

    def restart(self) -> "Server":
        return self.start()

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def _signal(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *exception: Any) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def collect_static(into: Path) -> Path:
    """The static files and beside them an empty database, once for all servers of a test run."""
    environment = {
        **os.environ,
        "PLAYGROUND_DATA": str(into),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "playground.settings",
    }
    for command in (["collectstatic", "--noinput", "-v0"], ["migrate", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    return into / "static"


def data_folder(folder: Path, static: Path) -> Path:
    """A PLAYGROUND_DATA with nothing in it but what a first start makes: static files, and tables without a row."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "static").exists():
        shutil.copytree(static, folder / "static", copy_function=os.link)
    if not (folder / DATABASE).exists():
        shutil.copy(static.parent / DATABASE, folder)
    return folder
