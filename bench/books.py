"""`python -m bench.books 100000`: so many generations of ninety days, in the books of the owner of this machine."""

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from chat.models import Charge

DAYS = 90
PROVIDERS = ("Together", "OpenAI", "Fireworks")
MODELS = 24


def main(count: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from chat.models import Charge
    from chat.who import local_owner

    call_command("migrate", verbosity=0)
    rows = charges(local_owner(), count, timezone.localdate())
    while some := list(islice(rows, 2000)):
        Charge.objects.bulk_create(some)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def charges(owner: "User", count: int, today: date) -> "Iterator[Charge]":
    from chat.models import Charge
    from chat.models.identifiers import new_id

    chance = random.Random(7)
    for number in range(count):
        model = chance.randrange(MODELS)
        yield Charge(
            id=new_id(),
            owner=owner,
            day=today - timedelta(days=(count - 1 - number) * DAYS // count),
            provider=PROVIDERS[model % len(PROVIDERS)],
            model=f"vendor/model-{model}",
            status=chance.choices(["finished", "stopped", "failed"], [94, 3, 3])[0],
            prompt_tokens=chance.randrange(20, 9000),
            completion_tokens=chance.randrange(5, 3000),
            cached_tokens=chance.randrange(500),
            reasoning_tokens=chance.randrange(900),
            cost=chance.random() / 100,
            first_token=round(chance.lognormvariate(5.7, 0.5)),
            speed=round(chance.lognormvariate(4, 0.4), 1),
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
