"""Reading the environment: an odd value stops the start with words."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from playground import environment

Give = Callable[[str], None]


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Give:
    return lambda value: monkeypatch.setenv("THING", value)


def test_text_is_stripped_and_empty_means_the_default(give: Give) -> None:
    assert environment.text("THING", "usual") == "usual"
    give("  ")
    assert environment.text("THING", "usual") == "usual"
    give(" x ")
    assert environment.text("THING", "usual") == "x"


@pytest.mark.parametrize(
    ("value", "meaning"),
    [("1", True), ("true", True), ("YES", True), ("on", True), ("0", False), ("No", False), ("off", False)],
)
def test_a_flag_is_said_in_several_ways(give: Give, value: str, meaning: bool) -> None:
    give(value)
    assert environment.flag("THING") is meaning


def test_a_flag_that_is_not_there_is_its_default() -> None:
    assert environment.flag("THING") is False
    assert environment.flag("THING", True) is True


@pytest.mark.parametrize("value", ["2", "maybe", "tru"])
def test_a_flag_that_is_neither_stops_the_start(give: Give, value: str) -> None:
    give(value)
    with pytest.raises(ImproperlyConfigured, match="THING must be 1 or 0"):
        environment.flag("THING")


@pytest.mark.parametrize(("value", "port"), [("", 8000), ("1", 1), ("65535", 65535), (" 9000 ", 9000)])
def test_a_port_is_a_number(give: Give, value: str, port: int) -> None:
    give(value)
    assert environment.port("THING", 8000) == port


@pytest.mark.parametrize("value", ["0", "65536", "-1", "80a", "8000.0", "http"])
def test_what_is_no_port_stops_the_start(give: Give, value: str) -> None:
    give(value)
    with pytest.raises(ImproperlyConfigured, match="THING must be a port from 1 to 65535"):
        environment.port("THING", 8000)


def test_names_are_divided_by_commas(give: Give) -> None:
    give("a.test, b.test ,,")
    assert environment.names("THING") == ["a.test", "b.test"]


def test_the_data_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = environment.private_folder(tmp_path / "deep" / "data")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert environment.private_folder(folder) == folder


def test_a_secret_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    secret = environment.secret_file(path)
    assert len(secret) > 50
    assert environment.secret_file(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
