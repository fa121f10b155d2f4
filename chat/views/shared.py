"""What somebody with a link sees. They need no account and no cookie, and are given none."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from chat import access
from chat.commands import Effects, command, once
from chat.forms import CommandForm, check
from chat.generation.begin import Job
from chat.models import Conversation, Share
from chat.sharing.code import BY_NAME, USUAL, code_of
from chat.sharing.continuing import continue_from, missing_models
from chat.sharing.links import count_view, found_by
from chat.sharing.reading import page_of
from chat.snippets import TARGETS
from chat.who import SignedIn

# No list of addresses and no robots.txt speaks of these pages: a crawler that may not fetch one never reads this.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for everybody: the same for all who have the link, and nothing is kept of who they are."""

    @wraps(view)
    def answer(request: HttpRequest, token: str = "") -> HttpResponse:
        share = found_by(token) if token else None
        response = view(request, share, token) if share else gone(request)
        forget_visitor(request)
        return marked(response)

    # Nothing can be posted there. Who tries gets no page that speaks of forms, and sets the cookie of one.
    return csrf_exempt(login_not_required(require_safe(answer)))


def forget_visitor(request: HttpRequest) -> None:
    """The page neither sets nor deletes a cookie, nor depends on one: the middleware finds nothing to do."""
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    if hasattr(request, "session"):
        del request.session


def marked(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """Unknown, expired, revoked, or without what it was made from: nobody learns which."""
    return render(request, "shares/gone.html", status=404)


@public
def show(request: HttpRequest, share: Share, token: str) -> HttpResponse:
    at = request.GET.get("at", "")
    if counts(request, share, at):
        count_view(share)
    return render(request, "shares/show.html", {"page": page_of(share.snapshot, at), "token": token})


def counts(request: HttpRequest, share: Share, at: str) -> bool:
    """Not the owner's own look, nor that of a browser that only thinks that somebody may come, nor another branch."""
    is_guess = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    user = getattr(request, "user", None)
    return request.method == "GET" and not at and not is_guess and getattr(user, "pk", None) != share.owner_id


@public
def nothing(request: HttpRequest, share: Share, token: str) -> HttpResponse:
    """Any other address that somebody made out of a link."""
    return gone(request)


@public
def code(request: HttpRequest, share: Share, token: str) -> HttpResponse:
    """Without the address that it was sent to, which is not shown to anybody."""
    page = page_of(share.snapshot)
    if not page.has_code:
        return gone(request)
    target = BY_NAME.get(request.GET.get("target", ""), USUAL)
    wish = request.GET.get("pane", "")
    number = int(wish) if wish in map(str, range(len(page.panes))) else 0
    context = {
        "page": page, "token": token, "target": target, "targets": TARGETS, "chosen": number,
        "code": code_of(share.snapshot, number, target),
    }  # fmt: skip
    return render(request, "shares/code.html", context)


async def continuation(request: SignedIn, token: str) -> Any:
    """GET asks, for a link must change nothing; POST does it."""
    if request.method in ("GET", "HEAD"):
        return await sync_to_async(ask)(request, token)
    if request.method == "POST":
        return await go_on(request, token=token)
    return HttpResponseNotAllowed(["GET", "HEAD", "POST"])


def ask(request: SignedIn, token: str) -> HttpResponse:
    share = found_by(token)
    if share is None:
        return marked(gone(request))
    context = {
        "page": page_of(share.snapshot),
        "token": token,
        "missing": missing_models(share.snapshot, request.user),
        "command": uuid4(),
    }
    response = render(request, "shares/continue.html", context)
    response["X-Robots-Tag"] = HEADERS["X-Robots-Tag"]
    return response


@command("POST")
def go_on(request: SignedIn, effects: Effects, token: str) -> HttpResponse:
    """Twice is once."""
    share = found_by(token)
    if share is None:
        return marked(gone(request))
    form = CommandForm(request.POST)
    check(form)

    def act() -> tuple[Conversation, list[Job]]:
        return continue_from(share.snapshot, request.user), []

    conversation = once(request.user, form.cleaned_data["command"], f"continue {share.pk}", effects, act)
    pane = access.panes(request.user).filter(conversation=conversation).order_by("-pk").first()
    if pane and not conversation.listed:
        return redirect("comparison", id=pane.comparison_id)
    return redirect("conversation", id=conversation.pk)
