"""Talks become rows: all of a tree, only what may stand here, and nothing to be seen before the end."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import access
from chat.imports import storing
from chat.imports.storing import MOST_KINDS, Storing, store
from chat.imports.talk import Said, Talk, TalkGroup
from chat.models import Comparison, Conversation, Folder, Message, PromptVersion, Provider, Tag, Transfer
from chat.models.branch import path_to

AT = datetime(2024, 5, 17, 8, 30, 12, 345678, tzinfo=UTC)


def said(key: str, parent: str | None, role: str = "user", text: str = "", **more: Any) -> Said:
    return Said(key, parent, role, [{"type": "text", "text": text or key}], **more)


def forked() -> Talk:
    """A question with two answers; the first one is shown."""
    messages = [said("q", None), said("a", "q", "assistant"), said("b", "q", "assistant")]
    return Talk(title="Forked", messages=messages, tip="a")


def chain(length: int) -> Talk:
    return Talk(messages=[said(str(n), str(n - 1) if n else None) for n in range(length)])


def running(owner: Any) -> Transfer:
    return Transfer.objects.create(owner=owner, kind="import", lease_until=timezone.now())


def notices(transfer: Transfer) -> str:
    return "\n".join(f"{line['times']} {line['what']}" for line in transfer.report)


def test_a_tree_with_its_shown_branch(alice: Any) -> None:
    transfer = store(alice, [forked()])
    conversation = Conversation.objects.of(alice).get()
    assert [message.text for message in path_to(conversation.tip_id)] == ["q", "a"]
    question = conversation.messages.get(parent=None)
    assert [message.text for message in question.children.order_by("id")] == ["a", "b"]
    assert transfer.counts == {"conversations": 1, "messages": 3}
    assert transfer.status == "finished"
    assert conversation.transfer == transfer


def test_without_a_tip_the_last_message_is_it(alice: Any) -> None:
    store(alice, [Talk(messages=[said("q", None), said("a", "q")])])
    tip = Conversation.objects.get().tip
    assert tip
    assert tip.text == "a"


def test_everything_of_a_message_and_a_conversation(alice: Any) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    answer = Said(
        "a", None, "assistant", [{"type": "text", "text": "Yes"}, image], reasoning="Hm", tool_calls=[call],
        finish_reason="stop", original=[{"type": "text", "text": "No"}], muted=True, starred=True, continues=True,
        facts={"model": "m"}, created_at=AT,
    )  # fmt: skip
    result = Said("t", "a", "tool", [{"type": "text", "text": "found"}], tool_call_id="c1", created_at=AT)
    settings = {
        "temperature": 0.123456789,
        "logit_bias": {"5": 0.1234567},
        "stop": ["a\n"],
        "extra": {"k": [1]},
    }
    store(
        alice,
        [
            Talk(
                title="T", notes="N", system_prompt="S", model="gpt", settings=settings, variables={"v": "w"},
                budget=0.5, messages=[answer, result], pinned=True, archived=True, folder="Work",
                tags=["Red Hot", "red hot"], created_at=AT, active_at=AT,
            )
        ],
    )  # fmt: skip
    row = Conversation.objects.get()
    kept = (row.title, row.notes, row.system_prompt, row.model, row.settings, row.variables, row.budget)
    assert kept == ("T", "N", "S", "gpt", settings, {"v": "w"}, 0.5)
    assert (row.pinned, row.archived, row.created_at, row.active_at) == (True, True, AT, AT)
    assert row.folder
    assert (row.folder.name, [tag.name for tag in row.tags.all()]) == ("Work", ["red-hot"])
    first, second = Message.objects.order_by("id")
    assert (first.parts, first.reasoning, first.tool_calls) == (answer.parts, "Hm", [call])
    assert (first.finish_reason, first.original, first.imported_facts) == (
        "stop",
        answer.original,
        {"model": "m"},
    )
    assert (first.muted, first.starred, first.continues, first.created_at) == (True, True, True, AT)
    assert (second.role, second.tool_call_id, second.parent) == ("tool", "c1", first)


def test_a_comparison(alice: Any) -> None:
    group = TalkGroup("Two", panes=[(forked(), {"linked_input": False}), (forked(), {})], tags=["both"])
    transfer = store(alice, [group])
    row = Comparison.objects.of(alice).get()
    panes = row.shown_panes()
    assert [pane.linked_input for pane in panes] == [False, True]
    assert not any(pane.conversation.listed for pane in panes)
    assert transfer.counts == {"comparisons": 1, "messages": 6}
    assert [tag.name for tag in row.tags.all()] == ["both"]


def test_nothing_can_be_seen_before_the_end(alice: Any) -> None:
    storing = Storing(running(alice))
    storing.add(Talk(folder="New", tags=["new"], messages=chain(600).messages))
    assert Message.objects.count() >= 400
    assert not access.conversations(alice).exists()
    assert not Folder.objects.exists()
    storing.publish()
    assert access.conversations(alice).count() == 1
    assert (Folder.objects.get().name, Tag.objects.get().name) == ("New", "new")


def test_a_folder_that_is_there_is_used(alice: Any, bob: Any) -> None:
    theirs, mine = (Folder.objects.create(owner=who, name="Work") for who in (bob, alice))
    store(alice, [Talk(folder="Work")])
    assert Conversation.objects.get().folder == mine
    assert not theirs.conversations.exists()


def test_one_import_makes_only_so_many_folders_and_tags(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "MOST_NAMES", 3)
    talks = [Talk(folder=f"f{n}", tags=[f"t{n}", f"u{n}", "t0"]) for n in range(5)]
    transfer = store(alice, talks)
    assert [folder.name for folder in access.folders(alice)] == ["f0", "f1", "f2"]
    assert {tag.name: tag.conversations.count() for tag in access.tags(alice)} == {"t0": 5, "t1": 1, "u0": 1}
    assert "others were left out" in notices(transfer)


def test_a_saved_prompt_is_not_compared_with_all_others_of_its_name(
    alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    says = PromptVersion.says
    monkeypatch.setattr(
        PromptVersion, "says", lambda row, *args: compared.append(row.text) or says(row, *args)
    )
    texts = ["one {{a}}", "two {{a}}", "three {{a}}", "two {{a}}"]
    store(alice, [Talk(prompt={"name": "same", "text": text}) for text in texts])
    assert compared == ["two {{a}}"]
    assert PromptVersion.objects.count() == 3


def test_a_provider_by_name_but_never_that_of_another(alice: Any, bob: Any) -> None:
    Provider.objects.create(name="Secret", base_url="https://b.test", owner=bob)
    shared = Provider.objects.create(name="Open", base_url="https://o.test")
    transfer = store(alice, [Talk(provider="Secret", model="m"), Talk(provider="Open", model="m")])
    first, second = Conversation.objects.order_by("id")
    assert (first.provider, first.model, second.provider) == (None, "m", shared)
    assert "The provider Secret is not here" in notices(transfer)


def test_ones_own_provider_before_one_of_that_name_that_all_share(alice: Any) -> None:
    mine = Provider.objects.create(name="Open", base_url="https://m.test", owner=alice)
    Provider.objects.create(name="Open", base_url="https://o.test")
    store(alice, [Talk(provider="Open")])
    assert Conversation.objects.get().provider == mine


@pytest.mark.parametrize(
    ("settings", "kept", "told"),
    [
        ({"temperature": 9}, {}, "Temperature"),
        ({"temperature": True}, {}, "Temperature"),
        ({"temperature": float("nan")}, {}, "Temperature"),
        ({"top_k": 1.5}, {}, "Top K"),
        ({"stop": "x"}, {}, "Stop sequences"),
        ({"magic": 1, "seed": 7}, {"seed": 7}, "magic"),
        ({"response_format": "json_schema"}, {}, "schema"),
        ({"extra": {"messages": []}}, {}, "messages"),
        ({"logit_bias": {"x": 1}}, {}, "Logit bias"),
        ({"reasoning_effort": ["high"]}, {}, "Reasoning effort"),
    ],
)
def test_settings_that_cannot_be_right_are_listed(alice: Any, settings: Any, kept: Any, told: str) -> None:
    transfer = store(alice, [Talk(settings=settings)])
    assert Conversation.objects.get().settings == kept
    assert told in notices(transfer)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "https://elsewhere.test/pixel.png"}},
        {"type": "image_url", "image_url": "data:image/png;base64,AA=="},
        {"type": "file", "file": {"file_id": "file-of-somebody"}},
        {"type": "file", "file": {"file_id": "file-of-somebody", "file_data": "data:,x"}},
        {"type": "text", "text": 5},
        {"type": "canvas"},
        {},
        "words",
    ],
)
def test_a_part_that_only_refers_to_something_is_listed(alice: Any, part: Any) -> None:
    """Safety V29: an id of a file in an import leads to no file."""
    transfer = store(alice, [Talk(messages=[Said("a", None, "user", [part])])])
    assert Message.objects.get().parts == []
    assert "was left out" in notices(transfer)


def test_what_no_database_takes_is_replaced(alice: Any) -> None:
    nasty = "a\x00b\ud83dc"
    call = {"id": "x", "function": {"name": "f", "arguments": nasty}}
    message = Said(
        "k\x00", None, "assistant", [{"type": "text", "text": nasty}], nasty, [call], nasty * 90, nasty * 90,
        [{"bytes": float("inf"), nasty: 10**40}], facts={nasty: nasty},
    )  # fmt: skip
    talk = Talk(
        title=nasty * 90, notes=nasty, system_prompt=nasty, provider=nasty, model=nasty * 90, settings={nasty: 1},
        variables={nasty: nasty}, budget=float("nan"), messages=[message], folder=nasty * 90, tags=[nasty * 90],
    )  # fmt: skip
    store(alice, [talk])
    assert Message.objects.get().text == "a\ufffdb\ufffdc"
    assert Conversation.objects.get().budget is None


def test_a_parent_that_is_not_there_is_told(alice: Any) -> None:
    transfer = store(alice, [Talk(messages=[said("a", "gone")])])
    assert Message.objects.get().parent is None
    assert "1 A message hung on one that is not there" in notices(transfer)


def test_an_unknown_role_is_told(alice: Any) -> None:
    transfer = store(alice, [Talk(messages=[said("a", None, "narrator")])])
    assert Message.objects.get().role == "user"
    assert "narrator" in notices(transfer)


def queries_of(owner: Any, talks: list[Talk]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        store(owner, talks)
    return len(captured)


def test_queries_grow_with_batches_and_not_with_messages(alice: Any) -> None:
    store(alice, [chain(1)])
    few, many = queries_of(alice, [chain(2)]), queries_of(alice, [chain(202)])
    assert many - few <= 12
    assert queries_of(alice, [chain(2)] * 100) - few <= 25


def test_ids_are_in_the_order_in_which_talks_came(alice: Any) -> None:
    store(alice, [chain(3), chain(3)])
    places = [message.text for message in Message.objects.order_by("id")]
    assert places == ["0", "1", "2"] * 2


def test_a_report_has_an_end_and_holds_what_can_be_kept(alice: Any) -> None:
    many = [f"A file was left out: {n}\x00\ud800." for n in range(MOST_KINDS + 500)]
    transfer = store(alice, [Talk(notices=[*many, "x" * 9000])])
    assert len(transfer.report) == MOST_KINDS + 1
    assert sum(line["times"] for line in transfer.report) == MOST_KINDS + 501
    assert transfer.report[0]["what"] == "A file was left out: 0\ufffd\ufffd."
