"""What kills of a server cost, and what they may cost at most.

KILLS=50 kills as often as the product promises; by itself it is a handful.
"""

import os
import time
from dataclasses import dataclass, field

from tests.crash.site import Site, wait_for
from tests.upstream import Upstream, tokens_of

ALONE = "KILLS" in os.environ
KILLS = int(os.environ.get("KILLS", 3))
TOKENS = 4000
SPEEDS = (50, 100, 200)
MOST_BEHIND_MS = 500
MOST_SECONDS_RUNNING = 10


@dataclass
class Losses:
    behind: list[float] = field(default_factory=list)  # milliseconds of the upstream's output
    recovered: list[float] = field(default_factory=list)  # seconds from the start until no row was running
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)

    def recover(self, site: Site, began: float) -> None:
        """The server was started again at `began`."""
        wait_for(lambda: "running" not in site.statuses(), MOST_SECONDS_RUNNING)
        self.recovered.append(time.monotonic() - began)
        assert site.row("PRAGMA integrity_check") == ("ok",)

    def add_answer(self, stored: str, seed: int, speed: int, sent: int) -> None:
        self.behind.append(missing(stored, seed, sent) / speed * 1000)

    def judge(self, kills: str) -> None:
        behind = sorted(self.behind)
        print(  # noqa: T201
            f"{kills}: {self.acknowledged} acknowledged messages, {len(self.lost)} lost; "
            f"{len(behind)} answers behind by p50 {behind[len(behind) // 2]:.0f} ms, at most {behind[-1]:.0f} ms; "
            f"no row running after at most {max(self.recovered):.2f} s"
        )
        assert not self.lost
        # In the usual run other tests take the processor too; what one of them delays says nothing.
        assert behind[-1 if ALONE else len(behind) // 2] <= MOST_BEHIND_MS
        assert max(self.recovered) < MOST_SECONDS_RUNNING


def sent_so_far(upstream: Upstream, model: str) -> int:
    """Tokens that were written for this model."""
    return sum(len(request.sent) for request in list(upstream.requests) if request.model == model)


def missing(stored: str, seed: int, sent: int) -> int:
    """How many tokens of those sent are missing at the end. They must be missing nowhere else."""
    tokens = tokens_of(seed, TOKENS)
    kept, length = 0, 0
    while length < len(stored):
        length += len(tokens[kept])
        kept += 1
    assert stored == "".join(tokens[:kept]), "What was kept is no beginning of what was sent"
    return max(0, sent - kept)
