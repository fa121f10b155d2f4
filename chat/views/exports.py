"""Conversations as files: one of them, a comparison, a selection, everything; and pages to be printed."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from chat import access, history
from chat.exports.formats import BY_NAME, FORMATS, Format, pieces
from chat.exports.forms import SelectionForm
from chat.exports.names import disposition, file_name
from chat.exports.selection import Selection, everything, of_entries
from chat.exports.shown import UNNAMED, UNTITLED, Told, instructions_of, told, turns_of
from chat.forms import check
from chat.history.choosing import MOST_IDS, all_that, chosen_among
from chat.models import Comparison, Conversation
from chat.refusals import Refused
from chat.who import SignedIn


@require_safe
def of_conversation(request: SignedIn, id: UUID) -> StreamingHttpResponse:
    conversation = access.conversation(request.user, id)
    rows = access.conversations(request.user).filter(pk=conversation.pk)
    return download(request, Selection(rows, Comparison.objects.none()), conversation.title or UNTITLED)


@require_safe
def of_comparison(request: SignedIn, id: UUID) -> StreamingHttpResponse:
    comparison = access.comparison(request.user, id)
    return download(request, only(request, comparison), comparison.title or "comparison")


def only(request: SignedIn, comparison: Comparison) -> Selection:
    rows = access.comparisons(request.user).filter(pk=comparison.pk)
    return Selection(Conversation.objects.none(), rows)


@require_http_methods(["GET", "HEAD", "POST"])
def of_many(request: SignedIn) -> HttpResponse | StreamingHttpResponse:
    """GET with a format: everything; without one, the page that offers it. POST: what was selected in the history."""
    if request.method == "POST":
        return download(request, selected(request), "conversations")
    if "format" in request.GET:
        return download(request, everything(request.user), "conversations")
    context = {"formats": FORMATS, "count": everything(request.user).count}
    return render(request, "exports/index.html", context | {"history": history.page_of(request.user)})


def selected(request: SignedIn) -> Selection:
    """Raises Http404 if one of them is not one's own, Refused for a blind round."""
    form = SelectionForm(request.POST)
    check(form)
    if form.cleaned_data["everything"]:
        named = {name: request.POST.get(f"filter:{name}", "") for name in ("folder", "tag", "archived", "q")}
        chosen = all_that(request.user, history.filter_of(request.user, named))
    else:
        chosen = chosen_among(request.user, form.cleaned_data["entries"])
    if len(chosen) > MOST_IDS:
        raise Refused(
            f"At most {MOST_IDS:,} can be selected for a file. Export everything instead.", status=422
        )
    if (
        access.comparisons(request.user)
        .filter(pk__in=chosen.comparison, blind=True, revealed_at=None)
        .exists()
    ):
        raise Refused(
            "A blind round is among them: reveal it first, or take it out of the selection.", status=403
        )
    return of_entries(request.user, chosen.conversation, chosen.comparison)


# On paper


@require_safe
def print_page(request: SignedIn, id: UUID) -> HttpResponse:
    """All of the shown branch on one page, which opens the browser's own dialog."""
    conversation = access.conversation(request.user, id)
    back = reverse("conversation", kwargs={"id": id})
    return on_paper(request, conversation.title or UNTITLED, back, [Told(conversation)])


@require_safe
def print_comparison(request: SignedIn, id: UUID) -> HttpResponse:
    """The same of each pane, beside one another as far as there is room."""
    comparison = access.comparison(request.user, id)
    back = reverse("comparison", kwargs={"id": id})
    return on_paper(request, comparison.title or UNNAMED, back, told(only(request, comparison)))


def on_paper(request: SignedIn, title: str, back: str, given: Iterable[Told]) -> HttpResponse:
    sheets = [
        {
            "told": each,
            "instructions": instructions_of(each.conversation),
            "turns": turns_of(each.conversation),
        }
        for each in given
    ]
    return render(request, "exports/print.html", {"title": title, "back": back, "sheets": sheets})


# The file


def download(request: SignedIn, selection: Selection, title: str) -> StreamingHttpResponse:
    format = format_of(request)
    response = StreamingHttpResponse(
        in_threads(pieces(format, selection)), content_type=f"{format.content_type}; charset=utf-8"
    )
    response["Content-Disposition"] = disposition(file_name(title, format.extension))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def format_of(request: SignedIn) -> Format:
    typed: dict[str, Any] = request.POST if request.method == "POST" else request.GET
    name = typed.get("format") or FORMATS[0].name
    if name not in BY_NAME:
        known = ", ".join(BY_NAME)
        raise Refused(f"There is no such format. Choose one of {known}.", status=422)
    return BY_NAME[name]


async def in_threads(found: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The next piece is made when the last one has been sent, and the loop does not wait for the database."""
    step = sync_to_async(lambda: next(found, b""))
    while piece := await step():
        yield piece
