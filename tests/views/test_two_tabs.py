"""Two tabs that change one conversation at once: what was acknowledged is there, and who loses is told."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from chat.models import Conversation, Message
from chat.models.branch import newest_leaf
from tests.upstream import Upstream, stream

from .asking import Browser, all_answered, branch, talk, visit, words_in
from .comparing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 500
# One looks at the conversation anew only now and then, so that what one changes may have been changed.
LOOK_EVERY = 4
SENDING = 0.03


@dataclass
class Told:
    """What the server has acknowledged."""

    edits: dict[UUID, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    added: set[str] = field(default_factory=set)
    deleted: dict[UUID, bool] = field(default_factory=dict)
    muted: dict[UUID, bool] = field(default_factory=dict)
    refused: int = 0
    lost_edits: int = 0


class EditingTab:
    """One that deletes and mutes does so alone: of two who do it to one message the later one is right."""

    def __init__(self, browser: Browser, conversation: Conversation, number: int, told: Told) -> None:
        self.browser, self.conversation, self.number, self.told = browser, conversation, number, told
        self.random = random.Random(number)
        self.seen: list[Message] = []
        self.have = ""
        self.done = 0

    async def act(self) -> None:
        if self.done % LOOK_EVERY == 0:
            self.seen = await branch(self.conversation)
            self.have = " ".join(f"{message.pk}:{message.state}" for message in self.seen)
        self.done += 1
        if self.random.random() < SENDING:
            return await self.send()
        message = self.random.choice(self.seen)
        acts = [self.edit, self.edit, self.move, self.add, self.delete if self.number else self.mute]
        await self.random.choice(acts)(message)

    async def command(self, address: str, **form: Any) -> Any:
        """With what the tab holds, so that the answer is what is otherwise."""
        return await self.browser.command(address, have=self.have, **form)

    async def edit(self, message: Message) -> None:
        text = f"edit {self.number}.{self.done}"
        address = f"/messages/{message.pk}/edits/"
        response = await self.command(address, text=text, revision=message.revision)
        if response.status_code == 200:
            self.told.edits[message.pk].append((message.revision, text))
            message.revision += 1
        elif b"Not saved" in response.content:
            assert "See the newer words" in words_in(response)
            self.told.lost_edits += 1
        else:
            self.refused(response)

    async def move(self, message: Message) -> None:
        response = await self.command(f"/messages/{message.pk}/place/", by=self.random.choice([-2, -1, 1, 2]))
        if response.status_code != 200:
            self.refused(response)

    async def add(self, message: Message) -> None:
        text, side = f"added {self.number}.{self.done}", self.random.choice(["above", "below"])
        response = await self.command(f"/messages/{message.pk}/additions/", text=text, side=side, role="user")
        if response.status_code == 200:
            self.told.added.add(text)
        else:
            self.refused(response)

    async def send(self) -> None:
        text = f"sent {self.number}.{self.done}"
        response = await self.browser.send(self.conversation, text, shown=self.seen[-1].pk, have=self.have)
        if response.status_code == 200:
            self.told.added.add(text)
        else:
            self.refused(response)

    async def delete(self, message: Message) -> None:
        address = f"/messages/{message.pk}/deletion/"
        gone = self.told.deleted.get(message.pk, False)
        response = await (
            self.browser.delete(address, command=UUID(int=self.done), have=self.have)
            if gone
            else self.command(address)
        )
        if response.status_code == 200:
            self.told.deleted[message.pk] = not gone
        else:
            self.refused(response)

    async def mute(self, message: Message) -> None:
        address = f"/messages/{message.pk}/muting/"
        muted = self.told.muted.get(message.pk, False)
        response = await (
            self.browser.delete(address, command=UUID(int=self.done), have=self.have)
            if muted
            else self.command(address)
        )
        if response.status_code == 200:
            self.told.muted[message.pk] = not muted
        else:
            self.refused(response)

    def refused(self, response: Any) -> None:
        """In words: it runs, or another tab was quicker."""
        assert response.status_code in (404, 409), response.content
        self.told.refused += 1


def test_every_acknowledged_change_is_there_and_a_losing_edit_is_told_so(
    conversation: Conversation, upstream: Upstream
) -> None:
    told = Told()

    async def work(browser: Browser) -> None:
        await talk(browser, conversation, "one", "two", "three")
        tabs = [EditingTab(browser, conversation, number, told) for number in range(2)]
        for _ in range(ROUNDS // 2):
            await at_once(*(tab.act() for tab in tabs))
        await all_answered()

    visit(conversation.owner, work)
    rows = {row.pk: row for row in Message.objects.filter(conversation=conversation)}
    for id, edits in told.edits.items():
        # Of two that began with the same words one was saved, so each number is there once.
        assert sorted(revision for revision, _ in edits) == list(range(rows[id].revision))
        assert rows[id].text == dict(edits)[rows[id].revision - 1]
        assert rows[id].original is not None
    assert told.added <= {row.text for row in rows.values()} | {
        part["text"] for row in rows.values() for part in row.original or []
    }
    assert {id: rows[id].deleted_at is not None for id in told.deleted} == told.deleted
    assert {id: rows[id].muted for id in told.muted} == told.muted
    for row in rows.values():
        seen, at = set(), row
        while at.parent_id:
            assert at.pk not in seen
            seen.add(at.pk)
            at = rows[at.parent_id]
    assert told.lost_edits


def test_who_shows_another_branch_holds_the_conversation_first(
    conversation: Conversation, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what a tab says at its end at the same moment would hang below what is shown, where nobody sees it."""
    held: list[UUID] = []
    hold = Conversation.hold

    def holding(row: Conversation) -> None:
        held.append(row.pk)
        hold(row)

    def leaf(id: UUID) -> UUID:
        assert held
        return newest_leaf(id)

    monkeypatch.setattr(Conversation, "hold", holding)
    monkeypatch.setattr("chat.views.messages.newest_leaf", leaf)
    monkeypatch.setattr("chat.generation.continuing.newest_leaf", leaf)
    for text in ("Once upon", "Once upon a time"):
        upstream.script(stream(text))

    async def act(browser: Browser) -> None:
        _, answer = await talk(browser, conversation, "A tale")
        for address in (f"/messages/{answer.pk}/shown/", f"/messages/{answer.pk}/continuations/"):
            held.clear()
            assert (await browser.command(address, shown=answer.pk)).status_code == 200
        await all_answered()
        span = (await branch(conversation))[-1]
        held.clear()
        assert (await browser.command(f"/messages/{span.pk}/whole/", shown=span.pk)).status_code == 200

    visit(conversation.owner, act)
