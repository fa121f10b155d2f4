"""A provider: its name, its one address, its key."""

import pytest

from chat.forms import ProviderForm, first_error
from chat.models import Provider


def typed(**fields: str) -> dict[str, str]:
    return {"name": "Example", "base_url": "https://api.example.com/v1", "key": "", "dialect": "", **fields}


@pytest.mark.django_db
def test_a_provider_is_stored_with_its_key_sealed() -> None:
    form = ProviderForm(None, typed(key="  sk-0123456789abcdef  "))
    assert form.is_valid(), form.errors
    saved = Provider.objects.get(pk=form.save().pk)
    assert (saved.name, saved.key, saved.key_hint) == ("Example", "sk-0123456789abcdef", "cdef")
    assert saved.source == "added"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base_url", "stored"),
    [
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        (" https://API.example.com/v1/chat/completions ", "https://api.example.com/v1"),
        ("http://localhost:1234/v1", "http://localhost:1234/v1"),
    ],
)
def test_an_address_is_stored_in_one_spelling(base_url: str, stored: str) -> None:
    form = ProviderForm(None, typed(base_url=base_url))
    assert form.is_valid(), form.errors
    assert form.save().base_url == stored


@pytest.mark.django_db
@pytest.mark.parametrize(
    "base_url",
    [
        "", "api.example.com", "ftp://example.com", "javascript:alert(1)", "https://", "https:///v1",
        "https://user:pass@example.com/v1", "https://example.com/v1?key=1", "https://example.com/#x",
        "https://example.com:99999/v1", "https://exa mple.com", "http://[::1", "https://example.com\\@evil.test",
        "x" * 501,
    ],
)  # fmt: skip
def test_what_is_no_base_url_is_refused_beside_its_field(base_url: str) -> None:
    form = ProviderForm(None, typed(base_url=base_url))
    assert not form.is_valid()
    assert set(form.errors) == {"base_url"}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["sk-ключ", "sk-“quoted”", "sk one two", "sk\x07bell", "x" * 4001])
def test_what_no_key_can_be_is_refused_without_repeating_it(key: str) -> None:
    form = ProviderForm(None, typed(key=key))
    assert not form.is_valid()
    assert set(form.errors) == {"key"}
    assert key not in str(form.errors)


@pytest.mark.django_db
def test_an_address_is_there_once() -> None:
    ProviderForm(None, typed()).is_valid()
    Provider.objects.create(name="First", base_url="https://api.example.com/v1")
    form = ProviderForm(None, typed(base_url="https://api.example.com/v1/"))
    assert "already" in first_error(form)


@pytest.mark.django_db
def test_a_provider_may_keep_its_own_address() -> None:
    row = Provider.objects.create(name="First", base_url="https://api.example.com/v1")
    assert ProviderForm(None, typed(name="Renamed"), row).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base_url", "dialect"),
    [
        ("https://api.together.ai/v1", "together"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("http://localhost:11434/v1", "ollama"),
        ("https://unknown.test/v1", "openai"),
    ],
)
def test_the_dialect_is_as_the_address_suggests(base_url: str, dialect: str) -> None:
    form = ProviderForm(None, typed(base_url=base_url))
    assert form.is_valid(), form.errors
    assert form.save().dialect == dialect


@pytest.mark.django_db
def test_a_dialect_may_be_chosen_but_not_made_up() -> None:
    chosen = ProviderForm(None, typed(dialect="vllm"))
    assert chosen.is_valid()
    assert chosen.save().dialect == "vllm"
    assert not ProviderForm(None, typed(dialect="klingon")).is_valid()


@pytest.mark.django_db
def test_an_empty_key_keeps_the_one_that_is_there_unless_the_host_changes() -> None:
    form = ProviderForm(None, typed(key="sk-0123456789abcdef"))
    assert form.is_valid()
    row = form.save()
    same = ProviderForm(None, typed(base_url="https://api.example.com/v2"), row)
    assert same.is_valid()
    assert same.save().key == "sk-0123456789abcdef"
    other = ProviderForm(None, typed(base_url="https://elsewhere.example.com/v1"), row)
    assert other.is_valid()
    assert other.save().key == ""


@pytest.mark.django_db
def test_saving_takes_the_trouble_of_before_away() -> None:
    row = Provider.objects.create(name="First", base_url="https://api.example.com/v1", trouble="It was down.")
    form = ProviderForm(None, typed(), row)
    assert form.is_valid()
    assert form.save().trouble == ""
