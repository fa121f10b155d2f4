"""A title from the first prompt: no model is asked behind anyone's back."""

LONGEST = 60
UNTITLED = "New chat"


def title_from(prompt: str) -> str:
    """The first line with words in it, cut at a word."""
    line = next((line for line in prompt.splitlines() if line.strip()), "")
    words = " ".join(line.strip("#>*-` \t").split())
    if len(words) <= LONGEST:
        return words or UNTITLED
    cut = words[:LONGEST].rsplit(" ", 1)[0] if " " in words[:LONGEST] else words[:LONGEST]
    return f"{cut}…"
