"""What a question is about, as far as spelling tells: quoted words and names."""

import re

QUOTED = re.compile(r"[\"“']([^\"”'\n]{1,60})[\"”']")
NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w-]{1,40}")
LONE_NAME = re.compile(r"[A-Z][\w-]{1,40}")


def subjects(text: str) -> list[str]:
    """Quoted words first, then words with a capital inside a sentence. In order, each once."""
    if LONE_NAME.fullmatch(text.strip()):
        return [text.strip()]
    return list(dict.fromkeys([*QUOTED.findall(text), *NAME.findall(text)]))
