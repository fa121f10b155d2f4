"""What people may type about entries of the history: names of folders, tags, notes, and what is to be done to which."""

import unicodedata
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from chat import access
from chat.forms import WrittenText
from chat.models import Folder, Tag

LONGEST_FOLDER = 80
LONGEST_TAG = 40
MOST_TAGS = 30
# Written in a name they turn what stands beside it around: a name could look like another one.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(name: str) -> str:
    """On one line, without what cannot be seen, and composed: two names that look the same are the same."""
    composed = unicodedata.normalize("NFC", name)
    kept = (" " if each.isspace() else each for each in composed if each not in TURNING)
    return " ".join("".join(each for each in kept if unicodedata.category(each) != "Cc").split())


def tidy_tag(name: str) -> str:
    """One word, in lower case: so it can be typed in a search."""
    return "-".join(tidy(name).lower().replace('"', " ").replace(",", " ").split()).lstrip("#")


class NameField(forms.CharField):
    def __init__(self, what: str, longest: int, **kwargs: Any) -> None:
        self.longest = longest
        said = {
            "required": f"Give the {what} a name.",
            "null_characters_not_allowed": "A name cannot hold a NUL character.",
        }
        super().__init__(error_messages=said, **kwargs)
        self.what = what

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        name = tidy_tag(name) if self.what == "tag" else tidy(name)
        if self.required and not name:
            raise ValidationError(self.error_messages["required"])
        if len(name) > self.longest:
            raise ValidationError(
                f"The name of a {self.what} has at most {self.longest} characters; this has {len(name):,}."
            )
        return name


class FolderForm(forms.Form):
    name = NameField("folder", LONGEST_FOLDER)

    def __init__(self, user: User, data: Any, folder: Folder | None = None) -> None:
        super().__init__(data)
        self.others = access.folders(user).exclude(pk__in=[folder.pk] if folder else [])

    def clean_name(self) -> str:
        return unused(self.others, self.cleaned_data["name"], "folder")


class TagForm(forms.Form):
    name = NameField("tag", LONGEST_TAG)

    def __init__(self, user: User, data: Any, tag: Tag | None = None) -> None:
        super().__init__(data)
        self.others = access.tags(user).exclude(pk__in=[tag.pk] if tag else [])

    def clean_name(self) -> str:
        return unused(self.others, self.cleaned_data["name"], "tag")


def unused(others: Any, name: str, what: str) -> str:
    if same := others.filter(name__iexact=name).first():
        raise ValidationError(taken(what, same.name))
    return name


def taken(what: str, name: str) -> str:
    return f"There is a {what} “{name}” already. Choose another name."


class InFolder(forms.Form):
    """Into a folder that is there, or into a new one. Raises Http404 for one that is not one's own."""

    folder = forms.UUIDField(required=False, error_messages={"invalid": "There is no such folder."})
    new_folder = NameField("folder", LONGEST_FOLDER, required=False)

    def __init__(self, user: User, data: Any) -> None:
        super().__init__(data)
        self.user = user

    def clean_folder(self) -> Folder | None:
        id = self.cleaned_data["folder"]
        return access.folder(self.user, id) if id else None

    def chosen_folder(self) -> Folder | None:
        """In the transaction of what is done with it."""
        name = self.cleaned_data["new_folder"]
        if not name:
            found: Folder | None = self.cleaned_data["folder"]
            return found
        there = access.folders(self.user).filter(name__iexact=name).first()
        return there or Folder.objects.get_or_create(owner=self.user, name=name)[0]


def names_in(tags: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(tidy_tag, tags.split(",")))))


class EntryForm(InFolder):
    """An entry, with all that its owner says about it, and what the dialog was opened with."""

    title = forms.CharField(required=False, max_length=200)
    tags = WrittenText(required=False)
    notes = WrittenText(required=False)
    was_title = forms.CharField(required=False)
    was_folder = forms.UUIDField(required=False)
    was_tags = WrittenText(required=False)
    # By its digest; and that of newer ones that are to go all the same.
    was_notes = forms.CharField(required=False)
    over = forms.CharField(required=False)

    def opened_with(self, name: str, now: Any) -> Any:
        """A form that does not say it was opened just now."""
        was = f"was_{name}"
        return self.cleaned_data[was] if was in self.data else now

    def clean_folder(self) -> Folder | None:
        """One that was not changed here is not looked for: another tab may have deleted it."""
        id = self.cleaned_data["folder"]
        return Folder(pk=id) if id and str(id) == self.data.get("was_folder") else super().clean_folder()

    def clean_was_tags(self) -> list[str]:
        return names_in(self.cleaned_data["was_tags"])

    def clean_tags(self) -> list[str]:
        names = names_in(self.cleaned_data["tags"])
        if len(names) > MOST_TAGS:
            raise ValidationError(f"At most {MOST_TAGS} tags; these are {len(names):,}.")
        if longest := next((name for name in names if len(name) > LONGEST_TAG), None):
            raise ValidationError(
                f"A tag has at most {LONGEST_TAG} characters; “{longest[:20]}…” has {len(longest):,}."
            )
        return names


class ActForm(InFolder):
    """What is to be done, and to which entries: these ids, or all that the filter of the page lets through."""

    command = forms.UUIDField(error_messages={"invalid": "This form has no valid id. Reload the page."})
    act = forms.CharField()
    entries = WrittenText(required=False)
    everything = forms.BooleanField(required=False)
    tag_name = NameField("tag", LONGEST_TAG, required=False)

    def clean_entries(self) -> list[UUID]:
        try:
            return [UUID(each) for each in self.cleaned_data["entries"].split(",") if each]
        except ValueError:
            raise ValidationError("These are no ids of conversations. Reload the page.") from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") in ("tag", "untag") and not cleaned.get("tag_name"):
            self.add_error("tag_name", "Type the tag.")
        if not cleaned.get("everything") and not cleaned.get("entries") and not self.errors:
            self.add_error("entries", "Select a conversation first.")
        return cleaned
