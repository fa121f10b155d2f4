"""What the database knows of a run that waits for its turn, so that a kill books nothing for what was never sent."""

from django.db import close_old_connections

from chat.endpoints import Unusable
from chat.models import Generation, Provider

from .begin import Job, url_at


def note_waiting(job: Job) -> None:
    close_old_connections()
    Generation.objects.filter(pk=job.generation.pk).running().update(timings={"queued": 0.0})


def note_turn(job: Job, queued: float) -> Provider:
    """The provider as it is now: a key that was taken away meanwhile is not used any more. Raises Unusable."""
    close_old_connections()
    provider = Provider.objects.filter(pk=job.provider.pk, removed=False).first()
    if provider is None:
        raise Unusable(
            f"{job.provider.name} was removed while this waited for its turn, so nothing was sent."
        )
    if url_at(provider, job.body) != job.generation.url:
        raise Unusable(
            f"{provider.name} got another address while this waited for its turn. "
            f"What was said to {job.generation.url} is not sent elsewhere."
        )
    Generation.objects.filter(pk=job.generation.pk).running().update(
        timings={"queued": queued, "called": queued}
    )
    return provider
