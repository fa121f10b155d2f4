"""Keys, tokens and addresses in a text that somebody is about to show to others. PURE, and linear in the text.

It warns, and no more than that: what has no known shape is not found. Every pattern begins where a word begins, and
what it looks at is of one kind up to an end, so nothing is read over and over again.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

# More of one text is not worth reading.
MOST = 50
SHOWN_OF_IT = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What it looks like, where it stands, and a few letters of it by which its owner knows it."""

    kind: str
    start: int
    end: int
    hint: str


@dataclass(frozen=True, slots=True)
class Shape:
    """`marks` are what every match holds one of: a text without is not searched. `holds` looks at a match once more."""

    kind: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = lambda found: True


def _key(kind: str, *begins: str, rest: str = r"[A-Za-z0-9_-]{16,}") -> Shape:
    """A secret that is known by how it begins."""
    heads = "|".join(re.escape(begin) for begin in begins)
    return Shape(kind, begins, re.compile(rf"(?<![A-Za-z0-9_-])(?:{heads}){rest}"))


def _is_telling_v4(text: str) -> bool:
    """Not those that are the same everywhere."""
    try:
        address = IPv4Address(text)
    except AddressValueError:
        return False
    return not (
        address.is_loopback or address.is_unspecified or address.is_multicast or text.startswith("255.")
    )


def _is_telling_v6(text: str) -> bool:
    groups = [group for group in text.split(":") if group]
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return False
    # `a::b` is more often code.
    return len(groups) > 2 and not address.is_loopback


SHAPES = (
    Shape(
        "private key",
        ("PRIVATE KEY-----",),
        re.compile(r"-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----"),
    ),
    _key("API key", "sk-", rest=r"[A-Za-z0-9_-]{14,}"),
    _key("Stripe key", "sk_live_", "rk_live_", "sk_test_", "whsec_"),
    _key("AWS access key", "AKIA", "ASIA", rest=r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _key("GitHub token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    _key("GitLab token", "glpat-", "gldt-"),
    _key(
        "Slack token",
        "xoxa-",
        "xoxb-",
        "xoxe-",
        "xoxp-",
        "xoxr-",
        "xoxs-",
        "xapp-",
        rest=r"[A-Za-z0-9-]{10,}",
    ),
    _key("Google key", "AIza", "ya29.", rest=r"[A-Za-z0-9_-]{20,}"),
    _key("Hugging Face token", "hf_"),
    _key(
        "provider's key",
        "tgp_",
        "gsk_",
        "xai-",
        "pplx-",
        "r8_",
        "fw_",
        "nvapi-",
        "csk-",
        "npm_",
        "pypi-",
        "dop_v1_",
    ),
    _key("SendGrid key", "SG.", rest=r"[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}"),
    _key("JSON web token", "eyJ", rest=r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    Shape(
        "bearer token",
        ("bearer", "Bearer", "BEARER"),
        re.compile(r"(?<![A-Za-z0-9])(?:bearer|Bearer|BEARER)[ \t]{1,8}[A-Za-z0-9._~+/=-]{16,}"),
    ),
    Shape(
        "password in an address",
        ("://",),
        re.compile(r"://[^\s/:@]{1,64}:[^\s/@]{1,128}@"),
    ),
    Shape(
        "secret",
        ("key", "KEY", "Key", "secret", "SECRET", "Secret", "token", "TOKEN", "Token", "assw", "ASSW"),
        re.compile(
            r"(?<![A-Za-z])(?:[A-Za-z]{1,16}[_-]){0,3}(?:api[_-]?key|secret|token|password|passwd)[\"']?"
            r"[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?=[^\s\"']{0,64}[0-9])[^\s\"',;()<>\[\]{}]{10,256}",
            re.I,
        ),
    ),
    Shape(
        "e-mail address",
        ("@",),
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?\.){1,8}"
            r"[A-Za-z]{2,24}(?![A-Za-z0-9])"
        ),
    ),
    Shape(
        "IP address",
        (".",),
        re.compile(r"(?<![A-Za-z0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\.?[A-Za-z0-9])"),
        _is_telling_v4,
    ),
    Shape(
        "IP address",
        (":",),
        re.compile(r"(?<![A-Za-z0-9:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![A-Za-z0-9:.])"),
        _is_telling_v6,
    ),
)


def scan(text: str) -> list[Finding]:
    """What of this text looks like something to keep, in its order. At most `MOST`."""
    found = sorted(_matches(text), key=lambda finding: (finding.start, -finding.end))
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept[:MOST]


def _matches(text: str) -> Iterator[Finding]:
    for shape in SHAPES:
        if not any(mark in text for mark in shape.marks):
            continue
        for count, match in enumerate(shape.pattern.finditer(text)):
            if count >= 10 * MOST:
                break
            if shape.holds(match[0]):
                yield Finding(shape.kind, match.start(), match.end(), _hint(match[0]))


def _hint(text: str) -> str:
    """Enough to know it by; a short one is told whole, for it is no secret to its owner."""
    if len(text) <= 2 * SHOWN_OF_IT + 8:
        return text
    return f"{text[: 2 * SHOWN_OF_IT]}…{text[-SHOWN_OF_IT:]}"
