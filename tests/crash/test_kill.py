"""A server that is killed at any moment loses nothing that it acknowledged, and half a second of an answer at most.

KILLS=50 kills as often as the product promises; by itself it is a handful.
"""

import random
import threading
import time
from collections.abc import Callable

import httpx

from tests.crash.losses import KILLS, SPEEDS, TOKENS, Losses, sent_so_far
from tests.crash.site import Site
from tests.servers import Server
from tests.upstream import Upstream

STREAMS = (4, 6)


class Talker(threading.Thread):
    """Goes on starting conversations until the server is gone. Remembers what was acknowledged."""

    def __init__(self, site: Site, name: str) -> None:
        super().__init__()
        self.site, self.label = site, name
        self.acknowledged: dict[str, str] = {}

    def run(self) -> None:
        for number in range(10_000):
            text = f"{self.label}, message {number}"
            try:
                self.acknowledged[self.site.starts("mirror", text)] = text
            except httpx.TransportError:
                return


def test_a_kill_loses_nothing_acknowledged_and_little_else(
    make: Callable[..., Server], upstream: Upstream
) -> None:
    server, losses, chance = make(), Losses(), random.Random(7)
    for number in range(KILLS):
        run_and_kill(server, upstream, losses, chance, number)
    losses.judge(f"{KILLS} kills")


def run_and_kill(
    server: Server, upstream: Upstream, losses: Losses, chance: random.Random, number: int
) -> None:
    """One life of the server, from one start to the next."""
    with Site(server) as site:
        streams = {}
        for place in range(chance.randint(*STREAMS)):
            speed, seed = chance.choice(SPEEDS), number * 10 + place
            model = f"tokens-{TOKENS}-speed-{speed}-seed-{seed}"
            streams[site.starts(model, f"Stream {seed}")] = (model, speed, seed)
        talker = Talker(site, f"Life {number}")
        talker.start()
        # The random point itself.
        time.sleep(chance.uniform(0.1, 2.0))
        sent = {id: sent_so_far(upstream, model) for id, (model, _, _) in streams.items()}
        server.kill()
        talker.join()
    server.start()
    began = time.monotonic()
    with Site(server) as site:
        losses.recover(site, began)
        judge_messages(
            site, talker.acknowledged | {id: f"Stream {s}" for id, (_, _, s) in streams.items()}, losses
        )
        for id, (_, speed, seed) in streams.items():
            losses.add_answer(site.answer_of(id), seed, speed, sent[id])


def judge_messages(site: Site, acknowledged: dict[str, str], losses: Losses) -> None:
    stored = {
        text
        for (text,) in site.rows(
            "SELECT json_extract(parts, '$[0].text') FROM chat_message WHERE role = 'user'"
        )
    }
    losses.acknowledged += len(acknowledged)
    losses.lost += [text for text in acknowledged.values() if text not in stored]
