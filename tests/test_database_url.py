"""What DATABASE_URL makes of the settings."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from chat import history
from chat.models import Conversation, Message
from tests.servers import ROOT

SHOW = "import json; from django.conf import settings; print(json.dumps(settings.DATABASES['default'], default=str))"


def database(folder: Path, url: str) -> dict[str, Any]:
    given = {"PATH": os.environ["PATH"], "PLAYGROUND_DATA": str(folder), "DATABASE_URL": url}
    given["DJANGO_SETTINGS_MODULE"] = "playground.settings"
    shown = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def test_connections_are_pooled_and_tried_before_they_are_used(tmp_path: Path) -> None:
    found = database(tmp_path, "postgres://me@db/playground")
    assert found["OPTIONS"]["pool"]["max_size"] == 10
    assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == (0, True)


def test_what_the_address_asks_for_is_kept(tmp_path: Path) -> None:
    """A database that must be encrypted stays so."""
    assert (
        database(tmp_path, "postgres://me@db/playground?sslmode=require")["OPTIONS"]["sslmode"] == "require"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["\0", "tal\0", "\0 \0", "a\0talk", "%", "'; --", "\\"])
def test_no_query_breaks_the_search(alice: User, query: str) -> None:
    talk = Conversation.objects.create(owner=alice, title="A talk")
    talk.show(Message.objects.create(conversation=talk, role="user"))
    assert history.page_of(alice, query=query) is not None
