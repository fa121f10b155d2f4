"""What stands in each kind of file, with text that tries to get out of it."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from chat.comparisons.panes import compare
from chat.exports.formats import BY_NAME, pieces
from chat.exports.markdown import closed, fenced, in_line
from chat.exports.selection import Selection, everything
from chat.models import Comparison, Conversation, Message, Status
from chat.models.copying import copy_settings

from .telling import NOTHING, asked, exported, said

pytestmark = pytest.mark.django_db

HOSTILE = (
    "</pre></div><script>alert(1)</script><img src=x onerror=alert(1)>\n```html\n<b>never closed\n"
    "=cmd|' /C calc'!A0 \u202egnp.exe {{ 7|add:7 }} {% now %} ]]> <!-- & \"quoted\"\r\nlast \U0001f468\u200d\U0001f469"
)


def written(name: str, conversation: Conversation) -> str:
    rows = Conversation.objects.filter(pk=conversation.pk)
    return b"".join(pieces(BY_NAME[name], Selection(rows, Comparison.objects.none()))).decode()


@pytest.fixture
def talk(conversation: Conversation) -> Conversation:
    """A question with hostile words, a dropped answer, one that a tool helped with, and one that goes on."""
    conversation.title = "A <b>talk</b> # of *two*"
    conversation.system_prompt = "Be brief.\n\n```\nopen"
    conversation.settings = {"temperature": 0.5, "extra": {"tools": [{"type": "function"}]}}
    conversation.save()
    question = said(conversation, "user", HOSTILE)
    said(conversation, "assistant", "Another answer", question, generation=asked(conversation))
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"a": "```"}'}}
    answer = said(
        conversation,
        "assistant",
        "",
        question,
        tool_calls=[call],
        reasoning="Hm ````",
        generation=asked(conversation),
    )
    result = said(conversation, "tool", "# 42\n```", answer, tool_call_id="call_1")
    muted = said(conversation, "user", "Not for the model", result, muted=True)
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}
    remote = {"type": "image_url", "image_url": {"url": "https://tracker.example.test/x.png"}}
    shown = said(conversation, "user", "Look", muted, parts=[{"type": "text", "text": "Look"}, image, remote])
    start = said(conversation, "assistant", "One, ", shown, generation=asked(conversation), starred=True)
    conversation.show(said(conversation, "assistant", "two.", start, continues=True))
    return conversation


# JSON


def whole(conversation: Conversation) -> dict[str, Any]:
    found = json.loads(written("json", conversation))
    [only] = found["conversations"]
    assert isinstance(only, dict)
    return only


def test_a_file_begins_with_its_format_and_version(talk: Conversation) -> None:
    assert written("json", talk).startswith('{"format": "playground", "version": 1,\n"conversations": [')


def test_all_branches_are_in_it_parents_first_and_alternatives_in_their_order(talk: Conversation) -> None:
    messages = whole(talk)["messages"]
    assert [each["number"] for each in messages] == list(range(1, 9))
    assert [each.get("parent") for each in messages] == [None, 1, 1, 3, 4, 5, 6, 7]
    assert whole(talk)["tip"] == 8
    assert messages[0]["parts"] == [{"text": HOSTILE, "type": "text"}]
    assert [each["number"] for each in messages if each.get("continues")] == [8]
    assert [each["number"] for each in messages if each.get("muted")] == [5]
    assert [each["number"] for each in messages if each.get("starred")] == [7]


def test_facts_tell_of_the_call_and_of_its_settings_without_the_messages(talk: Conversation) -> None:
    facts = whole(talk)["messages"][1]["facts"]
    assert facts["provider"] == "Scripted"
    assert facts["model"] == "scripted"
    assert facts["cost"] == 0.1 + 0.2
    assert facts["usage"] == {"prompt_tokens": 3, "completion_tokens": 4}
    assert facts["settings"]["temperature"] == 0.7
    assert "messages" not in facts["settings"]


def test_nothing_of_ours_is_in_it(talk: Conversation) -> None:
    talk.owner.email = "alice@example.test"
    talk.owner.save()
    assert talk.provider
    talk.provider.key = "sk-secret-key-of-alice"
    talk.provider.save()
    texts = [exported(talk.owner), *(written(name, talk) for name in BY_NAME)]
    ids = [str(row.pk) for row in (talk, *talk.messages.all(), *talk.generations.all())]
    for text in texts:
        for secret in (
            "alice",
            "sk-secret",
            "secret-host",
            talk.provider.base_url,
            *ids,
            *(i.replace("-", "") for i in ids),
        ):
            assert secret not in text


def test_what_is_written_still_is_left_out_and_what_hangs_below_hangs_above(talk: Conversation) -> None:
    last = Message.objects.get(pk=talk.tip_id)
    running = said(talk, "assistant", "Half a wor", last, generation=asked(talk, status=Status.RUNNING))
    talk.show(running)
    found = whole(talk)
    assert len(found["messages"]) == 8
    assert found["tip"] == 8
    assert "Half a wor" not in "".join(written(name, talk) for name in BY_NAME)


def test_of_a_turn_without_its_head_nothing_is_in_a_file(talk: Conversation) -> None:
    head = Message.objects.get(pk=talk.tip_id).parent
    assert head
    said(talk, "user", "Below", Message.objects.get(pk=talk.tip_id))
    head.delete_for_now()
    messages = whole(talk)["messages"]
    assert [each["parts"][0]["text"] for each in messages if each.get("parent") == 6] == ["Below"]
    assert not any("two." in str(each.get("parts")) for each in messages)


def test_a_chat_that_is_a_pane_of_a_comparison_stands_there_only(talk: Conversation) -> None:
    compare(talk.owner, [talk, copy_settings(talk, model="other")], "Both")
    found = json.loads(exported(talk.owner))
    assert found["conversations"] == []
    [comparison] = found["comparisons"]
    assert [pane.get("listed") for pane in comparison["panes"]] == [True, None]
    assert [pane["conversation"]["model"] for pane in comparison["panes"]] == ["scripted", "other"]
    assert comparison["panes"][0]["linked_input"] is True


def test_what_no_database_takes_is_replaced(conversation: Conversation) -> None:
    """SQLite keeps it inside JSON."""
    parts = [{"type": "text", "text": "a\ud800b"}]
    message = Message(conversation=conversation, role="user", parts=parts)
    from chat.exports.own import said as told

    assert told(message, continues=False)["parts"] == [{"text": "a\ufffdb", "type": "text"}]


def test_nothing_at_all_is_a_file_too(alice: Any) -> None:
    assert json.loads(exported(alice)) == NOTHING
    for name in BY_NAME:
        list(pieces(BY_NAME[name], everything(alice)))


# JSONL


def test_a_line_is_a_request_of_the_shown_branch(talk: Conversation) -> None:
    [line] = written("jsonl", talk).splitlines()
    found = json.loads(line)
    messages = found["messages"]
    assert [each["role"] for each in messages] == ["system", "user", "assistant", "tool", "user", "assistant"]
    assert messages[1]["content"] == HOSTILE
    assert messages[2]["content"] is None
    assert messages[2]["tool_calls"][0]["function"]["name"] == "look"
    assert messages[3] == {"role": "tool", "content": "# 42\n```", "tool_call_id": "call_1"}
    assert [part["type"] for part in messages[4]["content"]] == ["text", "image_url", "image_url"]
    assert messages[5] == {"role": "assistant", "content": "One, two."}
    assert found["tools"] == [{"type": "function"}]


def test_a_conversation_in_which_nothing_is_said_has_no_line(conversation: Conversation) -> None:
    assert written("jsonl", conversation) == ""


# Markdown


def headings_outside_fences(text: str) -> list[str]:
    """As a reader of Markdown sees them."""
    found, fence = [], ""
    for line in text.split("\n"):
        marks = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence:
            if marks and line.strip() == marks[1] and marks[1].startswith(fence):
                fence = ""
        elif marks:
            fence = marks[1]
        elif line.startswith("#"):
            found.append(line)
    assert not fence
    return found


def test_every_role_is_a_heading_whatever_the_words_open(talk: Conversation) -> None:
    text = written("markdown", talk)
    assert headings_outside_fences(text) == [
        r"# A \<b\>talk\</b\> \# of \*two\*", "## System", "## User", "## Assistant · `scripted`", "## Tool",
        "## User · *not sent*", "## User", "## Assistant · `scripted`",
    ]  # fmt: skip
    assert "One, two." in text
    assert "![Image](<data:image/png;base64,QUJD>)" in text
    assert "](https://tracker" not in text
    assert "`https://tracker.example.test/x.png`" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("```\nopen", "```\nopen\n```"),
        ("```\nshut\n```", "```\nshut\n```"),
        ("````\n```\nopen", "````\n```\nopen\n````"),
        ("~~~ `x`\nopen", "~~~ `x`\nopen\n~~~"),
        ("``` not a `fence`", "``` not a `fence`"),
        ("<!-- never ends", "\\<!-- never ends"),
        ("  <SCRIPT>", "  \\<SCRIPT>"),
        ("`<!-- x`", "`<!-- x`"),
        ("```\n<!-- code\n```", "```\n<!-- code\n```"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_what_a_message_opens_ends_with_it(text: str, expected: str) -> None:
    assert closed(text) == expected


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fenced("a ````` b", "text") == "``````text\na ````` b\n``````"
    assert in_line("two\nlines [x](y)") == r"two lines \[x\](y)"


# HTML


class Page(HTMLParser):
    """What a browser would find in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_page_has_a_policy_and_no_script_and_loads_nothing(talk: Conversation) -> None:
    page = Page(written("html", talk))
    policies = [attrs for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert [each["content"] for each in policies] == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    ]
    assert not {"script", "link", "iframe", "a", "form", "object"} & {tag for tag, _ in page.tags}
    addresses = [value for _, attrs in page.tags for name, value in attrs.items() if name in ("src", "href")]
    assert addresses == ["data:image/png;base64,QUJD"]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_words_of_a_page_are_the_words_that_were_said(talk: Conversation) -> None:
    text = written("html", talk)
    assert HOSTILE.replace("\r", "") in Page(text).words.replace("\r", "")
    assert "One, two." in Page(text).words
    assert "not sent" in Page(text).words


def test_a_picture_that_is_not_drawn_is_told_without_its_data(conversation: Conversation) -> None:
    drawing = {"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,PHN2Zy8+"}}
    conversation.show(said(conversation, "user", "", parts=[drawing]))
    page = written("html", conversation)
    assert "An image that is not in this file: data:image/svg+xml;base64</p>" in page
    assert "PHN2Zy8+" not in page


def test_several_are_one_document(talk: Conversation) -> None:
    compare(
        talk.owner, [copy_settings(talk, model="one"), copy_settings(talk, model="two")], "Both of <them>"
    )
    text = b"".join(pieces(BY_NAME["html"], everything(talk.owner))).decode()
    assert text.count("<!doctype html>") == text.count("</html>") == 1
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", text) == [
        "A &lt;b&gt;talk&lt;/b&gt; # of *two*", "Both of &lt;them&gt;", "Pane 1: one", "Pane 2: two",
    ]  # fmt: skip
