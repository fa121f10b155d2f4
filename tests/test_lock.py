"""One process for one data folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from chat.lock import hold_data_folder

ROOT = Path(__file__).parent.parent
# Takes the folder, says so, and keeps it until its input ends.
HOLD = (
    "import sys; from pathlib import Path; from chat.lock import hold_data_folder;"
    "hold_data_folder(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


def hold_elsewhere(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_second_process_is_refused_in_words(tmp_path: Path) -> None:
    hold_data_folder(tmp_path)
    other = hold_elsewhere(tmp_path)
    _, said = other.communicate(timeout=20)
    assert other.returncode == 1
    assert f"Another playground already runs on {tmp_path}" in said
    assert "Traceback" not in said


def test_the_folder_is_free_again_when_its_process_is_gone(tmp_path: Path) -> None:
    first = hold_elsewhere(tmp_path)
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    first.kill()
    first.communicate(timeout=20)
    assert hold_data_folder(tmp_path) > 0


def test_the_same_process_may_ask_twice(tmp_path: Path) -> None:
    assert hold_data_folder(tmp_path) == hold_data_folder(tmp_path)


def test_only_the_owner_may_open_the_lock(tmp_path: Path) -> None:
    hold_data_folder(tmp_path)
    assert (tmp_path / "lock").stat().st_mode & 0o077 == 0


@pytest.fixture(autouse=True)
def _not_held_from_another_test() -> None:
    hold_data_folder.cache_clear()
