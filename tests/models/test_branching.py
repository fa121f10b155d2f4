"""Branching off into a conversation of its own: which messages come along, and what they are there."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Conversation, Folder, Generation, Message, Role, Tag
from chat.models.branch import number_alternatives, path_to, turns_to
from chat.models.branching import Scope, branch_off, cuttings, title_of
from chat.models.identifiers import new_id
from chat.models.message import text_part
from chat.refusals import Refused

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, text: str, parent: Message | None = None, **fields: Any) -> Message:
    """A question below an answer and an answer below a question, and the end of what is shown."""
    role = fields.pop("role", Role.ASSISTANT if parent and parent.role == Role.USER else Role.USER)
    call = None
    if role == Role.ASSISTANT:
        call = Generation.objects.create(
            owner=conversation.owner, conversation=conversation, model="scripted",
            status=fields.pop("status", "finished"),
        )  # fmt: skip
    message = Message.objects.create(
        conversation=conversation,
        parent=parent,
        role=role,
        parts=[text_part(text)],
        generation=call,
        **fields,
    )
    conversation.show(message)
    return message


@pytest.fixture
def talk(conversation: Conversation) -> dict[str, Message]:
    """q has the answers a1 and a2. Below a1 stand q2 with the answer b; below a2 q3 with the answers c1 and c2."""
    said: dict[str, Message] = {}
    tree = (
        ("q", ""),
        ("a1", "q"),
        ("a2", "q"),
        ("q2", "a1"),
        ("b", "q2"),
        ("q3", "a2"),
        ("c1", "q3"),
        ("c2", "q3"),
    )
    for text, parent in tree:
        said[text] = say(conversation, text, said.get(parent))
    return said


def tree_of(conversation: Conversation) -> dict[str, str]:
    """Each message by its words, with the words of the one that it hangs on."""
    rows = Message.objects.filter(conversation=conversation, deleted_at=None).select_related("parent")
    return {row.text: row.parent.text if row.parent else "" for row in rows.order_by("pk")}


def shown_in(conversation: Conversation) -> list[str]:
    return [each.text for each in path_to(Conversation.objects.get(pk=conversation.pk).tip_id)]


def branched(message: Message, scope: Scope = Scope.PATH) -> Conversation:
    branch, _ = branch_off(Message.objects.get(pk=message.pk), scope)
    return branch


def test_the_path_comes_up_to_and_with_the_message(talk: dict[str, Message]) -> None:
    branch = branched(talk["q3"])
    assert tree_of(branch) == {"q": "", "a2": "q", "q3": "a2"}
    assert shown_in(branch) == ["q", "a2", "q3"]


def test_alternatives_come_as_leaves(talk: dict[str, Message]) -> None:
    branch = branched(talk["c1"], Scope.ALTERNATIVES)
    assert tree_of(branch) == {"q": "", "a1": "q", "a2": "q", "q3": "a2", "c1": "q3", "c2": "q3"}
    assert shown_in(branch) == ["q", "a2", "q3", "c1"]
    path = path_to(branch.tip_id)
    number_alternatives(path)
    assert [(each.position, len(each.alternatives)) for each in path] == [(1, 1), (2, 2), (1, 1), (1, 2)]


@pytest.mark.parametrize(
    ("at", "shown"),
    [("a2", ["q", "a2", "q3", "c2"]), ("a1", ["q", "a1", "q2", "b"]), ("c1", ["q", "a2", "q3", "c1"])],
)
def test_everything_comes_and_this_message_is_shown(
    talk: dict[str, Message], at: str, shown: list[str]
) -> None:
    branch, copy = branch_off(Message.objects.get(pk=talk[at].pk), Scope.EVERYTHING)
    assert tree_of(branch) == tree_of(talk[at].conversation)
    assert shown_in(branch) == shown
    assert Message.objects.get(pk=copy).text == at


def test_the_choices_say_how_many_come(talk: dict[str, Message]) -> None:
    found = cuttings(Message.objects.get(pk=talk["c1"].pk))
    assert [found[scope].count for scope in Scope] == [4, 6, 8]


def test_what_is_deleted_or_being_written_stays_behind(
    conversation: Conversation, talk: dict[str, Message]
) -> None:
    talk["a1"].delete_for_now()
    talk["c2"].delete_for_now()
    say(conversation, "so f", talk["q3"], status="running")
    branch = branched(talk["c1"], Scope.EVERYTHING)
    assert tree_of(branch) == {"q": "", "a2": "q", "q2": "q", "b": "q2", "q3": "a2", "c1": "q3"}
    assert tree_of(branched(talk["b"])) == {"q": "", "q2": "q", "b": "q2"}


def test_a_turn_comes_whole(conversation: Conversation) -> None:
    question = say(conversation, "q")
    first = say(conversation, "a", question)
    say(conversation, "a+", first, role=Role.ASSISTANT, continues=True)
    other = say(conversation, "b", question)
    say(conversation, "b+", other, role=Role.ASSISTANT, continues=True)
    say(conversation, "q2", other)
    assert tree_of(branched(first)) == {"q": "", "a": "q", "a+": "a"}
    assert tree_of(branched(first, Scope.ALTERNATIVES)) == {"q": "", "a": "q", "a+": "a", "b": "q", "b+": "b"}


def test_what_goes_on_from_a_deleted_message_is_gone_with_it(conversation: Conversation) -> None:
    question = say(conversation, "q")
    first = say(conversation, "a", question)
    more = say(conversation, "a+", first, role=Role.ASSISTANT, continues=True)
    say(conversation, "a++", more, role=Role.ASSISTANT, continues=True)
    first.delete_for_now()
    assert tree_of(branched(question, Scope.EVERYTHING)) == {"q": ""}


def test_a_child_may_be_older_than_its_parent(conversation: Conversation) -> None:
    below = say(conversation, "below")
    above = say(conversation, "above")
    Message.objects.filter(pk=below.pk).update(parent=above)
    assert shown_in(branched(below)) == ["above", "below"]


def test_an_answer_knows_the_call_that_made_it(talk: dict[str, Message]) -> None:
    first = branched(talk["c1"])
    again = branched(Message.objects.get(conversation=first, parts=[text_part("c1")]))
    for branch in (first, again):
        answer, question = reversed(path_to(branch.tip_id)[-2:])
        assert answer.copy_of_id == talk["c1"].pk
        assert answer.call == talk["c1"].generation
        assert question.copy_of_id is None
    assert turns_to(again.tip_id) == turns_to(talk["c1"].pk)  # type: ignore[arg-type]


def test_it_is_set_and_filed_as_the_original_was(
    conversation: Conversation, talk: dict[str, Message]
) -> None:
    conversation.settings, conversation.system_prompt = {"temperature": 0.4}, "Be brief."
    conversation.folder = Folder.objects.create(owner=conversation.owner, name="Work")
    conversation.save()
    conversation.tags.add(Tag.objects.create(owner=conversation.owner, name="demo"))
    branch = branched(talk["b"])
    assert (branch.settings, branch.system_prompt) == ({"temperature": 0.4}, "Be brief.")
    assert branch.folder == conversation.folder
    assert [tag.name for tag in branch.tags.all()] == ["demo"]
    assert (branch.title, branch.listed, branch.owner) == ("A talk (branch)", True, conversation.owner)


def test_a_branch_of_a_pane_stands_in_the_history(
    conversation: Conversation, talk: dict[str, Message]
) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(listed=False)
    assert branched(talk["b"]).listed


@pytest.mark.parametrize(
    ("title", "named"),
    [("", ""), ("A", "A (branch)"), ("A (branch)", "A (branch)"), ("x" * 200, "x" * 191 + " (branch)")],
)
def test_its_title_says_where_it_came_from(title: str, named: str) -> None:
    assert title_of(Conversation(title=title)) == named


def test_a_long_tree_takes_few_queries_and_no_recursion(conversation: Conversation) -> None:
    ids = [new_id() for _ in range(2000)]
    Message.objects.bulk_create(
        Message(
            id=id, conversation=conversation, parent_id=ids[number - 1] if number else None,
            role=Role.ASSISTANT if number % 2 else Role.USER, parts=[text_part(str(number))],
        )
        for number, id in enumerate(ids)
    )  # fmt: skip
    conversation.show(Message.objects.get(pk=ids[-1]))
    with CaptureQueriesContext(connection) as queries:
        branch = branched(Message.objects.get(pk=ids[-1]), Scope.EVERYTHING)
    assert branch.messages.count() == 2000
    assert shown_in(branch) == [str(number) for number in range(2000)]
    read = [query for query in queries.captured_queries if query["sql"].startswith("SELECT")]
    assert len(read) <= 12


def test_what_went_with_a_deleted_head_is_no_place_to_branch_off_from(conversation: Conversation) -> None:
    head = say(conversation, "begun", say(conversation, "q"))
    end = say(conversation, "ended", head, role=Role.ASSISTANT, continues=True)
    head.delete_for_now()
    with pytest.raises(Refused, match="not shown any more"):
        cuttings(end)
