"""What is measured, each in a process of its own: the playground, the bare relay, the bare page, the upstream."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench import cores
from tests.servers import ROOT, Server, collect_static, data_folder, free_port

KINDS = ("daphne", "uvicorn")


class Running:
    """A server process on the server's core. `command` starts it."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str] | None = None) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **(environment or {})}
        self.command = [sys.executable, *command]
        self.process: subprocess.Popen[bytes] | None = None
        self.log = Path(tempfile.gettempdir()) / f"playground-bench-{os.getpid()}-{port}.log"

    def start(self) -> "Running":
        with cores.on(cores.SERVER), self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        return self

    def wait(self, path: str = "/", seconds: float = 90) -> "Running":
        """Until it answers anything at all on this path."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.command} ended at once:\n{self.log.read_text()}")
            try:
                httpx.get(self.url + path, timeout=5, trust_env=False)
                return self
            except httpx.TransportError:
                time.sleep(0.004)
        raise RuntimeError(f"{self.command} did not answer")

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its threads."""
        times = self._watched().cpu_times()
        return float(times.user + times.system)

    def own_memory(self) -> int:
        """Bytes that are this process's alone."""
        return int(self._watched().memory_full_info().uss)

    def resident_memory(self) -> int:
        return int(self._watched().memory_info().rss)

    def stop(self) -> None:
        self.log.unlink(missing_ok=True)
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _watched(self) -> psutil.Process:
        assert self.process
        return psutil.Process(self.process.pid)

    def __enter__(self) -> "Running":
        return self.start().wait()

    def __exit__(self, *exception: Any) -> None:
        self.stop()


def relay(kind: str, upstream: str) -> Running:
    return Running(["-m", "bench.relay", kind, str(port := free_port())], port, {"BENCH_UPSTREAM": upstream})


def bare_page(kind: str, upstream: str, folder: Path) -> Running:
    environment = {"BENCH_UPSTREAM": upstream, "BENCH_DATA": str(folder)}
    return Running(["-m", "bench.page", kind, str(port := free_port())], port, environment)


def playground(kind: str, folder: Path, upstream: str = "") -> Running:
    """As people run it: history and saving on, SQLite, the owner of this machine signed in."""
    environment = {"OPENAI_BASE_URL": upstream, "OPENAI_API_KEY": "bench"} if upstream else {}
    base = Server(folder, environment)
    command = ["manage.py", "serve"]
    if kind == "uvicorn":
        base.manage("migrate", "-v0")
        command = [
            "-m",
            "uvicorn",
            "playground.asgi:application",
            "--port",
            str(base.port),
            "--no-access-log",
        ]
        command += ["--log-level", "warning", "--ws-per-message-deflate", "false"]
    else:
        base.environment["PYTHONWARNINGS"] = "ignore"
    return Running(command, base.port, base.environment)


class Places:
    """Data folders for playgrounds, with static files collected once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.count = 0
        (root / "collected").mkdir()
        self.static = collect_static(root / "collected")

    def new(self) -> Path:
        self.count += 1
        return data_folder(self.root / f"data-{self.count}", self.static)


@contextmanager
def places() -> Iterator[Places]:
    with tempfile.TemporaryDirectory(prefix="playground-bench-") as root:
        yield Places(Path(root))


@contextmanager
def upstream() -> Iterator[str]:
    """The base URL of a provider on the load's core."""
    with cores.on(cores.LOAD):
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.upstream"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
