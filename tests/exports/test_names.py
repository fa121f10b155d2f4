"""A title is anything; a name of a file is none of that."""

import pytest

from chat.exports.names import disposition, file_name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A talk", "A talk.json"),
        ("", "conversation.json"),
        ("../../etc/passwd", "etc passwd.json"),
        ("C:\\Windows\\x", "C Windows x.json"),
        ("a\r\nSet-Cookie: x=1", "a Set-Cookie x=1.json"),
        ('say "hi"; filename=evil.exe', "say hi ; filename=evil.exe.json"),
        ("..%2f%00", "2f 00.json"),
        ("CON", "conversation.json"),
        ("nul.txt", "conversation.json"),
        ("photo\u202egnp.exe", "photo gnp.exe.json"),
        (" . . ", "conversation.json"),
        ("Über „Grüße“ 你好", "Über „Grüße“ 你好.json"),
        ("a\ud800b", "a b.json"),
        ("x" * 4000, "x" * 80 + ".json"),
    ],
)
def test_a_name_is_made_of_what_is_harmless(title: str, expected: str) -> None:
    assert file_name(title, "json") == expected


def test_a_header_has_the_name_twice() -> None:
    assert disposition("Über 你好.md") == (
        "attachment; filename=\"Uber.md\"; filename*=UTF-8''%C3%9Cber%20%E4%BD%A0%E5%A5%BD.md"
    )
    assert disposition("你好.md").startswith('attachment; filename="conversation.md";')
    assert disposition('a"b.md').startswith('attachment; filename="ab.md";')
