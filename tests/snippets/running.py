"""Running code: many snippets in one process for each language, each snippet's prints in a file beside it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KEY = "sk-a-key-that-is-read-from-the-environment"
VARIABLE = "SOME_API_KEY"
# For all snippets of one target, on a machine that does other things too.
SECONDS = 300
PACKAGES = ("openai@7.55.0", "together-ai@0.52.0")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Language:
    suffix: str
    command: tuple[str, ...]


PYTHON = Language("py", (sys.executable, str(HERE / "run_all.py")))
NODE = Language("mjs", ("node", "run_all.mjs"))
SHELL = Language("sh", ("sh", str(HERE / "run_all.sh")))


def language_of(target: str) -> Language:
    return SHELL if target == "curl" else PYTHON if target.startswith("python") else NODE


def run(target: str, snippets: Sequence[str], folder: Path) -> list[str]:
    """What each printed. Fails with the words of the first that failed."""
    language = language_of(target)
    for number, code in enumerate(snippets):
        (folder / f"{number:04}.{language.suffix}").write_bytes(code.encode())
    if language is NODE:
        shutil.copy(HERE / "run_all.mjs", folder)
        (folder / "node_modules").symlink_to(node_packages())
    done = subprocess.run(
        language.command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, f"{done.stderr[:4000]}\n…\n{done.stderr[-2000:]}"
    outs = [folder / f"{number:04}.{language.suffix}.out" for number in range(len(snippets))]
    return [out.read_bytes().decode() for out in outs]


def environment() -> dict[str, str]:
    """No proxies, and no key but this one."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", VARIABLE: KEY}


class NoNode(Exception):
    """Why code for Node cannot be run here."""


@cache
def node_packages() -> Path:
    """The folder with the real packages; they are fetched once and kept for later runs. Raises NoNode."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise NoNode("There is no Node here, or no npm.")
    cache_folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "playground-tests"
    kept = cache_folder / "-".join(PACKAGES).replace("@", "-")
    if not (kept / "node_modules").is_dir():
        cache_folder.mkdir(parents=True, exist_ok=True)
        _install(kept)
    return kept / "node_modules"


def _install(into: Path) -> None:
    """Beside its place first, so that half an installation is never taken for a whole one."""
    with tempfile.TemporaryDirectory(dir=into.parent) as folder:
        Path(folder, "package.json").write_text('{"private": true}')
        command = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--fetch-retries=0",
            *PACKAGES,
        ]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
        except subprocess.TimeoutExpired:
            raise NoNode("npm did not answer within two minutes.") from None
        if done.returncode:
            raise NoNode(f"npm could not install {' and '.join(PACKAGES)}: {done.stderr.strip()[-300:]}")
        into.mkdir(exist_ok=True)
        try:
            Path(folder, "node_modules").rename(into / "node_modules")
        except OSError:
            pass  # Another run was quicker.
