"""`python -m bench.talks 10000`: so many conversations of ten messages each, indexed, of the owner of this machine."""

import random
import sys
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MESSAGES = 10
AT_ONCE = 200
WORDS = 20_000
MODELS = 12
PROVIDERS = ("Together", "OpenAI", "Fireworks")
DAYS = 365
# In half of all messages; in every thousandth one.
COMMON, RARE = "water", "needle"


def main(count: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from chat.search.indexing import catch_up
    from chat.who import local_owner

    call_command("migrate", verbosity=0)
    owner = local_owner()
    for begin in range(0, count, AT_ONCE):
        fill(owner, random.Random(begin + count), min(AT_ONCE, count - begin))
        while catch_up(owner, AT_ONCE * MESSAGES):
            pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def fill(owner: "User", chance: random.Random, count: int) -> None:
    from django.db import transaction

    from chat.models import Conversation, Generation, Message, Tag

    tags = [Tag.objects.get_or_create(owner=owner, name=name)[0] for name in ("demo", "work", "later")]
    talks = [talk(owner, chance) for _ in range(count)]
    with transaction.atomic():
        Conversation.objects.bulk_create(conversation for conversation, _, _ in talks)
        Generation.objects.bulk_create(each for _, generations, _ in talks for each in generations)
        Message.objects.bulk_create(each for _, _, messages in talks for each in messages)
        for conversation, _, messages in talks:
            conversation.tip = messages[-1]
        Conversation.objects.bulk_update([conversation for conversation, _, _ in talks], ["tip"])
        tagged = Conversation.tags.through
        rows = [(conversation, tag) for conversation, _, _ in talks for tag in tags if chance.random() < 0.05]
        tagged.objects.bulk_create(tagged(conversation_id=row.pk, tag_id=tag.pk) for row, tag in rows)


def talk(owner: "User", chance: random.Random) -> tuple[Any, list[Any], list[Any]]:
    from django.utils import timezone

    from chat.models import Conversation, Generation, Message
    from chat.models.message import text_part

    at = timezone.now() - timedelta(seconds=chance.randrange(DAYS * 86400))
    conversation = Conversation(owner=owner, title=text(chance, 6), created_at=at, active_at=at)
    generations: list[Any] = []
    messages: list[Any] = []
    for number in range(MESSAGES):
        said = Message(
            conversation=conversation, parent=messages[-1] if messages else None, role="user",
            parts=[text_part(text(chance, 80))], created_at=at + timedelta(minutes=number),
        )  # fmt: skip
        if number % 2:
            model = chance.randrange(MODELS)
            used = {"prompt_tokens": chance.randrange(4000), "completion_tokens": chance.randrange(3000)}
            call = Generation(
                owner=owner, conversation=conversation, model=f"vendor/model-{model}", status="finished",
                provider_name=PROVIDERS[model % len(PROVIDERS)], usage=used, cost=chance.random() / 50,
            )  # fmt: skip
            generations.append(call)
            said.role, said.generation = "assistant", call
            said.finish_reason = chance.choices(["stop", "length"], [9, 1])[0]
            said.starred = chance.random() < 0.02
        messages.append(said)
    return conversation, generations, messages


# Some words are frequent and most are not, as in any language.
_BEGINNINGS = ("ri", "sto", "mo", "wa", "be", "the", "con", "in", "de", "pre")
_ENDS = ("ver", "ne", "del", "ter", "lt")
_VOCABULARY = [
    f"{_BEGINNINGS[number % 10]}{_ENDS[number // 10 % 5]}{number // 50}" for number in range(WORDS)
]
_WEIGHTS = list(accumulate(1 / (rank + 1) for rank in range(len(_VOCABULARY))))


def text(chance: random.Random, length: int) -> str:
    words = chance.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=length)
    if chance.random() < 0.5:
        words[chance.randrange(length)] = COMMON
    if chance.random() < 0.001:
        words[chance.randrange(length)] = RARE
    return " ".join(words)


if __name__ == "__main__":
    main(int(sys.argv[1]))
