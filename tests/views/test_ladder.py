"""Every address: who may come, by which method, and what everybody else sees."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from chat.comparisons.panes import compare
from chat.models import (
    Conversation,
    Folder,
    Generation,
    HistoryAct,
    LanguageModel,
    Message,
    Preset,
    Prompt,
    Provider,
    Role,
    Share,
    Tag,
    Transfer,
    Vote,
)
from chat.models.copying import copy_settings
from chat.models.identifiers import new_id
from chat.sharing.links import create, hash_of
from chat.sharing.options import Options
from chat.urls import urlpatterns

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Route:
    """The methods that an address takes, what its id is the id of, and what else stands in it."""

    methods: str
    of: str = ""
    public: bool = False
    more: str = ""
    number: int = 0
    token: str = ""


# Of a link to a page that everybody may read.
TOKEN = "t" * 43
ROUTES = {
    "health": Route("GET", public=True),
    "login": Route("GET POST", public=True),
    "logout": Route("POST"),
    "new-chat": Route("GET"),
    "conversations": Route("POST"),
    "history": Route("GET"),
    "all-history": Route("GET"),
    "search": Route("GET"),
    "search-completions": Route("GET"),
    "history-filters": Route("GET"),
    "history-acts": Route("POST"),
    "history-act": Route("DELETE", "history_act"),
    "entry": Route("GET POST", "conversation"),
    "entry-menu": Route("GET", "conversation"),
    "folders": Route("GET"),
    "folder-creation": Route("POST"),
    "folder-name": Route("POST", "folder"),
    "folder-deletion": Route("POST", "folder"),
    "tag-creation": Route("POST"),
    "tag-name": Route("POST", "tag"),
    "tag-deletion": Route("POST", "tag"),
    "conversation": Route("GET", "conversation"),
    "conversation-title": Route("POST", "conversation"),
    "conversation-settings": Route("POST", "conversation"),
    "conversation-since": Route("GET", "conversation"),
    "panel": Route("POST"),
    "conversation-panel": Route("POST", "conversation"),
    "conversation-panel-with": Route("POST", "conversation", more="temperature"),
    "new-code": Route("POST"),
    "conversation-code": Route("GET POST", "conversation"),
    "conversation-pin": Route("POST DELETE", "conversation"),
    "conversation-deletion": Route("POST DELETE", "conversation"),
    "export": Route("GET POST"),
    "conversation-export": Route("GET", "conversation"),
    "conversation-print": Route("GET", "conversation"),
    "comparison-export": Route("GET", "comparison"),
    "temporary-chat": Route("GET"),
    "temporary-answers": Route("POST"),
    "kept-chats": Route("POST"),
    "new-comparison": Route("GET"),
    "comparison-setup": Route("POST"),
    "comparisons": Route("POST"),
    "comparison-from-chat": Route("POST", "conversation"),
    "comparison": Route("GET", "comparison"),
    "comparison-figures": Route("GET", "comparison"),
    "comparison-title": Route("POST", "comparison"),
    "comparison-pin": Route("POST DELETE", "comparison"),
    "comparison-deletion": Route("POST DELETE", "comparison"),
    "rounds": Route("POST", "comparison"),
    "runs": Route("POST", "comparison"),
    "panes": Route("POST", "comparison"),
    "pane-order": Route("GET", "comparison"),
    "pane": Route("GET", "pane"),
    "pane-removal": Route("POST DELETE", "pane"),
    "pane-place": Route("POST", "pane"),
    "pane-links": Route("POST", "pane"),
    "pane-drawer": Route("GET", "pane"),
    "pane-settings": Route("POST", "pane"),
    "pane-panel": Route("POST", "pane"),
    "blind-rounds": Route("POST", "comparison"),
    "vote": Route("POST", "comparison"),
    "reveal": Route("POST", "comparison"),
    "difference": Route("GET"),
    "comparison-difference": Route("GET", "comparison"),
    "messages": Route("POST", "conversation"),
    "changes": Route("GET", "conversation"),
    "conversation-sweep": Route("GET POST", "conversation"),
    "sweep": Route("GET POST", "comparison"),
    "comparison-repeats": Route("GET POST DELETE", "comparison"),
    "repeats": Route("GET POST DELETE", "message"),
    "message": Route("GET", "message"),
    "earlier-messages": Route("GET", "message"),
    "later-messages": Route("GET", "message"),
    "message-menu": Route("GET", "message"),
    "message-editor": Route("GET", "message"),
    "message-additions": Route("GET POST", "message"),
    "message-place": Route("POST", "message"),
    "message-role": Route("POST", "message"),
    "message-answers": Route("POST", "message"),
    "message-original": Route("POST", "message"),
    "message-muting": Route("POST DELETE", "message"),
    "message-edits": Route("POST", "message"),
    "alternatives": Route("POST", "message"),
    "continuations": Route("POST", "message"),
    "whole-answer": Route("POST", "message"),
    "shown-alternative": Route("POST", "message"),
    "tree": Route("GET", "conversation"),
    "tree-changes": Route("GET", "conversation"),
    "star": Route("POST DELETE", "message"),
    "branches": Route("GET POST", "message"),
    "message-deletion": Route("POST DELETE", "message"),
    "presets": Route("POST"),
    "preset-applied": Route("POST", "preset"),
    "preset-deletion": Route("POST", "preset"),
    "prompts": Route("GET"),
    "new-prompt": Route("GET"),
    "prompt-creation": Route("POST"),
    "prompt-import": Route("GET"),
    "imported-prompts": Route("POST"),
    "prompt-preview": Route("POST"),
    "prompt-card-newest": Route("POST"),
    "prompt-card-detached": Route("POST"),
    "prompt-card-kept": Route("POST"),
    "prompt": Route("GET", "prompt"),
    "prompt-name": Route("POST", "prompt"),
    "prompt-versions": Route("POST", "prompt"),
    "prompt-deletion": Route("POST DELETE", "prompt"),
    "prompt-export": Route("GET", "prompt"),
    "prompt-version": Route("GET", "prompt", number=1),
    "restored-prompt-version": Route("POST", "prompt", number=1),
    "generation": Route("GET POST DELETE", "generation"),
    "generation-code": Route("GET", "generation"),
    "generation-events": Route("GET", "generation"),
    "generation-event-lines": Route("GET", "generation"),
    "generation-exchange": Route("GET", "generation"),
    "generation-replays": Route("POST", "generation"),
    "conversation-share": Route("GET", "conversation"),
    "conversation-share-preview": Route("POST", "conversation"),
    "conversation-shares": Route("POST", "conversation"),
    "comparison-share": Route("GET", "comparison"),
    "comparison-share-preview": Route("POST", "comparison"),
    "comparison-shares": Route("POST", "comparison"),
    "shares": Route("GET"),
    "share": Route("POST", "share"),
    "share-token": Route("POST", "share"),
    "share-expiry": Route("POST", "share"),
    "share-revocation": Route("POST DELETE", "share"),
    "shared": Route("GET", public=True, token=TOKEN),
    "shared-code": Route("GET", public=True, token=TOKEN),
    "shared-continuation": Route("GET POST", token=TOKEN),
    "usage": Route("GET"),
    "budget": Route("POST"),
    "tally": Route("GET"),
    "conversation-tally": Route("GET", "conversation"),
    "leaderboard": Route("GET"),
    "vote-deletion": Route("POST", "vote"),
    "transfers": Route("GET"),
    "uploads": Route("POST"),
    "transfer": Route("GET", "transfer"),
    "upload-pieces": Route("POST", "transfer"),
    "transfer-stop": Route("POST", "transfer"),
    "transfer-undo": Route("POST", "transfer"),
    "transfer-deletion": Route("POST", "transfer"),
    "models": Route("GET"),
    "pinned-models": Route("POST DELETE"),
    "model-switch": Route("POST"),
    "settings": Route("GET"),
    "providers": Route("POST"),
    "provider": Route("POST DELETE", "provider"),
    "provider-check": Route("POST", "provider"),
}
OPEN = sorted(name for name, route in ROUTES.items() if not route.of)
WITH_ID = sorted(name for name, route in ROUTES.items() if route.of)
CLOSED = sorted(name for name, route in ROUTES.items() if not route.public)
CASES = [(name, method) for name in sorted(ROUTES) for method in ROUTES[name].methods.split()]
CASES_WITH_ID = [(name, method) for name, method in CASES if ROUTES[name].of]

# A form that is right in everything, so that nothing but the access can be wrong.
FORM = {
    "command": str(uuid4()), "message": "Hi", "text": "Hi", "title": "A title", "shown": "",
    "name": "Mine", "base_url": "https://mine.test/v1", "key": "", "dialect": "", "preset_name": "Mine",
    "place": "0", "link": "input", "revision": "0", "scope": "path",
}  # fmt: skip


@pytest.fixture
def rows(alice: Any) -> dict[str, Any]:
    return rows_of(alice, "Secret")


def rows_of(alice: Any, word: str) -> dict[str, Any]:
    """One of each, with this word in all that a page could show of it."""
    provider = Provider.objects.create(
        name="Private", base_url=f"https://{word}.test/v1".lower(), owner=alice
    )
    LanguageModel.objects.create(provider=provider, name="m", type="chat")
    conversation = Conversation.objects.create(
        owner=alice, title=f"{word} talk", provider=provider, model="m"
    )
    generation = Generation.objects.create(
        owner=alice, conversation=conversation, model="m", status="finished", provider=provider
    )
    question = Message.objects.create(
        conversation=conversation, role=Role.USER, parts=[text(f"{word} question")]
    )
    answer = Message.objects.create(
        conversation=conversation, parent=question, role=Role.ASSISTANT, generation=generation,
        parts=[text(f"{word} answer")],
    )  # fmt: skip
    conversation.show(answer)
    preset = Preset.objects.create(owner=alice, name=f"{word} preset")
    prompt = Prompt.objects.create(owner=alice, name=f"{word} prompt")
    version = prompt.save_version(f"{word} text", [])
    vote = Vote.objects.create(
        owner=alice, contestants=[{"model": f"{word} model", "provider": "Private"}] * 2
    )
    share = share_of(alice)
    comparison = compare(alice, [conversation, copy_settings(conversation)], f"{word} comparison")
    folder, tag = (
        Folder.objects.create(owner=alice, name=f"{word} folder"),
        Tag.objects.create(owner=alice, name=f"{word}-hush".lower()),
    )
    act = HistoryAct.objects.create(id=uuid4(), owner=alice, act="archive", said=f"{word} archived")
    transfer = Transfer.objects.create(
        owner=alice, kind="import", name=f"{word} file", lease_until=timezone.now()
    )
    return {
        "transfer": transfer,
        "folder": folder, "tag": tag, "history_act": act,
        "conversation": conversation, "message": answer, "generation": generation, "comparison": comparison,
        "pane": comparison.shown_panes()[0],
        "provider": provider, "preset": preset, "prompt": prompt, "vote": vote, "share": share,
        "prompt_version": version,
    }  # fmt: skip


def share_of(owner: Any) -> Share:
    """Of something that everybody may read."""
    chat = Conversation.objects.create(owner=owner, title="Open talk", model="m")
    said = Message.objects.create(conversation=chat, role=Role.USER, parts=[text("Open question")])
    chat.show(said)
    share, _ = create(owner, new_id(), chat, Options(), None)
    if not Share.objects.filter(token_hash=hash_of(TOKEN)).exists():
        Share.objects.filter(pk=share.pk).update(token_hash=hash_of(TOKEN))
    return share


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def address(name: str, id: Any = None) -> str:
    route = ROUTES[name]
    parts = {"id": id if route.of else "", "name": route.more, "number": route.number, "token": route.token}
    return reverse(name, kwargs={part: value for part, value in parts.items() if value})


def knock(client: Client, method: str, path: str) -> Any:
    if method == "POST":
        return client.post(path, FORM)
    return client.generic(method, path, query_params=FORM if method == "DELETE" else None)


def sign_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_address_has_its_row() -> None:
    assert all(isinstance(pattern, URLPattern) for pattern in urlpatterns)
    assert {pattern.name for pattern in urlpatterns} == set(ROUTES)
    with_token = {name for name, route in ROUTES.items() if route.token}
    assert {pattern.name for pattern in urlpatterns if "<" in str(pattern.pattern)} == {*WITH_ID, *with_token}


@pytest.mark.parametrize(("name", "method"), CASES)
def test_who_is_not_signed_in_is_sent_to_sign_in(rows: dict[str, Any], name: str, method: str) -> None:
    route = ROUTES[name]
    response = knock(Client(), method, address(name, rows[route.of].pk if route.of else None))
    if route.public:
        assert response.status_code == 200
    elif name != "logout":
        assert response.status_code == 302
        assert response["Location"].startswith("/login/?next=/")
    assert b"Secret" not in response.content


@pytest.mark.parametrize(("name", "method"), CASES_WITH_ID)
def test_a_strangers_thing_looks_like_one_that_is_not_there(
    rows: dict[str, Any], bob: Any, name: str, method: str
) -> None:
    client = sign_in(bob)
    strange = knock(client, method, address(name, rows[ROUTES[name].of].pk))
    missing = knock(client, method, address(name, uuid4()))
    assert (strange.status_code, missing.status_code) == (404, 404)
    assert readable(strange) == readable(missing)
    assert b"Secret" not in strange.content


def readable(response: Any) -> bytes:
    """The reply without what differs from page to page anyway."""
    content: bytes = response.content
    for line in content.splitlines():
        if b"nonce" in line or b"csrf" in line.lower():
            content = content.replace(line, b"")
    return content


@pytest.mark.parametrize(("name", "method"), CASES_WITH_ID)
def test_a_strangers_knock_changes_nothing(rows: dict[str, Any], bob: Any, name: str, method: str) -> None:
    before = everything()
    knock(sign_in(bob), method, address(name, rows[ROUTES[name].of].pk))
    assert everything() == before


def everything() -> list[Any]:
    tables = apps.get_app_config("chat").get_models(include_auto_created=True)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("id", ["x", "1", "00000000-0000-0000-0000", "01a1fbd3-e8c4-7642-ba49-f1ea415f511g"])
@pytest.mark.parametrize("name", WITH_ID)
def test_what_is_no_id_is_not_found(alice: Any, name: str, id: str) -> None:
    path = address(name, uuid4())
    known = path.strip("/").split("/")
    place = next(number for number, part in enumerate(known) if len(part) == 36)
    known[place] = id
    for method in ROUTES[name].methods.split():
        assert knock(sign_in(alice), method, f"/{'/'.join(known)}/").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("name", sorted(set(ROUTES) - {"login", "health"}))
def test_a_method_that_an_address_does_not_take_is_refused(
    rows: dict[str, Any], alice: Any, name: str, method: str
) -> None:
    route = ROUTES[name]
    if method in route.methods.split():
        return
    before = everything()
    response = knock(sign_in(alice), method, address(name, rows[route.of].pk if route.of else None))
    assert response.status_code == 405
    assert set(route.methods.split()) <= {word.strip() for word in response["Allow"].split(",")}
    assert everything() == before


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if "GET" in route.methods))
def test_every_page_opens_for_its_owner(rows: dict[str, Any], alice: Any, name: str) -> None:
    if name == "login":
        return
    route = ROUTES[name]
    response = sign_in(alice).get(address(name, rows[route.of].pk if route.of else None))
    assert response.status_code == 200


@pytest.mark.parametrize("name", CLOSED)
def test_nobody_between_may_keep_a_reply(rows: dict[str, Any], bob: Any, name: str) -> None:
    route = ROUTES[name]
    path = address(name, rows[route.of].pk if route.of else None)
    for client in (Client(), sign_in(bob)):
        replies = [client.get(path)]
        if route.of:
            replies.append(knock(client, route.methods.split()[0], path))
        for response in replies:
            assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
