"""From an HTTP status of 300 or more and its body to the error that a person can act on."""

from collections.abc import Iterable, Mapping

import httpx

from . import errors
from .endpoint import Endpoint
from .words import Words, names_in, read_words

REQUEST_IDS = ("x-request-id", "x-generation-id", "x-together-traceid", "request-id", "cf-ray")
OWN_KEYS = ("model", "messages", "prompt", "stream")

TOO_LONG = (
    "context length", "context_length", "maximum context", "context window", "context size", "max_new_tokens",
    "exceed_context_size", "prompt is too long", "input is too long", "model's context",
)  # fmt: skip
NO_CREDIT = (
    "insufficient_quota",
    "insufficient quota",
    "insufficient credit",
    "insufficient balance",
    "billing",
)
NO_MODEL = ("model_not_found", "model_not_available", "not a valid model", "unknown model", "no such model")
NO_KEY = ("api key", "api_key", "invalid key", "unauthorized", "authentication")


def request_id_of(headers: Mapping[str, str]) -> str | None:
    return next((headers[name][:200] for name in REQUEST_IDS if name in headers), None)


def refusal(
    endpoint: Endpoint,
    response: httpx.Response,
    body: bytes,
    sent: Mapping[str, object],
    retry_after: float | None,
) -> errors.CompletionError:
    """The error for this answer. `sent` is the body of our request, to recognise its parameters."""
    if response.is_redirect or 300 <= response.status_code < 400:
        return _redirected(endpoint, response)
    words = read_words(body, endpoint.key)
    param = _param(words, sent)
    kind = _kind(response.status_code, words, param)
    return kind(
        _sentence(kind, endpoint.host, response.status_code, words, param, retry_after),
        said=words.said or f"HTTP {response.status_code}",
        status=response.status_code,
        code=words.code or None,
        param=param or None,
        retryable=_retryable(kind, response.status_code),
        retry_after=retry_after,
        request_id=request_id_of(response.headers),
    )


def _kind(status: int, words: Words, param: str) -> type[errors.CompletionError]:
    text = f"{words.said} {words.code} {words.type}".lower()
    if status != 429 and _any(TOO_LONG, text):
        return errors.ContextTooLong
    if status == 402 or (status == 429 and _any(NO_CREDIT, text)):
        return errors.OutOfCredit
    if status == 401 or (status == 403 and _any(NO_KEY, text)):
        return errors.KeyRefused
    if status == 405 or (status == 404 and not _names_a_thing(words)):
        return errors.NotAnApi
    if status == 404 or (status < 500 and (_any(NO_MODEL, text) or _says_no_model(text))):
        return errors.ModelUnknown
    if status in (429, 498):
        return errors.RateLimited
    if status >= 500 or status in (408, 425):
        return errors.ProviderFailed
    return errors.ParameterRejected if param and status in (400, 422) else errors.RequestRefused


def _names_a_thing(words: Words) -> bool:
    """A 404 of an API says what it did not find; the 404 of a web server only says so."""
    return words.is_json and words.said.lower().strip(" .") not in ("", "not found", "404 page not found")


def _says_no_model(text: str) -> bool:
    return "model" in text and ("does not exist" in text or "not found" in text)


def _param(words: Words, sent: Mapping[str, object]) -> str:
    """The parameter of ours that the provider objects to."""
    named = words.param.replace("[", ".").split(".")[0]
    if named in sent:
        return "" if named in OWN_KEYS else named
    return names_in(words.said, [name for name in sent if name not in OWN_KEYS])


def _retryable(kind: type[errors.CompletionError], status: int) -> bool:
    return (kind.retryable and status != 501) or status == 409


def _redirected(endpoint: Endpoint, response: httpx.Response) -> errors.NotAnApi:
    try:
        target = httpx.URL(endpoint.base_url).join(response.headers.get("location", "")).host
    except (httpx.InvalidURL, ValueError):
        target = ""
    where = f" to {target}" if target else ""
    return errors.NotAnApi(
        f"{endpoint.host} redirects{where} instead of answering. Redirects are not followed, so that the key "
        "and the prompt go nowhere else. Check the base URL.",
        status=response.status_code,
        request_id=request_id_of(response.headers),
    )


def _sentence(
    kind: type[errors.CompletionError], host: str, status: int, words: Words, param: str, wait: float | None
) -> str:
    later = f"Try again in {wait:.0f} seconds." if wait else "Wait a moment, then try again."
    model = "The list of models shows what this key may use."
    sentences: dict[type[errors.CompletionError], str] = {
        errors.ContextTooLong: "This is too long for the model. Shorten the conversation, or lower Max tokens.",
        errors.OutOfCredit: f"The account at {host} has no credit left. Top it up there, or use another key.",
        errors.KeyRefused: f"{host} refused the key. Check it under Providers and keys.",
        errors.NotAnApi: f"{host} has no such address (HTTP {status}). Check the base URL.",
        errors.ModelUnknown: f"The provider does not know this model, or this key may not use it. {model}",
        errors.RateLimited: f"{host} gets too many requests. {later}",
        errors.ProviderFailed: f"{host} failed (HTTP {status}). {later}",
        errors.ParameterRejected: f"{host} rejects {param}. Unset it, or change its value, and send again.",
        errors.RequestRefused: f"{host} refused the request (HTTP {status}).",
    }
    return sentences[kind]


def _any(needles: Iterable[str], text: str) -> bool:
    return any(needle in text for needle in needles)
