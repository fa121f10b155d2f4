"""How much to measure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    kinds: tuple[str, ...]
    quick: bool = False

    @property
    def repeats(self) -> int:
        return 1 if self.quick else 3

    @property
    def few(self) -> int:
        return 10 if self.quick else 20

    @property
    def many(self) -> int:
        return 30 if self.quick else 100

    @property
    def most(self) -> int:
        return 100 if self.quick else 500

    @property
    def idle_sockets(self) -> int:
        return 100 if self.quick else 500

    @property
    def long_answer(self) -> int:
        return 2000 if self.quick else 8000
