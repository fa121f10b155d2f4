"""The search: what a query finds, and what may stand where one types it."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat import access, history
from chat.models import Facet
from chat.query.completion import complete
from chat.query.language import KEYS, Query, QueryError, parse
from chat.search.finding import Page, search
from chat.who import SignedIn


@require_safe
def index(request: SignedIn) -> HttpResponse:
    """As a page; asked for by a script, only what was found. `typing`: the last word may go on."""
    text, after = request.GET.get("q", ""), request.GET.get("after", "")
    query, error = Query(), None
    try:
        query = parse(text, typing="typing" in request.GET)
        page = search(request.user, query, after)
    except QueryError as wrong:
        page, error = Page([]), wrong
    except ValueError:
        return HttpResponseBadRequest("This is no page of a search.")
    context = {"query": text, "asked": query, "page": page, "error": error, "after": after}
    if error:
        context |= {
            "before": text[: error.begin],
            "wrong": text[error.begin : error.end],
            "rest": text[error.end :],
        }
    template = "search/_results.html"
    if "HX-Request" not in request.headers:
        template = "search/index.html"
        context |= {"history": history.page_of(request.user), "keys": KEYS}
    # What one has not typed to the end is no refusal.
    return render(request, template, context, status=422 if error and "typing" not in request.GET else 200)


@require_safe
def completions(request: SignedIn) -> HttpResponse:
    """For the query as it is typed up to `at`."""
    text = request.GET.get("q", "")
    given = request.GET.get("at", "")
    at = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else len(text)
    found = complete(text, min(at, len(text)), values_of(request, text))
    return render(request, "search/_completions.html", {"completions": found})


def values_of(request: SignedIn, text: str) -> dict[str, list[str]]:
    """One's own: what some answer of theirs has, and what they named."""
    if ":" not in text:
        return {}
    values: dict[str, list[str]] = {
        "tag": [tag.name for tag in access.tags(request.user)],
        "folder": [folder.name for folder in access.folders(request.user)],
    }
    for facet in Facet.objects.filter(owner_id=request.user.pk).order_by("value"):
        values.setdefault(facet.kind, []).append(facet.value)
    return values
