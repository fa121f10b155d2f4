"""The leaderboard, and votes taken back."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chat import access, history
from chat.commands import Effects, command
from chat.leaderboard import leaderboard_of
from chat.who import SignedIn


@require_safe
def index(request: SignedIn) -> HttpResponse:
    board = leaderboard_of(request.user, request.GET.get("tag", ""), place_in(request.GET.get("before", "")))
    context = {"board": board, "history": history.page_of(request.user)}
    return render(request, "leaderboard/index.html", context)


def place_in(typed: str) -> UUID | None:
    """The first page, if it is no place."""
    try:
        return UUID(typed)
    except ValueError:
        return None


@command("POST")
def delete_vote(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    access.vote(request.user, id).delete()
    tag = request.POST.get("tag", "")
    query = f"?{urlencode({'tag': tag})}" if tag else ""
    return redirect(f"{reverse('leaderboard')}{query}#votes")
