import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.completions import DIALECTS, Endpoint, guess_dialect, normalise_base_url


@pytest.mark.parametrize(
    ("typed", "base_url"),
    [
        ("https://api.together.ai/v1", "https://api.together.ai/v1"),
        ("  https://api.together.ai/v1/ \n", "https://api.together.ai/v1"),
        ("https://api.together.ai/v1/chat/completions", "https://api.together.ai/v1"),
        ("https://api.together.ai/v1/chat/completions/", "https://api.together.ai/v1"),
        ("https://api.together.ai/v1/completions", "https://api.together.ai/v1"),
        ("https://openrouter.ai/api/v1/models", "https://openrouter.ai/api/v1"),
        ("https://api.deepseek.com", "https://api.deepseek.com"),
        ("HTTPS://API.OpenAI.com:443/v1", "https://api.openai.com/v1"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://vllm_server:8000/v1", "http://vllm_server:8000/v1"),
        ("https://bücher.example/v1", "https://xn--bcher-kva.example/v1"),
    ],
)
def test_a_base_url_has_one_spelling(typed, base_url):
    assert normalise_base_url(typed) == base_url
    assert normalise_base_url(base_url) == base_url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "api.together.ai/v1",
        "localhost:11434",
        "ftp://example.org/v1",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "http:///v1",
        "http:/127.0.0.1",
        "https://user:secret@example.org/v1",
        "http://good.test@127.0.0.1/",
        "http://good.test\\@127.0.0.1/",
        "http://good.test#@127.0.0.1/",
        "https://example.org/v1?key=1",
        "https://example.org/v1#part",
        "https://exam ple.org/v1",
        "https://exam\tple.org/v1",
        "https://example.org/\nv1",
        "https://example.org/\x00",
        "http://\u2028example.org/",
        "http://１２７.0.0.1/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://example.org:port/",
        "http://a%00b/",
        "http://a..b/",
        "http://xn--/",
        "http://[::1",
        "https://" + "a" * 64 + ".org",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_an_odd_base_url_is_refused_in_words(typed):
    with pytest.raises(ValueError, match=r"URL|address") as refusal:
        normalise_base_url(typed)
    assert "secret" not in str(refusal.value)


@given(st.text(max_size=40).map("http://".__add__))
def test_any_text_is_refused_or_normalised_for_good(typed):
    try:
        base_url = normalise_base_url(typed)
    except ValueError:
        return
    assert normalise_base_url(base_url) == base_url
    assert base_url.isascii()


def test_an_endpoint_never_shows_its_key():
    endpoint = Endpoint("https://api.together.ai/v1/", " tgp-secret \n")
    assert endpoint.base_url == "https://api.together.ai/v1"
    assert endpoint.key == "tgp-secret"
    assert "secret" not in repr(endpoint)


@pytest.mark.parametrize("key", ["abc\r\nX-Evil: 1", "abc def", "ключ-secret", "secret\x00"])
def test_a_key_that_cannot_be_a_header_is_refused_without_repeating_it(key):
    with pytest.raises(ValueError, match="The key") as refusal:
        Endpoint("https://api.together.ai/v1", key)
    assert key not in str(refusal.value)


def test_an_endpoint_cannot_hold_an_address_that_may_not_be_called():
    with pytest.raises(ValueError, match="http"):
        Endpoint("file:///etc/passwd")


@pytest.mark.parametrize(
    ("base_url", "dialect"),
    [
        ("https://api.together.ai/v1", "together"),
        ("https://api.together.xyz/v1", "together"),
        ("https://api-inference.together.ai/v1", "together"),
        ("https://api.openai.com/v1", "openai"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://api.groq.com/openai/v1", "groq"),
        ("https://api.mistral.ai/v1", "mistral"),
        ("https://api.deepseek.com", "deepseek"),
        ("https://api.fireworks.ai/inference/v1", "fireworks"),
        ("http://localhost:11434/v1", "ollama"),
        ("http://127.0.0.1:8000/v1", "vllm"),
        ("http://localhost:8080/v1", "llamacpp"),
        ("http://[::1]:1234/v1", "lmstudio"),
        ("http://localhost:9999/v1", "openai"),
        ("https://eviltogether.ai/v1", "openai"),
        ("https://together.ai.evil.test/v1", "openai"),
        ("https://evil.test/together.ai", "openai"),
    ],
)
def test_the_dialect_is_guessed_from_the_host(base_url, dialect):
    assert guess_dialect(base_url) == dialect


def test_every_dialect_has_a_label_and_an_address_that_leads_back_to_it():
    for name, dialect in DIALECTS.items():
        assert dialect.label
        assert guess_dialect(normalise_base_url(dialect.base_url)) == name
