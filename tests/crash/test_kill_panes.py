"""A server that is killed while six panes answer loses nothing that it acknowledged, and half a second of each at most.

KILLS=50 kills as often as the product promises; by itself it is a handful.
"""

import random
import time
from collections.abc import Callable
from uuid import UUID, uuid4

from tests.crash.losses import KILLS, SPEEDS, TOKENS, Losses, sent_so_far
from tests.crash.site import Site
from tests.servers import Server
from tests.upstream import Upstream

PANES = 6


def test_a_kill_with_six_running_panes_loses_nothing_acknowledged_and_little_else(
    make: Callable[..., Server], upstream: Upstream
) -> None:
    server, losses, chance = make(), Losses(), random.Random(11)
    for number in range(KILLS):
        ask_and_kill(server, upstream, losses, chance, number)
    losses.judge(f"{KILLS} kills of {PANES} panes")


def compares(site: Site) -> tuple[str, list[str]]:
    """A comparison in which nothing was said: its id, and the conversations of its panes from left to right."""
    comparison = site.compares(PANES).split("/")[2]
    query = "SELECT conversation_id FROM chat_pane WHERE comparison_id = ? ORDER BY position"
    return comparison, [str(UUID(key)) for (key,) in site.rows(query, UUID(comparison).hex)]


def asks(site: Site, comparison: str, panes: list[str], models: list[str], text: str) -> None:
    """The same words to all panes, as the composer sends them. They are acknowledged when this returns."""
    form = {"command": str(uuid4()), "message": text}
    for pane, model in zip(panes, models, strict=True):
        form |= {f"shown:{pane}": "", f"provider:{pane}": site.provider(), f"model:{pane}": model}
    response = site.post(f"/compare/{comparison}/messages/", form)
    assert response.status_code == 200, response.text


def ask_and_kill(
    server: Server, upstream: Upstream, losses: Losses, chance: random.Random, number: int
) -> None:
    """One life of the server, from one start to the next."""
    text = f"Life {number}"
    seeds = [number * 10 + place for place in range(PANES)]
    speeds = [chance.choice(SPEEDS) for _ in seeds]
    models = [f"tokens-{TOKENS}-speed-{speed}-seed-{seed}" for speed, seed in zip(speeds, seeds, strict=True)]
    with Site(server) as site:
        comparison, panes = compares(site)
        asks(site, comparison, panes, models, text)
        # The random point itself.
        time.sleep(chance.uniform(0.1, 2.0))
        sent = [sent_so_far(upstream, model) for model in models]
        server.kill()
    server.start()
    began = time.monotonic()
    with Site(server) as site:
        losses.recover(site, began)
        losses.acknowledged += len(panes)
        losses.lost += [
            f"{text}, pane {place}" for place, pane in enumerate(panes, 1) if asked_in(site, pane) != [text]
        ]
        for pane, model, speed, seed, written in zip(panes, models, speeds, seeds, sent, strict=True):
            assert site.status_of(pane) == "interrupted"
            assert model_of(site, pane) == model
            losses.add_answer(site.answer_of(pane), seed, speed, written)
        page = site.get(f"/compare/{comparison}/").text
        assert page.count('data-status="interrupted"') == PANES


def model_of(site: Site, pane: str) -> str:
    query = "SELECT model FROM chat_generation WHERE conversation_id = ? ORDER BY id DESC"
    return str(site.row(query, UUID(pane).hex)[0])


def asked_in(site: Site, pane: str) -> list[str]:
    """What was said there by a person."""
    query = "SELECT json_extract(parts, '$[0].text') FROM chat_message WHERE conversation_id = ? AND role = 'user'"
    return [text for (text,) in site.rows(query, UUID(pane).hex)]
