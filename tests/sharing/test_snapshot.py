"""What a snapshot is made of: the branch, or the tree; turns; and what is too much."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from chat.models import Conversation, Generation, Message, Role
from chat.models.branch import path_to
from chat.refusals import Refused
from chat.sharing import snapshot
from chat.sharing.contents import parts_of
from chat.sharing.options import Options
from chat.sharing.places import suspicious
from chat.sharing.reading import page_of
from chat.sharing.snapshot import take

from .taking import page, say, texts

pytestmark = pytest.mark.django_db
ALL = Options(alternatives=True, tools=True, reasoning=True)


def test_the_shown_branch_alone_with_how_many_alternatives_there_are(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    assert texts(conversation, Options()) == ["ask", "two", "below two"]
    assert page(conversation, Options()).others == 1
    assert "'one'" not in str(take(conversation, Options(), timezone.now()).snapshot)


def test_with_alternatives_a_reader_goes_from_one_to_the_other(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    shown = page(conversation, ALL).panes[0].turns
    [switch] = shown[1].switches
    assert (switch.position, switch.count, switch.next) == (2, 2, "")
    assert texts(conversation, ALL, switch.previous) == ["ask", "one", "below one"]
    assert shown[0].switches == shown[2].switches == []


@pytest.mark.parametrize(
    "at", ["", "x", "0", "9.0", "0.9", "0.-1", "0.1.2", "٠.١", "0.99999999999", "-1.0", "0. 1"]
)
def test_what_is_no_place_shows_what_was_shared(
    conversation: Conversation, forked: dict[str, Message], at: str
) -> None:
    assert texts(conversation, ALL, at) == ["ask", "two", "below two"]


def test_what_hung_on_a_hidden_message_hangs_on_what_was_above_it(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    options = Options(hidden=frozenset({forked["two"].pk}))
    assert texts(conversation, options) == ["ask", "below two"]
    assert page(conversation, options).hidden == 1


def test_a_muted_message_is_shown_only_if_it_is_chosen(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    Message.objects.filter(pk=forked["two"].pk).update(muted=True)
    assert texts(conversation, Options()) == ["ask", "below two"]
    chosen = page(conversation, Options(unmuted=frozenset({forked["two"].pk}))).panes[0].turns
    assert [(turn.text, turn.muted) for turn in chosen] == [
        ("ask", False),
        ("two", True),
        ("below two", False),
    ]


def test_what_goes_on_from_an_answer_is_one_turn_with_it(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    more = say(conversation, forked["two"], ", and two", Role.ASSISTANT, continues=True)
    last = say(conversation, more, ", and more", Role.ASSISTANT, continues=True)
    conversation.show(last)
    assert texts(conversation, Options()) == ["ask", "two, and two, and more"]
    assert texts(conversation, Options(hidden=frozenset({forked["two"].pk}))) == ["ask"]
    Message.objects.filter(pk=forked["two"].pk).update(muted=True)
    assert texts(conversation, Options()) == ["ask"]
    forked["two"].delete_for_now()
    assert "and more" not in str(take(conversation, ALL, timezone.now()).snapshot)


def test_a_running_answer_is_left_out_and_nothing_else_is_nothing(conversation: Conversation) -> None:
    running = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", status="running"
    )
    ask = say(conversation, None, "ask")
    conversation.show(say(conversation, ask, "half", Role.ASSISTANT, generation=running))
    assert texts(conversation, Options()) == ["ask"]
    with pytest.raises(Refused, match="nothing to show yet"):
        page(conversation, Options(hidden=frozenset({ask.pk})))


def test_half_an_answer_says_that_it_is_one(conversation: Conversation, forked: dict[str, Message]) -> None:
    stopped = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", status="stopped", error={"message": "Secret"}
    )  # fmt: skip
    Message.objects.filter(pk=forked["two"].pk).update(generation=stopped)
    assert page(conversation, Options()).panes[0].turns[1].status == "stopped"
    assert "Secret" not in str(take(conversation, ALL, timezone.now()).snapshot)


# The system prompt


def test_the_system_prompt_is_the_one_that_was_sent(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    request = {"model": "m", "messages": [{"role": "system", "content": "As sent"}], "temperature": 0.5}
    call = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m-then", request=request, status="finished",
        provider=conversation.provider,
    )  # fmt: skip
    Message.objects.filter(pk=forked["two"].pk).update(generation=call)
    conversation.system_prompt, conversation.settings = "As it is now", {"temperature": 0.9}
    conversation.save()
    [pane] = page(conversation, Options(system_prompt=True, settings=True)).panes
    assert pane.system_prompt == "As sent"
    assert ("Temperature", "0.5") in pane.about
    assert ("Model", "m-then") in pane.about


def test_a_hidden_message_of_the_system_is_not_taken_for_the_prompt(
    conversation: Conversation, forked: dict[str, Message]
) -> None:
    top = say(conversation, None, "Hidden rules", Role.SYSTEM)
    Message.objects.filter(pk=forked["ask"].pk).update(parent=top)
    request = {"model": "m", "messages": [{"role": "system", "content": "Hidden rules"}]}
    call = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", request=request, status="finished"
    )
    Message.objects.filter(pk=forked["two"].pk).update(generation=call)
    for hidden, is_told in ((frozenset(), True), (frozenset({top.pk}), False)):
        taken = take(conversation, Options(system_prompt=True, hidden=hidden), timezone.now())
        assert ("Hidden rules" in str(taken.snapshot)) is is_told


# Parts


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("data:image/png;base64,AAAA", "image"),
        ("data:image/svg+xml;base64,AAAA", "left_out"),
        ("data:text/html;base64,AAAA", "left_out"),
        ("data:image/png;base64,AAAA\n<script>", "left_out"),
        ("data:image/png,<b>", "left_out"),
        ("https://example.org/a.png", "link"),
        ("javascript:alert(1)", "left_out"),
        ("file:///etc/passwd", "left_out"),
        ("https://", "left_out"),
        ("http://[", "left_out"),
        ("https://example.org/" + "a" * 5000, "left_out"),
    ],
)
def test_a_picture_is_data_or_an_address_or_words(url: str, kind: str) -> None:
    [part] = parts_of([{"type": "image_url", "image_url": {"url": url}}])
    assert part["type"] == kind


@pytest.mark.parametrize(
    "part", [None, 1, "text", [], {}, {"type": "text"}, {"type": "text", "text": 1}, {"type": "image_url"},
             {"type": "new_thing", "new_thing": "Secret"}, {"type": "annotation", "annotation": {}}]
)  # fmt: skip
def test_what_is_not_known_stays_out(part: Any) -> None:
    assert list(parts_of([part])) == []


# Too much


def test_too_many_messages_are_refused_in_words(
    conversation: Conversation, forked: dict[str, Message], monkeypatch: Any
) -> None:
    monkeypatch.setattr(snapshot, "MOST_MESSAGES", 4)
    assert len(texts(conversation, Options())) == 3
    with pytest.raises(Refused, match="a page of 5 messages, and 4 are the most"):
        page(conversation, ALL)


def test_too_long_a_page_is_refused_in_words(
    conversation: Conversation, forked: dict[str, Message], monkeypatch: Any
) -> None:
    monkeypatch.setattr(snapshot, "MOST_BYTES", 200)
    with pytest.raises(Refused, match="MB are the most"):
        page(conversation, Options())


# What looks like a secret


def test_it_is_told_with_the_message_that_can_be_hidden(conversation: Conversation) -> None:
    say_it = say(conversation, None, "Mail mira@example.org")
    conversation.show(
        say(conversation, say_it, "I will", Role.ASSISTANT, reasoning="sk-abcdefghijklmnopqrst")
    )
    taken = take(conversation, Options(reasoning=True), timezone.now())
    places = suspicious(taken)
    assert [(place.kind, place.where) for place in places] == [
        ("e-mail address", "User message"), ("API key", "Assistant message"),
    ]  # fmt: skip
    assert places[0].message == say_it.pk
    # What is not shown is not told either.
    assert len(suspicious(take(conversation, Options(), timezone.now()))) == 1
    assert suspicious(take(conversation, Options(hidden=frozenset({say_it.pk})), timezone.now())) == []


# Any tree


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_of_any_tree_each_way_of_looking_shows_a_branch(conversation: Conversation, data: Any) -> None:
    """Every message that is shown can be reached, in the order of its branch, and nothing that is left out."""
    Message.objects.filter(conversation=conversation).delete()
    rows: list[Message] = []
    for number in range(data.draw(some.integers(1, 9))):
        above = data.draw(some.sampled_from([None, *rows]))
        deleted = timezone.now() if data.draw(some.integers(0, 5)) == 0 else None
        rows.append(say(conversation, above, f"m{number}", deleted_at=deleted))
    conversation.show(data.draw(some.sampled_from(rows)))
    hidden = data.draw(some.sets(some.sampled_from([row.pk for row in rows])))
    out = {row.text for row in rows if row.deleted_at or row.pk in hidden}
    try:
        taken = take(conversation, Options(alternatives=True, hidden=frozenset(hidden)), timezone.now())
    except Refused:
        assert out == {row.text for row in rows}
        return
    seen = set()
    for number in range(len(taken.messages)):
        [pane] = page_of(taken.snapshot, f"0.{number}").panes
        words = [turn.text for turn in pane.turns]
        leaf = next(row for row in rows if row.text == words[-1])
        assert words == [each.text for each in path_to(leaf.pk) if each.text not in out]
        assert taken.messages[number].text in words
        seen |= set(words)
    assert seen == {row.text for row in rows} - out
