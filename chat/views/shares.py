"""Links to snapshots, as their owner sees them: chosen and previewed, made, listed, renewed, ended."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from chat import access, history
from chat.commands import Effects, command, once
from chat.forms import CommandForm, check
from chat.generation.begin import Job
from chat.models import Comparison, Conversation, Share
from chat.refusals import Refused
from chat.sharing.forms import EXPIRIES, KEEP, USUAL, ExpiryForm, ShareForm
from chat.sharing.links import create, publish, renew_token
from chat.sharing.options import CHOICES, Options
from chat.sharing.places import suspicious
from chat.sharing.reading import page_of
from chat.sharing.rows import rows_of
from chat.sharing.snapshot import Taken, take
from chat.sharing.state import changed_and_broken
from chat.who import OWNER, SignedIn

Shared = Conversation | Comparison
ON_A_PAGE = 50
LOOK_FIRST = (
    "Not shared: something in it looks like a key, a token or an address. Hide what is not for others, "
    "or tick that you share it knowingly."
)


# The dialog


@require_safe
def of_conversation(request: SignedIn, id: UUID) -> HttpResponse:
    return dialog(request, access.conversation(request.user, id))


@require_safe
def of_comparison(request: SignedIn, id: UUID) -> HttpResponse:
    return dialog(request, access.comparison(request.user, id))


def dialog(request: SignedIn, shared: Shared) -> HttpResponse:
    """With the choices of the link that there is, or with as little as can be shown."""
    share = link_of(request, shared)
    options = Options.from_stored(share.options) if share else Options()
    context = {
        "shared": shared,
        "share": share,
        "options": options,
        "choices": [(name, label, getattr(options, name)) for name, label in CHOICES.items()],
        "own_name": name_of(request.user),
        "expiries": EXPIRIES,
        "expires": USUAL if share is None or has_ended(share) else KEEP,
        "create_url": address(shared, "shares"),
        "preview_url": address(shared, "share-preview"),
        **preview_context(shared, options, share),
    }
    return render(request, "shares/_dialog.html", context)


def has_ended(share: Share) -> bool:
    return share.expires_at is not None and share.expires_at <= timezone.now()


def name_of(user: User) -> str:
    """To begin with, and never an address. The owner of a machine has no name of their own."""
    return user.get_full_name() or ("" if user.get_username() == OWNER else user.get_username().split("@")[0])


def link_of(request: SignedIn, shared: Shared) -> Share | None:
    """The one that the address asks for, or the newest that is not revoked."""
    of = {"comparison": shared} if isinstance(shared, Comparison) else {"conversation": shared}
    rows = access.shares(request.user).filter(**of, revoked_at=None)
    try:
        asked = rows.filter(pk=UUID(request.GET.get("link", ""))).first()
    except ValueError:
        asked = None
    return asked or rows.order_by("-pk").first()


def address(shared: Shared, name: str) -> str:
    kind = "comparison" if isinstance(shared, Comparison) else "conversation"
    return reverse(f"{kind}-{name}", kwargs={"id": shared.pk})


@require_POST
def preview_of_conversation(request: SignedIn, id: UUID) -> HttpResponse:
    return preview(request, access.conversation(request.user, id))


@require_POST
def preview_of_comparison(request: SignedIn, id: UUID) -> HttpResponse:
    return preview(request, access.comparison(request.user, id))


def preview(request: SignedIn, shared: Shared) -> HttpResponse:
    """What a reader would see, by the choices that stand in the dialog. Stores nothing."""
    form = ShareForm(request.POST)
    check(form)
    context = preview_context(shared, form.options(), link_of(request, shared))
    return render(request, "shares/_preview.html", context)


def preview_context(shared: Shared, options: Options, share: Share | None) -> dict[str, Any]:
    """The very snapshot that would be published, what of it looks like a secret, and what can be left out."""
    rows = rows_of(shared, options)
    context: dict[str, Any] = {"rows": rows, "numbers": {row.id: row.number for row in rows}}
    try:
        taken = take(shared, options, timezone.now())
    except Refused as refusal:
        return {**context, "refusal": str(refusal)}
    changed = share is not None and differs(share, taken)
    return {**context, "page": page_of(taken.snapshot), "suspicious": suspicious(taken), "changed": changed}


def differs(share: Share, taken: Taken) -> bool:
    """Whether a reader of the link sees something else than they would see after an update."""
    before, now = ({**each, "taken_at": ""} for each in (share.snapshot, taken.snapshot))
    return before != now


# Making and changing


@command("POST")
def create_of_conversation(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    conversation = access.conversation(request.user, id)
    return make(request, effects, conversation, conversation)


@command("POST")
def create_of_comparison(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    comparison = access.comparison(request.user, id)
    panes = comparison.shown_panes()
    if not panes:
        raise Refused("There is nothing to share: this comparison has no panes.", status=422)
    return make(request, effects, comparison, panes[0].conversation)


def make(request: SignedIn, effects: Effects, shared: Shared, conversation: Conversation) -> HttpResponse:
    """The command's id is the id of the link. Who asks for the same one again never got the first answer, and is given
    another token: the first one is known to nobody."""
    sent, form = CommandForm(request.POST), ShareForm(request.POST)
    check(sent, form)
    options, id = form.options(), sent.cleaned_data["command"]
    token = ""

    def act() -> tuple[Conversation, list[Job]]:
        nonlocal token
        now = timezone.now()
        refuse_unseen(take(shared, options, now), form)
        _, token = create(request.user, id, shared, options, form.expires_at(now, None))
        return conversation, []

    once(request.user, id, f"share {shared.pk} {options.stored()}", effects, act)
    share = access.share(request.user, id)
    return made(request, share, token or renew_token(share))


def refuse_unseen(taken: Taken, form: ShareForm) -> None:
    """What looks like a secret is shared knowingly or not at all."""
    if not form.cleaned_data["knowingly"] and suspicious(taken):
        raise Refused(LOOK_FIRST, status=422)


def made(request: HttpRequest, share: Share, token: str = "") -> HttpResponse:
    """With the link itself, if it is new: this is the only time that it can be told."""
    link = request.build_absolute_uri(reverse("shared", kwargs={"token": token})) if token else ""
    return render(request, "shares/_made.html", {"share": share, "link": link})


@command("POST")
def update(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """The same link shows how it is now."""
    share, form = standing(request, id), ShareForm(request.POST)
    check(form)
    shared = shared_by(request, share)
    now = timezone.now()
    taken = take(shared, form.options(), now)
    refuse_unseen(taken, form)
    publish(share, taken, form.options(), form.expires_at(now, share.expires_at))
    return made(request, share)


def standing(request: SignedIn, id: UUID) -> Share:
    share = access.share(request.user, id)
    if share.revoked_at:
        raise Refused("This link was revoked. Share it anew.", status=409)
    return share


def shared_by(request: SignedIn, share: Share) -> Shared:
    """404 where it is deleted, and refused where it is blind."""
    if share.comparison_id:
        return access.comparison(request.user, share.comparison_id)
    assert share.conversation_id
    return access.conversation(request.user, share.conversation_id)


@command("POST")
def new_token(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """Another link to the same page. The one before is dead at once."""
    share = standing(request, id)
    return made(request, share, renew_token(share))


@command("POST")
def expiry(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    share, form = access.share(request.user, id), ExpiryForm(request.POST)
    check(form)
    share.expires_at = form.expires_at(timezone.now(), share.expires_at)
    share.save(update_fields=["expires_at"])
    return changed_row(request, share)


@command("POST", "DELETE")
def revocation(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST ends the link at once, DELETE takes that back."""
    share = access.share(request.user, id)
    share.revoked_at = timezone.now() if request.method == "POST" else None
    share.save(update_fields=["revoked_at"])
    return changed_row(request, share, undo=request.method == "POST")


def changed_row(request: HttpRequest, share: Share, *, undo: bool = False) -> HttpResponse:
    context = {**row_context([share]), "share": share, "undo": undo}
    return render(request, "shares/_changed.html", context)


# The list


@require_safe
def index(request: SignedIn) -> HttpResponse:
    """One's own links, the newest first."""
    rows = access.shares(request.user).defer("snapshot").order_by("-pk")
    if after := request.GET.get("after", ""):
        try:
            rows = rows.filter(pk__lt=UUID(after))
        except ValueError:
            return HttpResponseBadRequest("This is no page of the list.")
    shares = list(rows[: ON_A_PAGE + 1])
    context = {
        **row_context(shares[:ON_A_PAGE]),
        "shares": shares[:ON_A_PAGE],
        "more": shares[ON_A_PAGE - 1].pk if len(shares) > ON_A_PAGE else None,
        "history": history.page_of(request.user),
        "current": "",
    }
    return render(request, "shares/index.html", context)


def row_context(shares: list[Share]) -> dict[str, Any]:
    changed, broken = changed_and_broken(shares)
    return {"changed": changed, "broken": broken, "now": timezone.now(), "expiries": EXPIRIES}
