"""Conversations: a new one, one of them, the history, its name, its settings, its deletion."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat.comparisons.panes import compare
from chat.history import CONVERSATIONS_ON_A_PAGE
from chat.models import Conversation, Generation, Message, Provider
from chat.models.copying import copy_settings
from tests.generation.playing import until_stored
from tests.upstream import Hang, Head, Script, Upstream

from .asking import Browser, branch, visit

HOSTILE = "</title><script>alert(1)</script>\"'&"


@pytest.fixture
def client_of(as_user: Any, alice: Any) -> Client:
    browser: Client = as_user(alice)
    return browser


def begun(user: Any, title: str = "A talk", **fields: Any) -> Conversation:
    conversation = Conversation.objects.create(owner=user, title=title, **fields)
    conversation.show(Message.objects.create(conversation=conversation, role="user"))
    return conversation


# Pages


@pytest.mark.django_db
def test_a_new_chat_is_not_stored(client_of: Client, provider: Provider) -> None:
    page = client_of.get("/").content.decode()
    assert Conversation.objects.count() == 0
    assert 'hx-post="/c/"' in page
    assert 'value="scripted"' in page


@pytest.mark.django_db
def test_a_new_chat_without_any_provider_says_how_to_connect_one(client_of: Client) -> None:
    page = client_of.get("/").content.decode()
    assert "TOGETHER_API_KEY" in page
    assert 'href="/settings/"' in page


@pytest.mark.django_db
def test_a_conversation_shows_its_branch_and_its_place_in_the_history(client_of: Client, alice: Any) -> None:
    talk, other = begun(alice, "This one"), begun(alice, "Another")
    page = client_of.get(f"/c/{talk.pk}/").content.decode()
    assert "<title>This one · Playground</title>" in page
    assert page.count("<article") == 1
    assert f'href="/c/{talk.pk}/" aria-current="page"' in page
    assert f'href="/c/{other.pk}/"' in page
    assert f'data-version="{Conversation.objects.get(pk=talk.pk).version}"' in page


@pytest.mark.django_db
def test_a_conversation_whose_provider_is_gone_still_opens(
    client_of: Client, alice: Any, provider: Provider
) -> None:
    talk = begun(alice, provider=provider, model="scripted")
    provider.delete()
    assert client_of.get(f"/c/{talk.pk}/").status_code == 200


@pytest.mark.django_db
def test_what_a_person_typed_is_text_on_every_page(client_of: Client, alice: Any) -> None:
    talk = begun(alice, HOSTILE, system_prompt=HOSTILE, model=HOSTILE)
    Message.objects.update(parts=[{"type": "text", "text": HOSTILE}], reasoning=HOSTILE)
    for path in (
        f"/c/{talk.pk}/",
        "/",
        "/history/",
        f"/history/?q={HOSTILE}",
        "/settings/",
        "/models/?model=" + HOSTILE,
    ):
        response = client_of.get(path)
        assert response.status_code == 200, path
        page = response.content.decode()
        assert "<script>alert" not in page
        assert "</title><script" not in page


# The history


@pytest.mark.django_db
def test_the_history_goes_on_page_after_page(client_of: Client, alice: Any) -> None:
    for number in range(CONVERSATIONS_ON_A_PAGE + 5):
        begun(alice, f"talk {number}")
    first = client_of.get("/history/").content.decode()
    address = first.split('<a href="/history/all/?after=')[1].split("&")[0]
    second = client_of.get(f"/history/?after={address}").content.decode()
    assert first.count('class="conversation"') == CONVERSATIONS_ON_A_PAGE
    assert second.count('class="conversation"') == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "after",
    ["x", "2026-01-01T00:00:00+00:00~x", "2026-01-01~01a1fbd3-e8c4-7642-ba49-f1ea415f5113", "%00", "~" * 500],
)
def test_a_forged_page_is_a_bad_request(client_of: Client, alice: Any, after: str) -> None:
    begun(alice)
    assert client_of.get(f"/history/?after={after}").status_code == 400


@pytest.mark.django_db
def test_a_search_says_when_it_finds_nothing(client_of: Client, alice: Any) -> None:
    begun(alice, "bread")
    assert "bread" in client_of.get("/history/", {"q": "BREAD"}).content.decode()
    assert "No title holds" in client_of.get("/history/", {"q": "butter"}).content.decode()


@pytest.mark.django_db
def test_a_running_one_shows_it(client_of: Client, alice: Any) -> None:
    talk = begun(alice)
    Generation.objects.create(owner=alice, conversation=talk, model="m")
    assert "pulse" in client_of.get("/history/").content.decode()


# Its name, its place, its settings


@pytest.mark.django_db
def test_it_can_be_renamed(client_of: Client, alice: Any) -> None:
    talk = begun(alice)
    response = client_of.post(f"/c/{talk.pk}/title/", {"title": f"  {HOSTILE} "})
    talk.refresh_from_db()
    assert response.status_code == 200
    assert talk.title == HOSTILE
    assert response["HX-Trigger"] == "history-changed"
    assert "<script>alert" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\x00b"])
def test_a_name_that_is_none_is_told_in_words(client_of: Client, alice: Any, title: str) -> None:
    talk = begun(alice)
    response = client_of.post(f"/c/{talk.pk}/title/", {"title": title}, headers={"HX-Request": "true"})
    talk.refresh_from_db()
    assert response.status_code == 422
    assert "refusal" in response.content.decode()
    assert talk.title == "A talk"


@pytest.mark.django_db
def test_it_can_be_pinned_and_unpinned(client_of: Client, alice: Any) -> None:
    talk = begun(alice)
    for act, pinned in ((client_of.post, True), (client_of.post, True), (client_of.delete, False)):
        response = act(f"/c/{talk.pk}/pin/")
        assert (response.status_code, response["HX-Trigger"]) == (204, "history-changed")
        assert ("<h2>Pinned</h2>" in client_of.get("/history/").content.decode()) is pinned


@pytest.mark.django_db
def test_settings_are_saved_as_they_are_changed(client_of: Client, alice: Any, provider: Provider) -> None:
    talk = begun(alice)
    form = {"temperature": "0.5", "system_prompt": "Brief.", "provider": provider.pk, "model": "scripted"}
    assert client_of.post(f"/c/{talk.pk}/settings/", form).status_code == 204
    talk.refresh_from_db()
    assert (talk.settings, talk.system_prompt) == ({"temperature": 0.5}, "Brief.")
    assert (talk.provider, talk.model) == (provider, "scripted")
    assert client_of.post(f"/c/{talk.pk}/settings/", {"temperature": ""}).status_code == 204
    talk.refresh_from_db()
    assert talk.settings == {}


@pytest.mark.django_db
def test_a_setting_that_cannot_be_is_told_beside_its_field_and_nothing_is_saved(
    client_of: Client, alice: Any
) -> None:
    talk = begun(alice, settings={"top_p": 0.5})
    response = client_of.post(f"/c/{talk.pk}/settings/", {"temperature": "hot", "top_p": "0.9"})
    talk.refresh_from_db()
    assert response.status_code == 422
    assert 'data-error-for="temperature"' in response.content.decode()
    assert talk.settings == {"top_p": 0.5}


@pytest.mark.django_db
def test_a_model_may_be_one_that_no_list_has(client_of: Client, alice: Any, provider: Provider) -> None:
    talk = begun(alice)
    client_of.post(f"/c/{talk.pk}/settings/", {"provider": provider.pk, "model": "never-heard-of"})
    page = client_of.get(f"/c/{talk.pk}/").content.decode()
    assert "never-heard-of" in page
    assert "No list of this provider has this model" in page


# Deleting


@pytest.mark.django_db
def test_it_is_deleted_and_brought_back(client_of: Client, alice: Any) -> None:
    talk = begun(alice, "Precious")
    path = f"/c/{talk.pk}/deletion/"
    response = client_of.post(path)
    assert "Precious” deleted" in response.content.decode()
    assert client_of.get(f"/c/{talk.pk}/").status_code == 404
    assert "Precious" not in client_of.get("/history/").content.decode()
    assert client_of.delete(path).status_code == 200
    assert client_of.get(f"/c/{talk.pk}/").status_code == 200


@pytest.mark.django_db
def test_what_was_not_deleted_cannot_be_brought_back(client_of: Client, alice: Any) -> None:
    assert client_of.delete(f"/c/{begun(alice).pk}/deletion/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_deleting_stops_what_runs_in_it(conversation: Conversation, upstream: Upstream) -> None:
    upstream.script(Script([Head(), Hang()]))

    async def act(browser: Browser) -> None:
        await browser.send(conversation)
        await browser.post(f"/c/{conversation.pk}/deletion/")
        await until_stored(lambda: Generation.objects.get().status == "stopped")
        await browser.delete(f"/c/{conversation.pk}/deletion/")
        assert (await branch(conversation))[-1].status == "stopped"

    visit(conversation.owner, act)


@pytest.mark.django_db
def test_old_times_are_told_apart(client_of: Client, alice: Any) -> None:
    begun(alice, active_at=timezone.now() - timezone.timedelta(days=400))
    assert "Earlier" in client_of.get("/history/").content.decode()


def test_a_pane_that_is_opened_as_a_chat_leads_back_to_its_comparison(
    conversation: Conversation, as_user: Any
) -> None:
    comparison = compare(conversation.owner, [conversation, copy_settings(conversation)])
    _, pane = comparison.shown_panes()
    page = as_user(conversation.owner).get(f"/c/{pane.conversation_id}/").content.decode()
    assert f'href="/compare/{comparison.pk}/" aria-label="Back to the comparison"' in page


def test_a_chat_that_is_compared_stays_a_chat(conversation: Conversation, as_user: Any) -> None:
    compare(conversation.owner, [conversation, copy_settings(conversation)])
    page = as_user(conversation.owner).get(f"/c/{conversation.pk}/").content.decode()
    assert "Back to the comparison" not in page
