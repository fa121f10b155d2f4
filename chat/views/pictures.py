"""A picture of a message, apart from its page: a few of them would make it heavier than all that is said in it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from chat import access
from chat.pictures import picture_of
from chat.who import SignedIn


@require_safe
def show(request: SignedIn, id: UUID, number: int) -> HttpResponse:
    files = access.message(request.user, id, blind=True).files
    found = picture_of(files[number - 1]) if 0 < number <= len(files) else None
    if not found:
        raise Http404
    kind, content = found
    return HttpResponse(content, content_type=kind)
