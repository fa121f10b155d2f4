"""The tree of a conversation: drawn, and starred."""

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat import access, history
from chat.commands import Effects, command
from chat.trees import changes_on_the_way, tree_of
from chat.who import SignedIn

# As many as a page asks for at once.
MOST_ASKED_FOR = 100


@require_safe
def show(request: SignedIn, id: UUID) -> HttpResponse:
    """The page; in a page that is there already, the drawing alone. `at` is the message that one stands on."""
    conversation = access.conversation(request.user, id)
    context = {"conversation": conversation, "tree": tree_of(conversation), "at": request.GET.get("at", "")}
    if "HX-Request" in request.headers:
        return render(request, "trees/_tree.html", context)
    shown = {
        "history": history.page_of(request.user),
        "current": str((conversation.comparison or conversation).pk),
    }
    return render(request, "trees/show.html", context | shown)


@require_safe
def changes(request: SignedIn, id: UUID) -> HttpResponse:
    """What was set otherwise for each answer that `of` names; of many only the first ones."""
    conversation = access.conversation(request.user, id)
    try:
        ids = [UUID(named) for named in request.GET.getlist("of")[:MOST_ASKED_FOR]]
    except ValueError:
        raise Http404 from None
    return JsonResponse({"changes": changes_on_the_way(conversation, ids)})


@command("POST", "DELETE")
def star(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST stars a message, DELETE takes that back."""
    message = access.message(request.user, id)
    message.starred = request.method == "POST"
    message.save(update_fields=["starred"])
    return render(request, "branches/_starred.html", {"message": message})
