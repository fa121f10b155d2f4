"""What a running answer is thought to cost, and the limits that stop it before it costs more.

Each process counts as the tokens come, for all its answers together; the database, which knows those of other
processes too, is asked with every round of the saver.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping

from chat.budgets import Key, Limit, Who, keys_of
from chat.estimates import Estimate, Rate, bytes_of

SECONDS_REMEMBERED = 5.0


class Purses:
    """What is spent under each limit, for all answers of this process that run under it."""

    def __init__(self) -> None:
        self._limits: dict[Key, Limit] = {}
        self._spent: dict[Key, float] = {}
        self._taken: defaultdict[Key, float] = defaultdict(float)
        self._users: Counter[Who] = Counter()
        self._left_at: dict[Key, float] = {}
        self._just_changed: set[Key] = set()
        # Of temporary chats: the database knows nothing of their answers before they have ended.
        self.unsaved: set[Meter] = set()

    @property
    def users(self) -> list[Who]:
        return list(self._users)

    def open(self, who: Who, limits: Mapping[Key, Limit], expected: float) -> None:
        """One more answer, as the database saw the sums before it. Others may have spent more since.

        A sum that was renewed between that and now holds `expected` already: until the next round it counts twice.
        """
        self._forget()
        self._users[who] += 1
        for key in keys_of(who):
            self._left_at.pop(key, None)
            if key not in limits:
                self._limits.pop(key, None)
                continue
            self._limits[key] = limits[key]
            self._spent[key] = max(limits[key].spent, self._spent.get(key, 0.0)) + expected
        self._just_changed |= set(keys_of(who))

    def close(self, who: Who, left_over: float) -> None:
        """`left_over` is what was counted for this answer and not booked in the end."""
        for key in keys_of(who):
            if key in self._spent:
                self._spent[key] -= left_over
        self._just_changed |= set(keys_of(who))
        self._users[who] -= 1
        self._users += Counter()
        for key in set(keys_of(who)) - self._used():
            self._left_at[key] = time.monotonic()

    def take(self, who: Who, cost: float) -> Limit | None:
        """Spend this, or hear which limit does not let you."""
        keys = [key for key in keys_of(who) if key in self._limits]
        for key in keys:
            if self._spent[key] + cost > self._limits[key].amount:
                return self._limits[key]
        for key in keys:
            self._spent[key] += cost
            self._taken[key] += cost
        return None

    def taken(self) -> dict[Key, float]:
        """Under each limit that there is or may be, as the database is about to be told: `renew` wants it back."""
        self._just_changed.clear()
        told = {key: self._taken[key] for key in self._used()}
        for meter in self.unsaved:
            for key in keys_of(meter.who):
                told[key] -= meter.estimate["cost"]
        return told

    def renew(self, limits: Mapping[Key, Limit], taken: Mapping[Key, float]) -> None:
        """As the database has it, which knows what was taken up to `taken`.

        Whether it knew of an answer that has begun or ended since, nobody can tell: then the next round renews.
        """
        for key in (taken.keys() & self._used()) - self._just_changed:
            if key in limits:
                self._limits[key] = limits[key]
                self._spent[key] = limits[key].spent + self._taken[key] - taken[key]
            else:
                self._limits.pop(key, None)

    def _used(self) -> set[Key]:
        return {key for who in self._users for key in keys_of(who)}

    def _forget(self) -> None:
        """What nobody uses any more. Not at once: an answer that just begins may have asked the database before."""
        now = time.monotonic()
        for key in [key for key, at in self._left_at.items() if now - at > SECONDS_REMEMBERED]:
            del self._left_at[key]
            for kept in (self._limits, self._spent, self._taken):
                kept.pop(key, None)


class Meter:
    """One answer. What has no price, or comes whole at its end, is counted and stopped by nothing."""

    def __init__(self, purses: Purses, who: Who, rate: Rate, sent: int, *, streamed: bool = True) -> None:
        self._purses = purses
        self.who = who
        self._rate = rate
        self._sent = sent
        self._said = 0
        self._cost_of_a_byte = rate.cost_of_a_byte
        self.is_priced = rate.is_priced
        self._is_held = rate.is_priced and streamed

    def open(self, limits: Mapping[Key, Limit]) -> None:
        if self.is_priced:
            self._purses.open(self.who, limits, self.estimate["cost"])

    def keep_unsaved(self) -> None:
        """What it costs so far stands in no row: only this process knows of it."""
        if self.is_priced:
            self._purses.unsaved.add(self)

    def close(self, booked: float | None) -> None:
        """`booked` is what it cost in the end, if that could be stored."""
        self._purses.unsaved.discard(self)
        if self.is_priced:
            counted = self.estimate["cost"]
            self._purses.close(self.who, counted - booked if booked is not None else 0.0)

    def take(self, text: str) -> Limit | None:
        """Count this, unless a limit does not let it be spent: that one is returned."""
        size = bytes_of(text)
        if self._is_held and (limit := self._purses.take(self.who, size * self._cost_of_a_byte)):
            return limit
        self._said += size
        return None

    @property
    def estimate(self) -> Estimate:
        return self._rate.estimate(self._sent, self._said)

    @property
    def sent(self) -> int:
        return self._sent
