"""From talks to rows, in short transactions. Nothing of an import can be seen before `publish`, which shows it all."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from chat.models import MOST_PANES, Comparison, Conversation, Folder, Message, Pane, Provider, Role, Tag
from chat.models.identifiers import new_id
from chat.models.rows import insert_rows, update_rows
from chat.models.transfer import Transfer

from .cleaning import clean, clean_text
from .fitting import fitting_calls, fitting_parts, fitting_settings
from .prompts import version_for
from .talk import Said, Talk, TalkGroup

# Of one transaction: while it lasts nobody else writes to SQLite.
MOST_ROWS = 250
MOST_CHARACTERS = 1_000_000
# Of a report.
MOST_KINDS = 1000
LONGEST_NOTICE = 300
# Folders, and tags, of one import: all are made in its last transaction.
MOST_NAMES = 1000

Named = dict[str, dict[type[models.Model], list[UUID]]]


def store(owner: User, entries: Iterable[Talk | TalkGroup], name: str = "") -> Transfer:
    """All of these, as an import of their own that is done when this returns."""
    transfer = Transfer.objects.create(
        owner=owner, kind=Transfer.Kind.IMPORT, name=name, lease_until=timezone.now()
    )
    storing = Storing(transfer)
    for entry in entries:
        storing.add(entry)
    storing.publish()
    return transfer


class Storing:
    """One import on its way into the tables. Its rows stand there as deleted ones until `publish`.

    `beat` is called in every transaction; what it raises ends the import. `counts` and `notices` tell what came.
    """

    def __init__(self, transfer: Transfer, beat: Callable[[], None] = lambda: None) -> None:
        self.counts: Counter[str] = Counter()
        self.notices: Counter[str] = Counter()
        self._transfer, self._beat = transfer, beat
        self._now = timezone.now()
        usable = Provider.objects.usable_by(transfer.owner).order_by("-created_at", "-id")
        # One's own wins over one of the same name that all share.
        self._providers = {
            row.name: row.pk for row in sorted(usable, key=lambda row: row.owner_id is not None)
        }
        self._rows: dict[type[models.Model], list[Any]] = defaultdict(list)
        self._tips: list[dict[str, Any]] = []
        self._characters = 0
        # By name, what goes into it: a folder is made when all of its entries can be seen.
        self._folders: Named = {}
        self._tags: Named = {}

    def add(self, entry: Talk | TalkGroup) -> None:
        if isinstance(entry, Talk):
            self._add_talk(entry, listed=True)
        else:
            self._add_group(entry)

    def publish(self) -> None:
        """All of it is there at once, or none: the last transaction of an import."""
        self._flush()
        report = [{"what": what, "times": times} for what, times in self.notices.items()]
        with transaction.atomic():
            self._beat()
            self._put_into_folders()
            self._put_tags_on()
            for kind in (Comparison, Conversation):
                kind._default_manager.filter(transfer=self._transfer).update(deleted_at=None)
            Transfer.objects.filter(pk=self._transfer.pk).update(
                status=Transfer.Status.FINISHED, counts=self.counts, report=report, ended_at=timezone.now()
            )
        self._transfer.refresh_from_db()

    # What goes into the tables

    def _add_group(self, group: TalkGroup) -> None:
        self._notice_all(group.notices)
        if len(group.panes) > MOST_PANES:
            self._notice(
                f"A comparison had more than {MOST_PANES} panes: the others are conversations of their own."
            )
        for talk, _ in group.panes[MOST_PANES:]:
            self._add_talk(talk, listed=True)
        comparison = Comparison(**self._entry_fields(group))
        self._keep(comparison)
        self._sort_in(comparison, group)
        self.counts["comparisons"] += 1
        for position, (talk, links) in enumerate(group.panes[:MOST_PANES]):
            conversation = self._add_talk(talk, listed=talk.listed)
            known = {f"linked_{name.removeprefix('linked_')}": bool(on) for name, on in links.items()}
            linked = {name: on for name, on in known.items() if name in Pane.LINKS}
            self._keep(
                Pane(
                    id=new_id(), comparison=comparison, conversation=conversation, position=position, **linked
                )
            )

    def _add_talk(self, talk: Talk, *, listed: bool) -> Conversation:
        self._notice_all(talk.notices)
        conversation = Conversation(
            **self._entry_fields(talk),
            system_prompt=clean_text(talk.system_prompt),
            prompt_version=version_for(self._transfer.owner_id, talk.prompt, self._notice)
            if talk.prompt
            else None,
            provider_id=self._provider(talk.provider),
            model=clean_text(talk.model)[:300],
            settings=fitting_settings(clean(talk.settings), self._notice),
            variables={str(name): str(value) for name, value in clean(talk.variables).items()},
            budget=clean(talk.budget),
            listed=listed,
        )
        self._keep(conversation)
        self._sort_in(conversation, talk)
        if listed:
            self.counts["conversations"] += 1
        ids: dict[str, UUID] = {}
        for said in talk.messages:
            ids[said.key] = self._add_message(conversation, said, ids, conversation.created_at)
        tip = ids.get(talk.tip or "")
        if tip is None and talk.messages:
            tip = ids[talk.messages[-1].key]
        if tip:
            self._tips.append({"tip": tip, "id": conversation.pk})
        return conversation

    def _add_message(
        self, conversation: Conversation, said: Said, ids: dict[str, UUID], began: datetime
    ) -> UUID:
        parent = ids.get(said.parent) if said.parent is not None else None
        if said.parent is not None and parent is None:
            self._notice("A message hung on one that is not there, and stands at the beginning now.")
        role = said.role if said.role in Role.values else Role.USER
        if role != said.role:
            self._notice(f"Messages of the role {said.role[:40]} are shown as those of the user.")
        message = Message(
            id=new_id(),
            conversation=conversation,
            parent_id=parent,
            role=role,
            parts=fitting_parts(clean(said.parts), self._notice),
            reasoning=clean_text(said.reasoning),
            tool_calls=fitting_calls(clean(said.tool_calls), self._notice),
            tool_call_id=clean_text(said.tool_call_id)[:200],
            finish_reason=clean_text(said.finish_reason)[:40],
            logprobs=clean(said.logprobs),
            original=None if said.original is None else fitting_parts(clean(said.original), self._notice),
            muted=said.muted,
            starred=said.starred,
            continues=said.continues,
            imported_facts=clean(said.facts),
            created_at=said.created_at or began,
        )
        self._keep(message)
        self._characters += len(said.reasoning) + sum(map(characters, said.parts))
        self.counts["messages"] += 1
        return message.id

    def _entry_fields(self, entry: Talk | TalkGroup) -> dict[str, Any]:
        created = entry.created_at or first_time_in(entry) or entry.active_at or self._now
        return {
            "id": new_id(),
            "owner_id": self._transfer.owner_id,
            "transfer": self._transfer,
            "title": clean_text(entry.title)[:200],
            "notes": clean_text(entry.notes),
            "pinned": entry.pinned,
            "archived": entry.archived,
            "created_at": created,
            "active_at": entry.active_at or last_time_in(entry) or created,
            "deleted_at": self._now,
        }

    def _provider(self, name: str) -> UUID | None:
        """By its name, among those that its owner may use."""
        if name and name not in self._providers:
            self._notice(f"The provider {clean_text(name)[:80]} is not here: the name of the model was kept.")
        return self._providers.get(name)

    # Folders and tags

    def _sort_in(self, row: Conversation | Comparison, entry: Talk | TalkGroup) -> None:
        self._name(row, self._folders, clean_text(entry.folder).strip()[:80])
        for tag in dict.fromkeys("-".join(clean_text(name).lower().split())[:40] for name in entry.tags):
            self._name(row, self._tags, tag)

    def _name(self, row: Conversation | Comparison, named: Named, name: str) -> None:
        if name in named or (name and len(named) < MOST_NAMES):
            named.setdefault(name, defaultdict(list))[type(row)].append(row.pk)
        elif name:
            self._notice(
                f"An import makes {MOST_NAMES:,} folders and as many tags at most: others were left out."
            )

    def _put_into_folders(self) -> None:
        for name, rows in self._folders.items():
            folder, _ = Folder.objects.get_or_create(owner_id=self._transfer.owner_id, name=name)
            for kind, ids in rows.items():
                update_rows(kind, [{"folder": folder.pk, "id": id} for id in ids], ("id",))

    def _put_tags_on(self) -> None:
        for name, rows in self._tags.items():
            tag, _ = Tag.objects.get_or_create(owner_id=self._transfer.owner_id, name=name)
            for kind, ids in rows.items():
                through: Any = getattr(kind, "tags").through  # noqa: B009, types know no common class
                column = f"{kind._meta.model_name}_id"
                through._default_manager.bulk_create(
                    [through(tag_id=tag.pk, **{column: id}) for id in ids], batch_size=MOST_ROWS
                )

    # In batches

    def _keep(self, row: models.Model) -> None:
        self._rows[type(row)].append(row)
        if sum(map(len, self._rows.values())) >= MOST_ROWS or self._characters >= MOST_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        """What was gathered, in the order in which rows need one another."""
        with transaction.atomic():
            self._beat()
            for kind in (Comparison, Conversation, Message, Pane):
                insert_rows(kind, self._rows[kind])
            update_rows(Conversation, self._tips, ("id",))
        self._rows.clear()
        self._tips.clear()
        self._characters = 0

    def _notice(self, words: str) -> None:
        """Some name what the file calls something: no file can make the list as long as it likes."""
        words = clean_text(words)[:LONGEST_NOTICE]
        known = words in self.notices or len(self.notices) < MOST_KINDS
        self.notices[words if known else "Other things were left out or repaired."] += 1

    def _notice_all(self, notices: list[str]) -> None:
        for words in notices:
            self._notice(words)


def characters(part: Any) -> int:
    """About how long it is: text, or the one long thing that a part of media holds."""
    if not isinstance(part, dict):
        return 0
    text = part.get("text")
    return len(text) if isinstance(text, str) else sum(len(str(held)) for held in part.values())


def times_in(entry: Talk | TalkGroup) -> list[datetime]:
    talks = [entry] if isinstance(entry, Talk) else [talk for talk, _ in entry.panes]
    return [said.created_at for talk in talks for said in talk.messages if said.created_at]


def first_time_in(entry: Talk | TalkGroup) -> datetime | None:
    return min(times_in(entry), default=None)


def last_time_in(entry: Talk | TalkGroup) -> datetime | None:
    return max(times_in(entry), default=None)
