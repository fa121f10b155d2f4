"""Things that are done to the panes of a comparison, and what was said in each.

The upstream gives each pane a secret of its own, and asks for it later. Between the two everything is done that can be
done to panes. What each request must hold is written down here while the story goes on, without a look at the tables.
"""

import json
import re
from collections import defaultdict
from collections.abc import Awaitable
from typing import Any

from asgiref.sync import sync_to_async

from chat.models import Comparison, Conversation, Generation, Message, Pane, Provider
from chat.models.branch import path_to
from tests.upstream import Say, Upstream

from .asking import Browser, all_answered
from .comparing import Tab, well

SECRET = re.compile(r"secret-\d{4}")
GIVE, ASK = "Give me a secret.", "Which secret did you give me?"
Turns = list[tuple[str, str]]


class Secrets:
    """Says the secrets that it was told of, or a new one."""

    def __init__(self) -> None:
        self.count = 0

    async def play(self, wire: Any) -> None:
        known = SECRET.findall(json.dumps(wire.body["messages"]))
        if not known:
            self.count += 1
            known = [f"secret-{self.count:04}"]
        await Say(f"It is {', '.join(dict.fromkeys(known))}.").play(wire)


class Story:
    """Does things to the panes of a comparison, and keeps what was said in each."""

    def __init__(self, browser: Browser, upstream: Upstream) -> None:
        self.browser, self.upstream = browser, upstream
        self.said: dict[str, Turns] = defaultdict(list)
        self.seeds: dict[str, int] = {}
        self.expected: dict[str, list[Turns]] = defaultdict(list)
        # By pane: the secrets that were given to it, or to what it is a copy of.
        self.own: dict[str, set[str]] = defaultdict(set)
        self.tab: Tab

    @property
    def panes(self) -> list[Pane]:
        return self.tab.panes

    async def begin(self, provider: Provider, count: int) -> None:
        """All with the same model. What is set is each pane's own."""
        form = {"provider": [str(provider.pk)] * count, "model": ["scripted"] * count}
        well(await self.browser.command("/compare/creation/", **form))
        self.tab = await Tab(self.browser, await Comparison.objects.aget()).look()
        for pane in self.panes:
            for link in ("settings", "system_prompt"):
                well(await self.tab.link(pane, link, False))
            await self.set_seed(pane)

    async def set_seed(self, pane: Pane) -> None:
        self.seeds[pane.key] = 100 + len(self.seeds)
        fields = {"seed": self.seeds[pane.key], "system_prompt": f"Seeded with {self.seeds[pane.key]}."}
        well(await self.tab.set(pane, **fields))

    # What is asked

    async def tell_all(self, text: str) -> None:
        fed = [pane.key for pane in self.panes if pane.linked_input]
        await self.asking({key: [*self.said[key], ("user", text)] for key in fed}, self.tab.send(text))

    async def run_all(self) -> None:
        fed = [pane.key for pane in self.panes if pane.linked_input]
        await self.asking({key: self.said[key][:-1] for key in fed}, self.tab.run())

    async def run_one(self, pane: Pane) -> None:
        await self.asking({pane.key: self.said[pane.key][:-1]}, self.tab.run(pane))

    async def tell_one(self, pane: Pane, text: str) -> None:
        await self.asking({pane.key: [*self.said[pane.key], ("user", text)]}, self.tab.write(pane, text))

    async def ask_again(self, pane: Pane, place: int) -> None:
        """Another answer beside the one in this place: what comes after it is on another branch then."""
        message = await self.message(pane, place)
        await self.asking({pane.key: self.said[pane.key][:place]}, self.tab.ask_again(message))

    async def edit_and_run(self, pane: Pane, place: int, text: str) -> None:
        message = await self.message(pane, place)
        turns = [*self.said[pane.key][:place], ("user", text)]
        await self.asking({pane.key: turns}, self.tab.edit(message, text, run="on"))

    async def asking(self, turns: dict[str, Turns], act: Awaitable[Any]) -> None:
        """These panes are to be asked with these turns, and no others."""
        before = len(self.upstream.requests)
        well(await act)
        await all_answered()
        for key, each in turns.items():
            self.expected[key].append(each)
        for key, number in (await self.asked()).items():
            if number >= before:
                answer = self.upstream.sent_text(self.upstream.requests[number])
                self.said[key] = [*turns[key], ("assistant", answer)]
                if not SECRET.search(json.dumps(turns[key])):
                    self.own[key] |= set(SECRET.findall(answer))
        await self.tab.look()

    async def asked(self) -> dict[str, int]:
        """By pane: the last request that was sent for it."""
        rows = Generation.objects.order_by("created_at").values_list("conversation_id", "request_id")
        return {str(conversation): number_of(request) async for conversation, request in rows}

    # What else is done

    async def save(self, pane: Pane, place: int, text: str) -> None:
        well(await self.tab.edit(await self.message(pane, place), text))
        role, _ = self.said[pane.key][place]
        self.said[pane.key][place] = (role, text)
        self.own[pane.key] |= set(SECRET.findall(text))

    async def copy(self, pane: Pane) -> None:
        known = {each.key for each in self.panes}
        well(await self.tab.copy(pane))
        await self.tab.look()
        [copy] = [each for each in self.panes if each.key not in known]
        self.said[copy.key], self.own[copy.key] = list(self.said[pane.key]), set(self.own[pane.key])
        await self.set_seed(copy)

    async def move(self, pane: Pane, place: int) -> None:
        well(await self.tab.move(pane, place))
        await self.tab.look()

    async def message(self, pane: Pane, place: int) -> Message:
        tip = (await Conversation.objects.aget(pk=pane.conversation_id)).tip_id
        return (await sync_to_async(path_to)(tip))[place]

    # What it comes to

    async def check(self) -> None:
        rows = Generation.objects.values_list("request_id", "conversation_id")
        panes = {number_of(request): str(conversation) async for request, conversation in rows}
        bodies: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for number, request in enumerate(self.upstream.requests):
            bodies[panes[number]].append(request.body)
            strange = set(SECRET.findall(request.raw.decode())) - self.own[panes[number]]
            assert not strange, f"another pane's secret: {strange}"
        assert set(bodies) == set(self.expected)
        for key, sent in bodies.items():
            assert len(self.own[key]) >= 1
            for body, turns in zip(sent, self.expected[key], strict=True):
                system, *rest = [(turn["role"], turn["content"]) for turn in body["messages"]]
                own = (("system", f"Seeded with {self.seeds[key]}."), self.seeds[key])
                assert (system, body["seed"]) == own, "another pane's settings"
                assert rest == turns, "not what was said in this pane"
                assert SECRET.search(body["messages"][-2]["content"]) or rest[-1][1] != ASK, (
                    "no secret at all"
                )


def number_of(request_id: str) -> int:
    """The upstream counts its requests."""
    return int(request_id.removeprefix("req-"))
