"""Where to send a request, and with which key."""

import re
from dataclasses import dataclass, field

import httpx

LONGEST_URL = 2000
ENDINGS = ("/chat/completions", "/completions", "/models")
HOST = re.compile(rb"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")
PRINTABLE = re.compile(r"[\x21-\x7e]*")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that may be called. Raises ValueError, with words for a person, for one that may not.

    An empty key means: send no Authorization header. `public_only`: someone whom the operator does not vouch for
    chose the address, so it must not lead into the operator's network.
    """

    base_url: str
    key: str = field(default="", repr=False)
    dialect: str = "openai"
    public_only: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", normalise_base_url(self.base_url))
        object.__setattr__(self, "key", clean_key(self.key))

    @property
    def host(self) -> str:
        return httpx.URL(self.base_url).host

    @property
    def origin(self) -> str:
        url = httpx.URL(self.base_url)
        return f"{url.scheme}://{url.netloc.decode()}"


def normalise_base_url(text: str) -> str:
    """The base URL in one spelling; twice is as good as once. Raises ValueError with words for a person."""
    text = text.strip()
    _refuse_odd_text(text)
    try:
        scheme, _, rest = text.partition(":")
        # httpx knows the usual port of a scheme only in small letters.
        url = httpx.URL(f"{scheme.lower()}:{rest}")
        host = url.host
    except (httpx.InvalidURL, ValueError):
        raise ValueError("This is no web address. An example: https://api.together.ai/v1") from None
    _refuse_odd_parts(url, host)
    path = url.raw_path.decode().rstrip("/")
    for ending in ENDINGS:
        if path.endswith(ending):
            path = path.removesuffix(ending).rstrip("/")
            break
    return f"{url.scheme}://{url.netloc.decode()}{path}"


def _refuse_odd_text(text: str) -> None:
    if not text:
        raise ValueError("Type the base URL of the API, such as https://api.together.ai/v1")
    if len(text) > LONGEST_URL:
        raise ValueError(f"The base URL is longer than {LONGEST_URL} characters.")
    if "\\" in text or any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError("The base URL must not contain spaces, backslashes or control characters.")
    if not re.match(r"https?://[^/]", text, re.IGNORECASE):
        raise ValueError("The base URL must begin with http:// or https:// and a host name.")
    if "#" in text or "?" in text:
        raise ValueError("The base URL must end with the path: leave out “?” and “#” and what follows.")


def _refuse_odd_parts(url: httpx.URL, host: str) -> None:
    if url.userinfo or b"@" in url.netloc:
        raise ValueError("The base URL must not contain a user name or password. The key has its own field.")
    if ":" not in host and not HOST.fullmatch(url.raw_host):
        raise ValueError("The base URL needs a host name, such as api.together.ai")
    if url.port is not None and not 0 < url.port < 65536:
        raise ValueError("The port in the base URL must be from 1 to 65535.")


def clean_key(text: str) -> str:
    """The key without blanks around it. Raises ValueError, which never repeats the key."""
    key = text.strip()
    if not PRINTABLE.fullmatch(key):
        raise ValueError("The key holds a blank or a character that no key has. Copy it again, alone.")
    return key
