"""What may be spent: in a day by a person, in all by a conversation. Sums are of the books, and of what still runs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet, Sum
from django.utils import timezone

from chat.costs import MILLION, in_dollars
from chat.estimates import Rate, bytes_per_token, known_prices
from chat.models import Budget, Charge, Conversation, Generation, Pane
from chat.refusals import Refused

# Whose money it is: a person's of today, or a conversation's.
Key = tuple[str, Any]
Who = tuple[int, UUID]  # owner and conversation

# No answer runs longer: those that run are looked for among the newest only.
LONGEST_RUN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    kind: str
    amount: float
    spent: float

    @property
    def left(self) -> float:
        return self.amount - self.spent

    @property
    def name(self) -> str:
        sum = in_dollars(self.amount)
        return (
            f"budget of {sum} of this conversation"
            if self.kind == "conversation"
            else f"budget of {sum} a day"
        )

    @property
    def place(self) -> str:
        return "the Settings panel" if self.kind == "conversation" else "Usage"

    @property
    def stopped(self) -> str:
        return f"Stopped at the {self.name}. What had arrived is kept. Change it in {self.place}."


def limits(whose: Collection[Who], *, lock: bool = False) -> dict[Key, Limit]:
    """The limits that these run under, with what is spent of each. `lock`: until the transaction is over."""
    amounts = _amounts(whose, lock=lock)
    if not amounts:
        return {}
    spent = {key: _booked(key) for key in amounts}
    for owner, conversation, estimate in _running({owner for owner, _ in whose}):
        for key in keys_of((owner, conversation)):
            if key in spent:
                spent[key] += (estimate or {}).get("cost") or 0.0
    return {key: Limit(key[0], amount, spent[key]) for key, amount in amounts.items()}


def day_limit(owner: User) -> Limit | None:
    """What a person may spend today, if they have said so."""
    amount = Budget.objects.filter(owner=owner).values_list("per_day", flat=True).first()
    return None if amount is None else Limit("day", amount, spent_today(owner))


def spent_today(owner: User) -> float:
    """As it may be told: a blind round counts once it is revealed. Limits hold with it."""
    return _sum(Charge.objects.of(owner).filter(day=timezone.localdate()))


def keys_of(who: Who) -> tuple[Key, Key]:
    owner, conversation = who
    return ("day", owner), ("conversation", conversation)


def refuse_over(limits: Mapping[Key, Limit], expected: float) -> None:
    """Before anything is sent that has a price. To send may be free, and what is said not."""
    for key, limit in limits.items():
        if expected > limit.left or limit.left <= 0:
            spent = f"{in_dollars(limit.spent)} is spent" if _may_be_told(key) else "too much of it is spent"
            raise Refused(
                f"Not sent, to keep the {limit.name}: {spent}, and sending this would take "
                f"about {in_dollars(expected)}. Change the budget in {limit.place}.",
                status=409,
            )


def _may_be_told(key: Key) -> bool:
    """Not while a blind round is in the sum."""
    kind, id = key
    if kind != "day":
        return True
    return not Pane.objects.filter(comparison__owner_id=id, conversation__blind=True).exists()


def rate_for(conversation: Conversation, provider_name: str, model: str, prices: Any) -> Rate:
    """How this provider counts the words of this conversation, and what it takes for them."""
    if not conversation.stored:
        return rate_of(None, prices)
    counted = Charge.objects.counted().filter(conversation=conversation)
    last = counted.filter(provider=provider_name, model=model).order_by("-pk").first()
    return rate_of(last, prices)


def rate_of(last: Charge | None, prices: Any) -> Rate:
    """By the last call that the provider has counted, and by its list of prices."""
    size = bytes_per_token(last.request_bytes, last.prompt_tokens) if last else Rate().bytes_per_token
    return Rate(size, known_prices(prices) or _prices_by_experience(last))


def _prices_by_experience(last: Charge | None) -> tuple[float, float] | None:
    """A provider without a price list may tell what a call cost: then every token is taken to cost the same."""
    tokens = ((last.prompt_tokens or 0) + (last.completion_tokens or 0)) if last else 0
    if last is None or not last.cost or not tokens:
        return None
    price = last.cost / tokens * MILLION
    return price, price


def _amounts(whose: Collection[Who], *, lock: bool) -> dict[Key, float]:
    """One query where there are none, as nearly always."""
    rows = Conversation.objects.filter(pk__in={conversation for _, conversation in whose})
    amounts: dict[Key, float] = {}
    stored: set[int] = set()
    for id, budget, owner, per_day in rows.values_list("pk", "budget", "owner_id", "owner__budget__per_day"):
        known = {("conversation", id): budget, ("day", owner): per_day}
        amounts |= {key: amount for key, amount in known.items() if amount is not None}
        stored.add(owner)
    # Of a temporary chat there is no row.
    if unsaved := {owner for owner, _ in whose} - stored:
        for day in Budget.objects.filter(pk__in=unsaved).exclude(per_day=None):
            amounts["day", day.pk] = day.per_day or 0.0
    if lock and amounts:
        owners = {owner for owner, _ in whose}
        locked = (Budget.objects.filter(pk__in=owners), rows.filter(budget__isnull=False))
        for budgets in locked:
            list(budgets.select_for_update().values_list("pk"))
    return amounts


def _booked(key: Key) -> float:
    kind, id = key
    charges = (
        Charge.objects.filter(owner_id=id, day=timezone.localdate())
        if kind == "day"
        else Charge.objects.filter(conversation_id=id)
    )
    return _sum(charges)


def _sum(charges: "QuerySet[Charge, Charge]") -> float:
    return charges.aggregate(sum=Sum("cost"))["sum"] or 0.0


def _running(owners: Collection[int]) -> "QuerySet[Generation, tuple[int, UUID, dict[str, Any] | None]]":
    newest = timezone.now() - LONGEST_RUN
    rows = Generation.objects.running().filter(owner_id__in=owners, created_at__gte=newest)
    return rows.values_list("owner_id", "conversation_id", "estimate")
