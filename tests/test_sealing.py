"""Keys at rest: they open for their own row and address only."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from chat.models import Provider
from chat.sealing import CannotUnseal, open_ring, seal, unseal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ring"


def test_what_is_sealed_opens_again_and_does_not_show(path: Path) -> None:
    sealed = seal(open_ring(path), "sk-secret", "row https://a")
    assert "sk-secret" not in sealed
    assert unseal(open_ring(path), sealed, "row https://a") == "sk-secret"


@pytest.mark.parametrize("elsewhere", ["other https://a", "row https://b", "row http://a", "row", ""])
def test_it_opens_for_no_other_row_and_no_other_address(path: Path, elsewhere: str) -> None:
    sealed = seal(open_ring(path), "sk-secret", "row https://a")
    with pytest.raises(CannotUnseal, match="another address"):
        unseal(open_ring(path), sealed, elsewhere)


def test_only_the_owner_of_the_file_may_read_it(path: Path) -> None:
    open_ring(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_ring_is_made_once(path: Path) -> None:
    open_ring(path)
    before = path.read_bytes()
    open_ring.cache_clear()
    open_ring(path)
    assert path.read_bytes() == before


def test_a_new_key_on_top_seals_and_the_old_one_still_opens(path: Path) -> None:
    sealed = seal(open_ring(path), "old", "row")
    old = path.read_bytes()
    path.write_bytes(Fernet.generate_key() + b"\n" + old)
    open_ring.cache_clear()
    assert unseal(open_ring(path), sealed, "row") == "old"
    newer = seal(open_ring(path), "new", "row")
    with pytest.raises(CannotUnseal):
        unseal(ring_of(path.parent / "old", old), newer, "row")


def test_a_ring_without_the_key_says_what_to_do(path: Path) -> None:
    sealed = seal(open_ring(path), "secret", "row")
    with pytest.raises(CannotUnseal, match="enter it again"):
        unseal(open_ring(path.parent / "another"), sealed, "row")


@pytest.mark.parametrize("damaged", ["", "gAAAA", "no token at all", "é"])
def test_damage_cannot_be_opened_and_is_no_crash(path: Path, damaged: str) -> None:
    with pytest.raises(CannotUnseal):
        unseal(open_ring(path), damaged, "row")


def ring_of(path: Path, keys: bytes) -> object:
    path.write_bytes(keys)
    return open_ring(path)


# A provider's key

ADDRESS = "https://api.example.com/v1"


def with_key(key: str = "sk-0123456789abcdef") -> Provider:
    provider = Provider(name="Example", base_url=ADDRESS)
    provider.key = key
    return provider


def test_a_provider_keeps_its_key_sealed_and_shows_four_characters() -> None:
    provider = with_key()
    assert provider.key == "sk-0123456789abcdef"
    assert provider.key_hint == "cdef"
    assert "0123" not in provider.sealed_key


def test_a_short_key_shows_nothing_of_itself() -> None:
    assert with_key("short-key").key_hint == ""


def test_no_key_is_no_secret() -> None:
    provider = with_key("")
    assert (provider.key, provider.sealed_key, provider.key_hint) == ("", "", "")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example.org/v1",
        "http://api.example.com/v1",
        "https://api.example.com:8443/v1",
        "https://api.example.com.evil.test/v1",
    ],
)
def test_another_origin_forgets_the_key(address: str) -> None:
    provider = with_key()
    provider.move_to(address)
    assert (provider.key, provider.key_hint) == ("", "")


@pytest.mark.parametrize("address", ["https://api.example.com/v2", "https://API.example.com/v1"])
def test_another_path_of_the_same_origin_keeps_it(address: str) -> None:
    provider = with_key()
    provider.move_to(address)
    assert provider.key == "sk-0123456789abcdef"


def test_a_key_copied_into_another_row_does_not_open() -> None:
    other = Provider(name="Other", base_url=ADDRESS, sealed_key=with_key().sealed_key)
    with pytest.raises(CannotUnseal):
        assert other.key


def test_an_address_changed_behind_our_back_does_not_get_the_key() -> None:
    provider = with_key()
    provider.base_url = "https://evil.test/v1"
    with pytest.raises(CannotUnseal):
        assert provider.key
