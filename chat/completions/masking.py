"""No secret is ever repeated: some servers put the key into their error messages."""

import re

SHOWN = "…"
SHORTEST = 4
# Enough of a key to find what a server left of it: "sk-ab12****wxyz".
ENDS = 6

SECRETS = re.compile(
    r"\bsk-[\w*.…-]{6,}|\b(?:pk|rk|gsk|key|tgp|xai|fw|hf|nvapi|csk|or)[-_][\w*.…-]{16,}|\bBearer\s+[^\s\"',;]+",
    re.IGNORECASE,
)


def mask(text: str, key: str = "") -> str:
    """The text without this key, without a half-masked rest of it, without anything that looks like one."""
    if len(key) >= SHORTEST:
        text = text.replace(key, SHOWN)
    if len(key) >= 3 * ENDS:
        text = re.sub(re.escape(key[:ENDS]) + r"[\w*.…-]*", SHOWN, text)
        text = re.sub(r"[\w*.…-]{0,200}" + re.escape(key[-ENDS:]) + r"(?!\w)", SHOWN, text)
    return SECRETS.sub(SHOWN, text)
