import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("options", [{"port": 0}, {"port": 70_000}, {"pace": -1.0}, {"pace": float("nan")}])
def test_odd_options_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(CommandError, match="--port"):
        call_command("demo_server", **options)


def test_a_port_in_use_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "manage.py", "demo_server", "--port", str(taken.getsockname()[1])]
        environment = os.environ | {"PLAYGROUND_DATA": str(tmp_path)}
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert "Nothing listens at 127.0.0.1:" in ended.stderr
    assert "answer at" not in ended.stdout
