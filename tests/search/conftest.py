from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _place_for_static_files(settings: Any) -> None:
    """WhiteNoise looks for it, even where nothing is collected."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
