"""What its owner says about one entry: of what comes back from its dialog, what was changed there is stored.

Another tab may have changed the rest meanwhile, and that stays. Where both changed the notes, the second is refused.
"""

from hashlib import sha256
from typing import Any

from django.db import transaction

from chat.models import Comparison, Conversation, Tag

from .forms import EntryForm


class Outdated(Exception):
    """Somebody changed these notes since the dialog was opened."""


def digest_of(notes: str) -> str:
    """By which a dialog says what it was opened with."""
    return sha256(notes.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def store(row: Conversation | Comparison, form: EntryForm) -> None:
    """Raises Outdated, and stores nothing then."""
    there: Any = type(row)._default_manager.select_for_update(no_key=True)
    row.refresh_from_db(fields=["title", "folder", "notes"], from_queryset=there)
    said, folder = form.cleaned_data, form.chosen_folder()
    row.notes = _notes(row, form)
    if said["title"] != form.opened_with("title", row.title):
        # A comparison may have no name, a chat keeps its own.
        row.title = said["title"] or (row.title if isinstance(row, Conversation) else "")
    if (folder and folder.pk) != form.opened_with("folder", row.folder_id):
        row.folder = folder
    row.save(update_fields=["title", "folder", "notes"])
    _tag(row, form)


def _notes(row: Conversation | Comparison, form: EntryForm) -> str:
    typed, there = str(form.cleaned_data["notes"]), digest_of(row.notes)
    before = form.cleaned_data["over"] or form.opened_with("notes", there)
    if typed == row.notes or digest_of(typed) == before:
        return row.notes
    if before != there:
        raise Outdated
    return typed


def _tag(row: Conversation | Comparison, form: EntryForm) -> None:
    names = set(form.cleaned_data["tags"])
    before = set(form.opened_with("tags", row.tags.values_list("name", flat=True)))
    row.tags.add(*Tag.of_names(row.owner, sorted(names - before)))
    row.tags.remove(*row.tags.filter(name__in=before - names))
