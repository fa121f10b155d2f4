"""A shared page with all defaults, crawled, tells nothing that was not chosen; each choice shows just its own."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from chat.models import Share
from chat.models.identifiers import new_id
from chat.sharing.links import create
from chat.sharing.options import Options

from .canaries import ALWAYS, NEVER, OPT_IN, Canaries, canaries
from .crawling import crawl

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place_for_static_files(settings: Any) -> None:
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def told(db: None) -> Canaries:
    return canaries()


def shared(told: Canaries, options: Options) -> str:
    in_a_day = timezone.now() + timedelta(days=1)
    _, token = create(told.owner, new_id(), told.conversation, options, in_a_day)
    return reverse("shared", kwargs={"token": token})


def seen_in(pages: dict[str, str], words: Any) -> list[tuple[str, str]]:
    return [
        (word, path) for word in words for path, text in pages.items() if word.casefold() in text.casefold()
    ]


def test_by_default_nothing_but_words_and_model_names(told: Canaries) -> None:
    pages = crawl(shared(told, Options(hidden=frozenset({told.messages["hidden"].pk}))))
    assert len(pages) > 15
    forbidden = [word for name, words in OPT_IN.items() if name != "models" for word in words]
    assert seen_in(pages, [*forbidden, *NEVER, *told.ids()]) == []
    assert {word for word, _ in seen_in(pages, [*ALWAYS, *OPT_IN["models"]])} == {*ALWAYS, *OPT_IN["models"]}


def test_no_page_of_it_sets_a_cookie_or_lets_anybody_keep_it(told: Canaries) -> None:
    pages = crawl(shared(told, told.options(*OPT_IN)), assets=False)
    public = [path for path in pages if path.startswith("/s/") and not path.endswith("/continue/")]
    assert len(public) > 10
    for path in public:
        head = pages[path].partition("\n\n")[0]
        assert "X-Robots-Tag: noindex, nofollow, noarchive, nosnippet" in head
        assert "Cache-Control: private, no-store" in head
        assert "Referrer-Policy: no-referrer" in head
        # Neither set nor told apart by.
        assert "Cookie" not in head


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=some.sets(some.sampled_from(sorted(OPT_IN))))
@example(names=set())
@example(names=set(OPT_IN))
def test_each_choice_shows_its_own_and_nothing_else(told: Canaries, names: set[str]) -> None:
    pages = crawl(shared(told, told.options(*names)), assets=False)
    chosen = {word for name in names for word in OPT_IN[name]}
    left = {word for name in OPT_IN if name not in names for word in OPT_IN[name]}
    # A name of a setting's model or of a tool may not come by another door either.
    assert seen_in(pages, [*left, *NEVER, *told.ids()]) == []
    assert {word for word, _ in seen_in(pages, chosen)} == chosen
    Share.objects.all().delete()


def test_the_preview_is_the_page(told: Canaries, as_user: Any) -> None:
    """Also for its owner: what is not chosen is in the list of messages at most."""
    form = {"models": "on", "hidden": str(told.messages["hidden"].pk)}
    path = reverse("conversation-share-preview", kwargs={"id": told.conversation.pk})
    response = as_user(told.owner).post(path, form)
    preview = response.content.decode().partition("<div data-shown>")[2]
    forbidden = [word for name, words in OPT_IN.items() if name != "models" for word in words]
    assert seen_in({"preview": preview}, [*forbidden, *NEVER, *told.ids()]) == []
    assert len(seen_in({"preview": preview}, ALWAYS)) == len(ALWAYS)


def test_a_title_made_from_a_hidden_prompt_goes_with_it(told: Canaries) -> None:
    told.conversation.title = "Zebrahidden"
    told.conversation.save()
    pages = crawl(shared(told, told.options("models")))
    assert seen_in(pages, ["Zebrahidden"]) == []
    assert seen_in(pages, ["Zebraquestion"])


def test_who_wrote_it_is_told_by_the_name_that_they_chose(told: Canaries) -> None:
    pages = crawl(shared(told, Options(author="Mira", hidden=told.options().hidden)))
    assert seen_in(pages, ["Shared by Mira"])
    assert seen_in(pages, ["zebrauser", "zebra@mail"]) == []
