"""Every address: the methods that it takes, what it is of, and how one knocks at it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse


@dataclass(frozen=True)
class Route:
    """The methods that an address takes, what its id is the id of, and what else stands in it."""

    methods: str
    of: str = ""
    public: bool = False
    more: str = ""
    number: int = 0
    token: str = ""
    found: bool = True  # a page is there


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
    "comparison-print": Route("GET", "comparison"),
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
    "message-former-place": Route("POST", "message"),
    "message-role": Route("POST", "message"),
    "message-answers": Route("POST", "message"),
    "message-original": Route("POST", "message"),
    "picture": Route("GET", "message", number=1, found=False),
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
    "shared-without-slash": Route("GET", public=True, token=TOKEN),
    "nothing-shared": Route("GET", public=True, found=False),
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
