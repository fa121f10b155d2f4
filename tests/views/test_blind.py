"""Blind rounds over HTTP and the socket: nothing tells which model is which before the reveal."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat.comparisons.blind import begin_round, reveal
from chat.models import (
    Budget,
    Conversation,
    Folder,
    Generation,
    HistoryAct,
    Preset,
    Prompt,
    Provider,
    Tag,
    Transfer,
    Vote,
)
from chat.urls import urlpatterns

from .addresses import ROUTES, Route
from .asking import Browser, visit, words_in
from .hiding import (
    LISTED,
    NAMES,
    TOLD,
    Round,
    answered,
    own_vote,
    reply_in_full,
    secrets_in,
    source,
)
from .one_of_each import share_of

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = "This is a blind round: reveal it first."

OF_A_ROUND = ("comparison", "pane", "conversation", "message", "generation")
# What a page of a blind round needs. Everything else that takes one of its ids is closed.
OPEN = {
    ("comparison", "GET"), ("comparison-figures", "GET"), ("comparison-title", "POST"), ("pane-order", "GET"),
    ("comparison-pin", "POST"), ("comparison-pin", "DELETE"),
    ("comparison-deletion", "POST"), ("comparison-deletion", "DELETE"),
    ("rounds", "POST"), ("runs", "POST"), ("vote", "POST"), ("reveal", "POST"), ("pane-links", "POST"),
    ("changes", "GET"), ("message", "GET"), ("earlier-messages", "GET"), ("later-messages", "GET"),
    ("alternatives", "POST"), ("picture", "GET"),
    ("shown-alternative", "POST"), ("generation", "POST"), ("generation", "DELETE"),
}  # fmt: skip
# Nothing of it was deleted.
BROUGHT_BACK = {("conversation-deletion", "DELETE"), ("pane-removal", "DELETE")}
# They list all models and providers, with or without a round. They must say the same before and after it.
LISTS = {
    "models", "new-comparison", "comparison-setup", "comparisons", "settings", "providers", "provider",
    "provider-check",
}  # fmt: skip
CASES = [(pattern.name, method) for pattern in urlpatterns for method in ROUTES[pattern.name].methods.split()]
LOOKED_AT = sorted(
    name for name, route in ROUTES.items() if "GET" in route.methods and not (route.of or route.token)
)


# Every address


def others(owner: Any) -> dict[str, Any]:
    """What an address may be of, besides the round."""
    preset = Preset.objects.create(owner=owner, name="Mine", settings={"top_p": 0.5})
    prompt = Prompt.objects.create(owner=owner, name="Mine")
    prompt.save_version("Text", [])
    plain = Provider.objects.get(name="Plain")
    folder, tag = (
        Folder.objects.create(owner=owner, name="Mine"),
        Tag.objects.create(owner=owner, name="mine"),
    )
    act = HistoryAct.objects.create(id=uuid4(), owner=owner, act="archive")
    transfer = Transfer.objects.create(
        owner=owner, kind="import", status="finished", lease_until=timezone.now()
    )
    return {
        "preset": preset.pk, "prompt": prompt.pk, "provider": plain.pk, "vote": Vote.objects.first(),
        "share": share_of(owner),
        "folder": folder.pk, "tag": tag.pk, "history_act": act.pk, "transfer": transfer.pk,
    }  # fmt: skip


def address(name: str, route: Route, id: Any) -> str:
    parts = {
        "id": getattr(id, "pk", id) if route.of else "", "name": route.more, "number": route.number,
        "token": route.token,
    }  # fmt: skip
    return reverse(name, kwargs={part: value for part, value in parts.items() if value})


def form_of(hidden: Round) -> dict[str, str]:
    """Right in everything, and with an id of the round wherever one could stand."""
    finished = {name: str(hidden.ids(name)) for name in OF_A_ROUND}
    plain = Provider.objects.get(name="Plain")
    return {
        "command": str(uuid4()), "message": "Hi", "text": "Hi", "title": "A title", "shown": finished["message"],
        "name": "Mine", "base_url": "https://mine.test/v1", "key": "", "dialect": "", "preset_name": "Another",
        "conversation": finished["conversation"], "copy": finished["pane"], "pane": finished["pane"],
        "settings_of": finished["conversation"], "of_provider": str(plain.pk), "named": "plain-1",
        "a": finished["message"], "b": str(hidden.answers[1].pk), "best": "tie", "tag": "x", "link": "scrolling",
        "linked": "on", "place": "0", "times": "2", "as": "alternatives", "values": "0.1\n0.2", "by": "model",
        "parameter": "temperature", "kind": "system", "source": "sent", "scope": "path", "without": "temperature",
        "range": "all",
        **{f"shown:{pane.key}": str(answer.pk) for pane, answer in zip(hidden.panes, hidden.answers, strict=True)},
    }  # fmt: skip


@pytest.mark.parametrize(("name", "method"), CASES)
def test_no_address_tells_which_model_it_is(alice: Any, hidden: Round, name: str, method: str) -> None:
    route = ROUTES[name]
    own = {**others(alice), **{of: hidden.ids(of) for of in OF_A_ROUND}}
    path, form = address(name, route, own.get(route.of)), form_of(hidden)

    async def act(browser: Browser) -> Any:
        if name == "comparison-deletion" and method == "DELETE":
            await browser.post(path)
        browser.client.raise_request_exception = False
        if method == "POST":
            return await browser.post(path, **form)
        return await (browser.get if method == "GET" else browser.delete)(path, **form)

    response = visit(alice, act)
    said = reply_in_full(response)
    forbidden = {*TOLD, *hidden.figures, *(() if name in LISTS else LISTED)}
    assert response.status_code < 500
    assert secrets_in(said, forbidden) == []
    if route.of in OF_A_ROUND:
        closed = response.status_code == 403 and FIRST in said
        gone = response.status_code == 404 and (name, method) in BROUGHT_BACK
        assert (closed or gone) != ((name, method) in OPEN), said[:400]


@pytest.mark.parametrize("name", ["preset-applied", "model-switch", "presets", "difference"])
def test_an_id_of_the_round_in_a_form_opens_nothing_either(
    alices: Client, alice: Any, hidden: Round, name: str
) -> None:
    path, form = address(name, ROUTES[name], others(alice)["preset"]), form_of(hidden)
    response = alices.get(path, form) if name == "difference" else alices.post(path, form)
    assert (response.status_code, FIRST in words_in(response)) == (403, True)


def test_a_copy_of_a_blind_pane_beside_open_ones_is_refused(alice: Any, hidden: Round, zoo: Any) -> None:
    beside = source(alice, zoo)

    async def act(browser: Browser) -> None:
        response = await browser.command(f"/compare/{beside.pk}/panes/", copy=hidden.panes[0].pk)
        assert response.status_code == 403

    visit(alice, act)
    assert len(beside.shown_panes()) == 3


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *((name, {}) for name in LOOKED_AT),
        ("usage", {"by": "model"}),
        ("usage", {"by": "provider", "range": "all"}),
    ],
)
def test_a_page_that_lists_everything_says_the_same_after_a_round(
    alices: Client,
    alice: Any,
    plain_talk: Conversation,
    zoo: dict[str, Provider],
    name: str,
    query: dict[str, str],
) -> None:
    Budget.objects.create(owner=alice, per_day=1000.0)
    source_of_it = source(alice, zoo)
    own_vote(alice)
    before = readable(alices.get(reverse(name), query))
    answered(begin_round(source_of_it))
    assert readable(alices.get(reverse(name), query)) == before


def readable(response: Any) -> str:
    """What a person sees, but for the list of conversations, which has a line more."""
    text = re.sub(
        r'<li class="(?:conversation-row|entry)".*?</li>', "", response.content.decode(), flags=re.S
    )
    text = re.sub(
        r"<(style|script|svg)\b.*?</\1>|csrf\S+ value=\S+|X-CSRFToken\S+ \S+|nonce=\S+", "", text, flags=re.S
    )
    return " ".join(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text).split())


def test_what_would_tell_it_is_told_after_the_reveal(alices: Client, hidden: Round) -> None:
    """So that the tests above look for what there is."""
    page = f"/compare/{hidden.comparison.pk}/"
    call = f"/generations/{hidden.ids('generation')}/"
    usage = "/usage/?by=model"
    reveal(hidden.comparison)
    told = unescaped_replies(alices, page, call, usage, f"{call}exchange.json", "/models/")
    assert len(secrets_in(told, NAMES)) >= 6
    assert len(secrets_in(told, hidden.figures)) > 40
    assert "Zanzibar is out of zinc" in told or "content_zilter" in told


def unescaped_replies(client: Client, *paths: str) -> str:
    return "\n".join(reply_in_full(client.get(path)) for path in paths)


# The page


def test_the_page_names_answers_and_no_models(alices: Client, hidden: Round) -> None:
    page = alices.get(f"/compare/{hidden.comparison.pk}/").content.decode()
    for letter in "ABC":
        assert f">Answer {letter}</h2>" in page
        assert f'aria-label="Answer {letter} is better"' in page
    for number in (1, 2, 3):
        assert f'aria-label="Pane {number}"' in page
    for gone in (
        "data-field", "data-tally", "data-tokens", "data-open-settings", "pane__facts", "Inspect", "View code",
        "Open as a chat", "Duplicate", "Remove pane", "Add pane", "Sweep", "Difference", 'aria-label="Edit"',
        'aria-label="Delete"', "pane__composer",
    ):  # fmt: skip
        assert gone not in page, gone
    for there in ("Words of a model", "Thoughts of a model", "Run again", "Regenerate", "Maximise", "Rename"):
        assert there in page, there


def test_a_failed_answer_does_not_say_why(alices: Client, hidden: Round) -> None:
    words = words_in(alices.get(f"/compare/{hidden.comparison.pk}/"))
    assert "This answer failed. Reveal to see why. Retry" in words
    assert "This answer was stopped before its end." in words
    assert "Thought Thoughts of a model" in words


def test_after_the_reveal_it_is_a_page_like_any_other(alices: Client, hidden: Round) -> None:
    reveal(hidden.comparison)
    page = alices.get(f"/compare/{hidden.comparison.pk}/").content.decode()
    for there in (
        "data-field",
        "data-tally",
        "pane__facts",
        "Inspect",
        "Open as a chat",
        "Add pane",
        *NAMES[:6],
    ):
        assert there in page, there
    assert "Revealed without a vote." in page
    assert "Which answer is better?" not in page


def test_the_figures_bring_the_state_of_the_vote_and_no_figures(alices: Client, hidden: Round) -> None:
    address = f"/compare/{hidden.comparison.pk}/figures/"
    assert "disabled" not in alices.get(address).content.decode()
    Generation.objects.filter(pk=hidden.ids("generation")).update(status="running")
    page = alices.get(address)
    assert page.content.decode().count(" disabled") == 4
    assert words_in(page) == "Which answer is better? A B C Tie The vote waits for the end of all answers."
    reveal(hidden.comparison)
    assert "This round was revealed in another tab. See which is which" in words_in(alices.get(address))


def test_scrolling_is_the_only_link_of_a_blind_pane(alice: Any, hidden: Round) -> None:
    pane = hidden.panes[0]

    async def act(browser: Browser) -> None:
        for link, status in (("scrolling", 204), ("input", 403), ("settings", 403), ("system_prompt", 403)):
            response = await browser.post(f"/panes/{pane.pk}/links/", link=link, linked="")
            assert response.status_code == status

    visit(alice, act)
    pane.refresh_from_db()
    assert (pane.linked_scrolling, pane.linked_input, pane.linked_settings) == (False, True, True)
