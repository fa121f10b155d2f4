"""The words of the tour: Markdown of every kind, or only of the kind that the question names."""

SCRIPT_NOTICE = "*This answer is a script, not a model.*"

BASICS = """\
## A short tour

It shows what this page makes of an answer. Ask for a **table**, **code**, **math**, a **list** \
or a **link** to see only that. Words can be *slanted*, **strong**, ***both***, ~~struck out~~ or `in code`.

> A quotation stands apart.
>
> It can have more than one paragraph.\
"""

LISTS = """\
### Lists

1. Numbered lists count.
2. They can hold others:
   - a nested item
   - another one
     - and one level deeper
3. Then they go on.

- [x] A task that is done
- [ ] A task that is still to do\
"""

TABLES = """\
### A table

| Left | Centred | Right |
|:-----|:-------:|------:|
| text | `code` | 1 |
| **strong** | *slanted* | 22 |
| a longer cell | – | 333.50 |\
"""

CODE = """\
### Code

```python
def greet(name: str) -> str:
    return f"Hello, {name}!"  # a comment
```

```javascript
const squares = [1, 2, 3].map((n) => n ** 2);
console.log(`The squares are ${squares.join(", ")}.`);
```

```sql
SELECT model, count(*) AS answers
FROM generation
GROUP BY model
ORDER BY answers DESC;
```\
"""

MATH = """\
### Mathematics

Inline, Euler's identity is $e^{i\\pi} + 1 = 0$. A formula can have a line of its own:

$$
\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}
$$

A price such as 5 dollars needs no formula.\
"""

LINKS = """\
### Links and images

A [link](https://www.python.org/) is only followed when it is clicked. An image from elsewhere is not \
loaded, so that nobody learns that you read this:

![A remote image that stays unloaded](https://example.org/image.png)\
"""

END = """\
---

That is all. The other demo model, `demo/ngram`, is a real one, and its answers depend on the settings.\
"""

SECTIONS = {"list": LISTS, "table": TABLES, "code": CODE, "math": MATH, "link": LINKS}

# Other words that ask for the same.
ALSO = {
    "formula": "math", "equation": "math", "latex": "math", "program": "code", "function": "code",
    "todo": "list", "task": "list", "image": "link", "picture": "link",
}  # fmt: skip


def tour(question: str) -> str:
    """The sections that the question names, or all of them. Its first line says what it is."""
    asked = question.lower()
    named = {ALSO.get(word, word) for word in (*SECTIONS, *ALSO) if word in asked}
    if named and "tour" not in asked:
        chosen = [text for name, text in SECTIONS.items() if name in named]
    else:
        chosen = [BASICS, *SECTIONS.values(), END]
    return "\n\n".join([SCRIPT_NOTICE, *chosen])
