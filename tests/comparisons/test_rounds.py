"""A round of a comparison: every pane takes it, or none does."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from chat.comparisons.panes import add_empty_pane, compare, numbered, remove_pane
from chat.comparisons.rounds import run_again, send_to
from chat.generation.begin import Job
from chat.models import Budget, Charge, Comparison, Conversation, Generation, Message, Pane, Prompt, Provider
from chat.models.branch import path_to
from chat.models.conversation import CHANGED_BY_THE_PANEL
from chat.models.copying import copy_settings
from chat.models.identifiers import new_id
from chat.refusals import Refused

pytestmark = pytest.mark.django_db

Shown = dict[UUID, Message | None]


@pytest.fixture
def comparison(conversation: Conversation) -> Comparison:
    return compare(conversation.owner, [copy_settings(conversation) for _ in range(3)])


@pytest.fixture
def panes(comparison: Comparison) -> list[Pane]:
    return numbered(comparison)


def shown_in(panes: list[Pane]) -> Shown:
    """As a page that is not behind."""
    tips = Conversation.objects.select_related("tip").in_bulk([pane.conversation_id for pane in panes])
    return {id: row.tip for id, row in tips.items()}


def send(comparison: Comparison, text: str, panes: list[Pane] | None = None) -> list[Job]:
    panes = numbered(comparison) if panes is None else panes
    return send_to(comparison, panes, shown_in(panes), text)


def answer(jobs: list[Job], *texts: str) -> None:
    """What the models say."""
    for job, text in zip(jobs, texts, strict=True):
        job.generation.messages.update(parts=[{"type": "text", "text": text}])
        Generation.objects.filter(pk=job.generation.pk).end("finished")  # type: ignore[arg-type]


def texts(pane: Pane) -> list[str]:
    return [message.text for message in path_to(Conversation.objects.get(pk=pane.conversation_id).tip_id)]


def sent(job: Job) -> list[tuple[str, str]]:
    return [(turn["role"], turn["content"]) for turn in job.body["messages"]]


def everything() -> list[Any]:
    tables = (Comparison, Pane, Conversation, Message, Generation)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def refused(act: Callable[[], object]) -> Refused:
    """Nothing is stored: neither in the pane that cannot, nor in the others."""
    before = everything()
    with pytest.raises(Refused) as found, transaction.atomic():
        act()
    assert everything() == before
    return found.value


# Sending


def test_the_same_words_go_to_every_pane(comparison: Comparison, panes: list[Pane]) -> None:
    jobs = send(comparison, "Hello")
    assert [job.generation.conversation_id for job in jobs] == [pane.conversation_id for pane in panes]
    assert [sent(job) for job in jobs] == [[("user", "Hello")]] * 3
    assert [texts(pane) for pane in panes] == [["Hello", ""]] * 3


def test_each_pane_goes_on_with_its_own_words(comparison: Comparison, panes: list[Pane]) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    jobs = send(comparison, "two")
    assert [sent(job) for job in jobs] == [
        [("user", "one"), ("assistant", said), ("user", "two")] for said in ("A", "B", "C")
    ]


def test_only_the_panes_that_are_meant_get_it(comparison: Comparison, panes: list[Pane]) -> None:
    send(comparison, "Hello", panes[:2])
    assert [texts(pane) for pane in panes] == [["Hello", ""], ["Hello", ""], []]


def test_it_goes_below_what_the_page_shows(comparison: Comparison, panes: list[Pane]) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    stale = shown_in(panes)
    answer(send(comparison, "two", panes[:1]), "A2")
    jobs = send_to(comparison, numbered(comparison), stale, "other two")
    assert [sent(job)[-2:] for job in jobs] == [
        [("assistant", said), ("user", "other two")] for said in ("A", "B", "C")
    ]


def test_the_first_words_name_the_comparison_and_later_ones_do_not(comparison: Comparison) -> None:
    before = Comparison.objects.get().active_at
    answer(send(comparison, "# Why is\nthe sky blue?"), "A", "B", "C")
    assert Comparison.objects.get().title == "Why is"
    send(Comparison.objects.get(), "And the sea?")
    assert Comparison.objects.get().title == "Why is"
    assert Comparison.objects.get().active_at > before


def test_where_no_pane_is_linked_there_is_nobody_to_send_to(comparison: Comparison) -> None:
    refusal = refused(lambda: send(comparison, "Hello", []))
    assert (refusal.status, "No pane is linked" in str(refusal)) == (409, True)


# All or nothing


def without_a_model(pane: Pane) -> None:
    pane.conversation.provider = None


def over_its_budget(pane: Pane) -> None:
    Provider.objects.get().language_models.update(price_input=1000, price_output=1000)
    pane.conversation.budget = 0.0
    pane.conversation.save(update_fields=["budget"])


def with_an_unfilled_placeholder(pane: Pane) -> None:
    version = Prompt.objects.create(owner=pane.conversation.owner, name="P").save_version("Hi {{name}}", [])
    version.variables = [{"name": "name", "type": "text", "default": "", "required": True, "choices": []}]
    version.save()
    pane.conversation.use_prompt(version)
    pane.conversation.save(update_fields=CHANGED_BY_THE_PANEL)


def still_running(pane: Pane) -> None:
    send(pane.comparison, "wait", [pane])


@pytest.mark.parametrize(
    ("trouble", "words", "status"),
    [
        (without_a_model, "Choose a model first", 422),
        (over_its_budget, "Not sent, to keep the budget", 409),
        (with_an_unfilled_placeholder, "name", 422),
        (still_running, "It is still answering", 409),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_pane_that_cannot_take_it_refuses_it_for_all_by_its_number(
    comparison: Comparison,
    panes: list[Pane],
    trouble: Callable[[Pane], None],
    words: str,
    status: int,
    place: int,
) -> None:
    trouble(panes[place])
    refusal = refused(lambda: send(comparison, "Hello", panes))
    assert str(refusal).startswith(f"Pane {place + 1}: ")
    assert words in str(refusal)
    assert refusal.status == status


def test_a_budget_for_the_day_is_kept_by_all_panes_together(
    comparison: Comparison, panes: list[Pane]
) -> None:
    """Each alone would be within it."""
    owner = comparison.owner
    provider = Provider.objects.get()
    provider.language_models.update(price_input=1_000_000, price_output=0)
    one = send(comparison, "Hello", panes[:1])[0].generation
    expected = Generation.objects.get(pk=one.pk).estimate
    assert expected
    answer([Job(one, provider, {}, 1, None, 0, {})], "A")  # type: ignore[arg-type]
    Budget.objects.create(owner=owner, per_day=expected["cost"] * 1.5)
    refusal = refused(lambda: send(comparison, "Hello", panes[1:]))
    assert str(refusal).startswith("Pane 3: Not sent, to keep the budget")
    Budget.objects.update(per_day=expected["cost"] * 10)
    assert len(send(comparison, "Hello", panes[1:])) == 2


def test_a_pane_that_another_tab_has_removed_refuses_it(comparison: Comparison, panes: list[Pane]) -> None:
    shown = shown_in(panes)
    remove_pane(Pane.objects.get(pk=panes[1].pk))
    refusal = refused(lambda: send_to(comparison, panes, shown, "Hello"))
    assert (refusal.status, "Another tab" in str(refusal)) == (409, True)


def test_a_pane_that_the_page_has_not_heard_of_refuses_it(comparison: Comparison, panes: list[Pane]) -> None:
    shown = shown_in(panes)
    add_empty_pane(comparison)
    refusal = refused(lambda: send_to(comparison, numbered(comparison), shown, "Hello"))
    assert (refusal.status, "Another tab" in str(refusal)) == (409, True)


# Once more


def again(comparison: Comparison, panes: list[Pane] | None = None, shown: Shown | None = None) -> list[Job]:
    panes = numbered(comparison) if panes is None else panes
    return run_again(comparison, panes, shown_in(panes) if shown is None else shown)


def test_another_answer_stands_beside_the_first(comparison: Comparison, panes: list[Pane]) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    answer(send(comparison, "two"), "A2", "B2", "C2")
    jobs = again(comparison)
    assert [sent(job) for job in jobs] == [
        [("user", "one"), ("assistant", said), ("user", "two")] for said in ("A", "B", "C")
    ]
    assert [texts(pane)[-1] for pane in panes] == ["", "", ""]
    question = Message.objects.get(conversation=panes[0].conversation, parts__0__text="two")
    assert question.children.count() == 2


def test_one_pane_alone(comparison: Comparison, panes: list[Pane]) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    [job] = again(comparison, panes[1:2])
    assert job.generation.conversation_id == panes[1].conversation_id
    assert [texts(pane)[-1] for pane in panes] == ["A", "", "C"]


def test_a_question_that_has_no_answer_is_asked(comparison: Comparison, panes: list[Pane]) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    answers = Message.objects.filter(role="assistant")
    answers.get(conversation=panes[0].conversation).delete_for_now()
    jobs = again(comparison, shown={**shown_in(panes), panes[0].conversation_id: Message.objects.first()})
    assert [sent(job) for job in jobs] == [[("user", "one")]] * 3


def test_a_pane_in_which_nothing_was_asked_is_passed_by(comparison: Comparison, panes: list[Pane]) -> None:
    answer(send(comparison, "one", panes[1:2]), "B")
    [job] = again(comparison)
    assert job.generation.conversation_id == panes[1].conversation_id


def test_where_nothing_was_asked_at_all_it_says_so(comparison: Comparison) -> None:
    refusal = refused(lambda: again(comparison))
    assert (refusal.status, "Nothing has been asked here yet" in str(refusal)) == (409, True)


def test_what_the_page_shows_is_asked_again_not_what_another_tab_has_asked_since(
    comparison: Comparison, panes: list[Pane]
) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    stale = shown_in(panes)
    answer(send(comparison, "two"), "A2", "B2", "C2")
    assert [sent(job) for job in again(comparison, shown=stale)] == [[("user", "one")]] * 3


@pytest.mark.parametrize("trouble", [without_a_model, over_its_budget, still_running])
def test_one_that_cannot_keeps_all_from_being_run(
    comparison: Comparison, panes: list[Pane], trouble: Callable[[Pane], None]
) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    trouble(panes[2])
    assert str(refused(lambda: again(comparison, panes))).startswith("Pane 3: ")


def test_to_ask_all_is_to_work_on_the_comparison_also_where_all_are_chats(conversation: Conversation) -> None:
    other = copy_settings(conversation)
    other.save()
    comparison = compare(conversation.owner, [conversation, other])
    moments = [Comparison.objects.get().active_at]
    for act in (lambda: send(comparison, "one"), lambda: again(comparison)):
        answer(act(), "A", "B")
        moments.append(Comparison.objects.get().active_at)
    assert moments[0] < moments[1] < moments[2]


def test_a_removed_pane_is_not_run(comparison: Comparison, panes: list[Pane]) -> None:
    answer(send(comparison, "one"), "A", "B", "C")
    shown = shown_in(panes)
    remove_pane(Pane.objects.get(pk=panes[1].pk))
    assert "Another tab" in str(refused(lambda: again(comparison, panes, shown)))


def test_what_was_spent_in_one_pane_is_not_held_against_the_others(
    comparison: Comparison, panes: list[Pane]
) -> None:
    Provider.objects.get().language_models.update(price_input=1, price_output=1)
    Conversation.objects.update(budget=1.0)
    Charge.objects.create(
        id=new_id(), owner=comparison.owner, conversation=panes[0].conversation, day=comparison.created_at.date(),
        provider="p", model="m", status="finished", cost=2.0,
    )  # fmt: skip
    assert len(send(comparison, "Hello", numbered(comparison)[1:])) == 2
