"""What every command has in common: it happens once, in one transaction, and then the server goes to work."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from chat.generation import Closing, engine, launch
from chat.generation.begin import Job
from chat.generation.follow import topic_of
from chat.models import Command, Conversation

Act = Callable[[], tuple[Conversation, Sequence[Job]]]


@dataclass
class Effects:
    """What a command sets going. An answer starts as soon as its rows are committed, the rest when the view is done."""

    # From the view's thread to the loop: what the view still has to render, the model does not wait for.
    start: Callable[[Job], object] = launch
    changed: list[UUID] = field(default_factory=list)
    # Comparisons whose panes are other ones now, or stand otherwise.
    rearranged: list[UUID] = field(default_factory=list)
    # Of providers: how many requests each takes at once from now on.
    limits: dict[UUID, int | None] = field(default_factory=dict)

    def carry_out(self) -> None:
        for provider, limit in self.limits.items():
            engine().turns.change(provider, limit)
        for id in self.changed:
            engine().doorbell.ring(topic_of("conversation", id))
        for id in self.rearranged:
            engine().doorbell.ring(topic_of("comparison", id))


def command(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., Any]]:
    """A view that changes something: `view(request, effects, ...)`, run in a thread, its effects carried out after."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
        @wraps(view)
        async def perform(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if engine().closing:
                raise Closing("The server is about to stop. Send it again when it is back: nothing was sent.")
            loop = asyncio.get_running_loop()
            effects = Effects(lambda job: loop.call_soon_threadsafe(launch, job))
            response: HttpResponse = await sync_to_async(view)(request, effects, **kwargs)
            effects.carry_out()
            return response

        return perform

    return decorate


def once(user: User, id: UUID, content: str, effects: Effects, act: Act) -> Conversation:
    """Do `act` and remember it, or find that it was done before. Raises CommandConflict."""
    if seen := Command.seen(user, id, content):
        return seen.conversation
    try:
        with transaction.atomic():
            conversation, jobs = act()
            Command.remember(user, id, content, conversation)
    except Exception:
        # The same form, twice at once: the other one won, and whatever this one met, it met because of that.
        seen = Command.seen(user, id, content)
        if seen is None:
            raise
        return seen.conversation
    for job in jobs:
        effects.start(job)
    changed = {conversation.pk, *(job.generation.conversation_id for job in jobs)}
    effects.changed.extend(changed)
    return conversation
