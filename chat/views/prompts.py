"""Saved prompts: the list, the editor, every version, what changed between two of them, import and export."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from chat import access, history
from chat.commands import Effects, command
from chat.diff.words import difference
from chat.forms import TYPED, check
from chat.forms.prompts import NameForm, PromptForm, VersionForm
from chat.models import Prompt, PromptVersion
from chat.placeholders import TYPES
from chat.prompt_import import MOST_BYTES, Imported, ImportedVersion, Unreadable, decode, read, write_own
from chat.refusals import Refused
from chat.titles import title_from
from chat.who import SignedIn

MOST_LISTED = 200


@require_safe
def index(request: SignedIn) -> HttpResponse:
    query = request.GET.get("q", "")
    found = list(access.prompts(request.user).named(query).with_newest()[: MOST_LISTED + 1])
    context = {"prompts": found[:MOST_LISTED], "query": query, "more": len(found) > MOST_LISTED}
    return page(request, "prompts/index.html", context)


@require_safe
def new(request: SignedIn) -> HttpResponse:
    kind = request.GET.get("kind", "")
    return new_page(request, {"kind": kind if kind in Prompt.Kind.values else Prompt.Kind.SYSTEM.value})


@command("POST")
def create(request: SignedIn, effects: Effects) -> HttpResponse:
    form = PromptForm(request.POST)
    if not form.is_valid():
        return new_page(request, {"kind": request.POST.get("kind", ""), "form": form}, status=422)
    cleaned = form.cleaned_data
    with transaction.atomic():
        prompt = Prompt.objects.create(owner=request.user, name=cleaned["name"], kind=cleaned["kind"])
        prompt.save_version(cleaned["text"], form.variables(), cleaned["note"])
    return moved_to(request, prompt, "Saved as v1.", left="new")


@require_safe
def show(request: SignedIn, id: UUID) -> HttpResponse:
    return editor(request, access.prompt(request.user, id))


@command("POST")
def save(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """A version more, whatever another tab saved meanwhile: none is ever lost."""
    prompt = access.prompt(request.user, id)
    newest = prompt.newest
    base = prompt.versions.filter(number=number_in(request.POST.get("base", ""))).first() or newest
    form = VersionForm(request.POST, base.described)
    if not form.is_valid():
        return editor(request, prompt, {"form": form, "base": base.number}, status=422)
    text, variables = form.cleaned_data["text"], form.variables()
    if base.says(text, variables) or newest.says(text, variables):
        said = f"Nothing has changed since v{base.number}, so no version was made."
        meanwhile = newest.number if newest.number > base.number else None
        kept = {"note": form.cleaned_data["note"]}
        return editor(request, prompt, kept | {"said": said, "meanwhile": meanwhile, "compared": base.number})
    version = prompt.save_version(text, variables, form.cleaned_data["note"])
    meanwhile = version.number - 1 if version.number - 1 > base.number else None
    said = f"Saved as v{version.number}."
    return editor(
        request, prompt, {"said": said, "saved": True, "meanwhile": meanwhile, "compared": meanwhile}
    )


def number_in(typed: str) -> int:
    """0, which no version has, if it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@command("POST")
