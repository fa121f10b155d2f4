"""How far answers agree: which of them are the same, and how alike the others are. PURE."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

# A run of letters, or a single character of a script that has no spaces, or a mark.
WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]++|[^\w\s]"
)
# About a tenth of a second: every pair is compared, and of each answer the first letters only.
MOST_COMPARED = 60
MOST_LETTERS = 8_000


@dataclass(frozen=True, slots=True)
class Group:
    """One distinct answer. `places` says which of all answers these are, `share` how many of them."""

    text: str
    places: tuple[int, ...]
    share: float

    @property
    def count(self) -> int:
        return len(self.places)


def groups_of(texts: Sequence[str]) -> list[Group]:
    """The most frequent first; of those that are as frequent, the one that was said first. Space around is nothing."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text.strip(), []).append(place)
    groups = [Group(text, tuple(found), len(found) / len(texts)) for text, found in places.items()]
    return sorted(groups, key=lambda group: -group.count)


def distinct_but_for_space_and_case(texts: Sequence[str]) -> int:
    return len({" ".join(text.split()).casefold() for text in texts})


def similarity(groups: Sequence[Group]) -> float | None:
    """How alike two of the answers are, on average over all pairs of them: 1 is the same, 0 has no word in common.

    For two answers it is the Sørensen-Dice coefficient of their words: twice those in common, over those of both. Their
    order does not count. None where there is no pair, or where too many are distinct.
    """
    answers = sum(group.count for group in groups)
    if answers < 2 or len(groups) > MOST_COMPARED:
        return None
    alike = float(sum(pairs_among(group.count) for group in groups))
    words = [Counter(WORD.findall(group.text[:MOST_LETTERS])) for group in groups]
    for (one, his), (other, hers) in combinations(zip(groups, words, strict=True), 2):
        alike += one.count * other.count * dice(his, hers)
    return alike / pairs_among(answers)


def pairs_among(number: int) -> int:
    return number * (number - 1) // 2


def dice(one: Counter[str], other: Counter[str]) -> float:
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 1.0
