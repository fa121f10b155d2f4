from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def _place_for_static_files(settings: Any) -> None:
    """WhiteNoise looks for it, even where nothing is collected."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def alices(alice: Any, as_user: Any) -> Client:
    client: Client = as_user(alice)
    return client