def name(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    prompt, form = access.prompt(request.user, id), NameForm(request.POST)
    check(form)
    prompt.name = form.cleaned_data["title"]
    prompt.save(update_fields=["name"])
    return render(request, "prompts/_title.html", {"prompt": prompt})


@command("POST", "DELETE")
def deletion(request: SignedIn, effects: Effects, id: UUID) -> HttpResponse:
    """POST deletes, DELETE takes that back."""
    deleted = request.method == "POST"
    prompt = access.prompt(request.user, id) if deleted else access.deleted_prompt(request.user, id)
    prompt.deleted_at = timezone.now() if deleted else None
    prompt.save(update_fields=["deleted_at"])
    rows = Prompt.objects.filter(pk=prompt.pk).with_newest()
    return render(request, "prompts/_deletion.html", {"prompt": rows.get(), "deleted": deleted})


# Versions


@require_safe
def version(request: SignedIn, id: UUID, number: int) -> HttpResponse:
    """The text of a version; with `from`, what changed since that one. `to` leads to another version."""
    shown = access.prompt_version(request.user, id, number)
    since, to = (number_in(request.GET.get(name, "")) for name in ("from", "to"))
    if to and to != number:
        return redirect(reverse("prompt-version", args=(id, to)) + (f"?from={since}" if since else ""))
    old = shown.prompt.versions.filter(number=since).first()
    return page(request, "prompts/version.html", context_of(shown.prompt, shown) | comparison(old, shown))


def comparison(old: PromptVersion | None, shown: PromptVersion) -> dict[str, Any]:
    changes = difference(old.text, shown.text) if old else None
    fields = [(variable, "") for variable in shown.described]
    return {"old": old, "changes": changes, "fields": fields, "since": old or before(shown)}


def before(version: PromptVersion) -> PromptVersion | None:
    return version.prompt.versions.filter(number__lt=version.number).order_by("-number").first()


@command("POST")
def restore(request: SignedIn, effects: Effects, id: UUID, number: int) -> HttpResponse:
    """A new version that says what this one said."""
    old = access.prompt_version(request.user, id, number)
    prompt = old.prompt
    if prompt.newest.says(old.text, old.described):
        return moved_to(request, prompt, f"v{prompt.newest.number} says the same as v{number} already.")
    version = prompt.save_version(old.text, old.described, f"Restored v{number}")
    return moved_to(request, prompt, f"v{number} is restored, as v{version.number}.")


# Import and export


@require_safe
def import_page(request: SignedIn) -> HttpResponse:
    return page(request, "prompts/import.html", {})


@sensitive_post_parameters("pasted")
@command("POST")
def import_one(request: SignedIn, effects: Effects) -> HttpResponse:
    file = request.FILES.get("file")
    try:
        # One byte more than is read, so that more is seen to be too much.
        imported = read(decode(file.read(MOST_BYTES + 1)) if file else request.POST.get("pasted", ""))
    except Unreadable as error:
        # What was pasted may hold a key: it stays in the page, and does not come back from here.
        raise Refused(str(error), status=422) from None
    prompt = stored(request, imported)
    left_out = f" Not imported: {imported.words_left_out}." if imported.left_out else ""
    return moved_to(request, prompt, f"Imported.{left_out}")


def stored(request: SignedIn, imported: Imported) -> Prompt:
    name = imported.name or title_from(imported.versions[0].text)[:120] or "Imported prompt"
    left_out = f"Not imported: {imported.words_left_out}"[:300] if imported.left_out else ""
    with transaction.atomic():
        prompt = Prompt.objects.create(owner=request.user, name=name, kind=imported.kind)
        PromptVersion.objects.bulk_create(
            PromptVersion(
                prompt=prompt,
                number=number,
                text=each.text,
                variables=[variable.stored() for variable in each.variables],
                note=each.note or left_out,
            )
            for number, each in enumerate(imported.versions, 1)
        )
    return prompt


@require_safe
def export(request: SignedIn, id: UUID) -> HttpResponse:
    prompt = access.prompt(request.user, id)
    versions = [
        ImportedVersion(version.text, version.described, version.note)
        for version in prompt.versions.order_by("number")
    ]
    written = write_own(Imported(prompt.kind, versions, prompt.name))
    response = HttpResponse(written, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{slugify(prompt.name) or "prompt"}.prompt.json"'
    return response


# Pages


def editor(
    request: SignedIn, prompt: Prompt, said: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The newest version, to be changed; or what was typed, if it could not be saved."""
    newest = prompt.newest
    context = context_of(prompt, newest) | {"base": newest.number} | (said or {})
    form = context.get("form")
    context |= {
        "types": TYPES,
        "text": form["text"].value() if form else newest.text,
        "variables": form.variables() if form else newest.described,
    }
    return page(request, "prompts/editor.html", context, status)


def new_page(request: SignedIn, context: dict[str, Any], status: int = 200) -> HttpResponse:
    form = context.get("form")
    typed = {"text": form["text"].value() or "", "variables": form.variables()} if form else {"text": ""}
    kinds = Prompt.Kind.choices
    return page(request, "prompts/editor.html", context | typed | {"types": TYPES, "kinds": kinds}, status)


def moved_to(request: SignedIn, prompt: Prompt, said: str, left: str = "") -> HttpResponse:
    """The editor of this prompt, at its own address. `left` names the draft that is none any more."""
    response = editor(request, prompt, {"said": said, "saved": bool(left), "left": left})
    response["HX-Push-Url"] = reverse("prompt", args=(prompt.pk,))
    return response


def context_of(prompt: Prompt, shown: PromptVersion) -> dict[str, Any]:
    versions = list(prompt.versions.defer("text").order_by("-number"))
    return {"prompt": prompt, "shown": shown, "versions": versions, "typed": TYPED}


def page(request: SignedIn, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, context | {"history": history.page_of(request.user)}, status=status)
