"""The body of a cURL command. The address and the headers, with their key, are read past."""

import re

from .imported import Unreadable

# Not `shlex`: that takes a word apart letter by letter, and is quadratic in its length.
WORD = re.compile(r"""(?:[^\s'"\\]++|'[^']*+'|"(?:[^"\\]++|\\.)*+"|\\.)++""", re.S)
PART = re.compile(r"""'([^']*+)'|"((?:[^"\\]++|\\.)*+)"|\\(.)|([^'"\\]++)""", re.S)
HERE_DOCUMENT = re.compile(r"<<-?[ \t]*+(['\"]?)(\w{1,40}+)\1")
DATA = ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json")
SPECIAL_IN_QUOTES = re.compile(r'\\([$`"\\])')


def is_curl(text: str) -> bool:
    return re.match(r"(?:\$[ \t]++)?curl(?:\.exe)?[\s\\]", text) is not None


def body_in(command: str) -> str:
    """Raises Unreadable."""
    head, document = _here_document(command)
    bodies = _data(_words(head.replace("\\\n", " ")))
    if not bodies:
        raise Unreadable("This cURL command sends no data: -d, --data or --json is missing.")
    if len(bodies) > 1:
        raise Unreadable("This cURL command has data more than once. Paste the JSON body itself.")
    if bodies[0] == "@-" and document:
        return document
    if bodies[0].startswith("@"):
        raise Unreadable("The body of this cURL command stands in a file. Paste what is in the file.")
    return bodies[0]


def _here_document(command: str) -> tuple[str, str]:
    """What stands beside `<<END` on its line and before it, and what stands from the next line to END."""
    start = HERE_DOCUMENT.search(command)
    line_end = command.find("\n", start.end()) if start else -1
    if not start or line_end < 0:
        return command, ""
    end = re.compile(rf"^[ \t]*+{start[2]}[ \t]*+$", re.M).search(command, line_end + 1)
    head = command[: start.start()] + command[start.end() : line_end]
    return (head, command[line_end + 1 : end.start()]) if end else (command, "")


def _data(words: list[str]) -> list[str]:
    found = [words[at + 1] for at, word in enumerate(words[:-1]) if word in DATA]
    joined = tuple(f"{name}=" for name in DATA if name.startswith("--"))
    found += [word.partition("=")[2] for word in words if word.startswith(joined)]
    return found + [word[2:] for word in words if re.match(r"-d[{'\"@]", word)]


def _words(command: str) -> list[str]:
    words, at = [], 0
    while at < len(command):
        if command[at].isspace():
            at += 1
        elif command.startswith(("$'", '$"'), at):
            raise Unreadable("The body of this cURL command is written as $'…'. Paste the JSON body itself.")
        elif match := WORD.match(command, at):
            words.append("".join(_unquoted(part) for part in PART.finditer(match[0])))
            at = match.end()
            if at < len(command) and not command[at].isspace():
                raise Unreadable("A quotation mark of this cURL command is not closed.")
        else:
            raise Unreadable("A quotation mark of this cURL command is not closed.")
    return words


def _unquoted(part: re.Match[str]) -> str:
    plain, double, escaped, bare = part.groups()
    if double is not None:
        return SPECIAL_IN_QUOTES.sub(r"\1", double)
    return next(text for text in (plain, escaped, bare) if text is not None)
