"""The saved prompt of a conversation that comes from elsewhere: without it, its placeholders would be plain text."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from chat.models import Prompt, PromptVersion
from chat.prompt_import import Imported, Unreadable
from chat.prompt_import.own import NUMBER, read_own

Notice = Callable[[str], None]
# Of the same words, looked at for the same variables.
SOME = 20


def version_for(owner_id: int, written: dict[str, Any], notice: Notice) -> PromptVersion | None:
    """The very version, if its owner has it. Else one that no list shows, and that lives as long as it is used."""
    version = {"text": written.get("text"), "variables": written.get("variables", [])}
    whole = {
        "version": NUMBER,
        "name": written.get("name"),
        "kind": Prompt.Kind.SYSTEM,
        "versions": [version],
    }
    try:
        read = read_own(whole)
    except Unreadable:
        notice("A saved prompt could not be read: its text was kept, with the placeholders as they stand.")
        return None
    return there(owner_id, read) or PromptVersion.objects.create(
        prompt=Prompt.objects.create(
            owner_id=owner_id, name=read.name, kind=Prompt.Kind.SYSTEM, deleted_at=timezone.now()
        ),
        number=1,
        text=read.versions[0].text,
        variables=[variable.stored() for variable in read.versions[0].variables],
    )


def there(owner_id: int, read: Imported) -> PromptVersion | None:
    [wanted] = read.versions
    # With the text: of one name a file may have as many as it likes.
    rows = PromptVersion.objects.filter(prompt__owner_id=owner_id, prompt__name=read.name, text=wanted.text)
    same = (row for row in rows.order_by("-pk")[:SOME] if row.says(wanted.text, wanted.variables))
    return next(same, None)
