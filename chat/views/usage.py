"""Usage: what was used and spent, the budget of a day, and the tally at the foot of the composer."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chat import access, history
from chat.budgets import day_limit, spent_today
from chat.commands import Effects, command
from chat.forms import BudgetForm, SettingsForm
from chat.models import Budget, Conversation
from chat.tally import tally_of
from chat.usage import Row, usage_of
from chat.who import SignedIn

RANGES = {"7": "7 days", "30": "30 days", "90": "90 days", "all": "All"}
GROUPS = {"day": "Day", "model": "Model", "provider": "Provider"}
DRAWN = (
    "cost", "prompt_tokens", "completion_tokens", "first_token_median", "first_token_p95", "speed_median",
    "speed_p95", "calls", "errors",
)  # fmt: skip


@require_safe
def index(request: SignedIn) -> HttpResponse:
    return page(request, BudgetForm({"per_day": access.budget(request.user).per_day}))


@command("POST")
def budget(request: SignedIn, effects: Effects) -> HttpResponse:
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=422)
    per_day = form.cleaned_data["per_day"]
    Budget.objects.update_or_create(owner=request.user, defaults={"per_day": per_day})
    return redirect("usage")


@require_safe
def tally(request: SignedIn, id: UUID | None = None) -> HttpResponse:
    """For the model and the budget that the page has now. Nothing is saved."""
    conversation = access.conversation(request.user, id) if id else Conversation(owner=request.user)
    form = SettingsForm(request.user, request.GET)
    if form.is_valid():
        form.apply_to(conversation)
    return render(request, "usage/_tally.html", tally_of(conversation))


def page(request: SignedIn, form: BudgetForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    span = request.GET.get("range", "")
    span = span if span in RANGES else "30"
    by = request.GET.get("by", "")
    by = by if by in GROUPS else "day"
    since = None if span == "all" else today - timedelta(days=int(span) - 1)
    usage = usage_of(request.user, since, by, today)
    context = {
        "usage": usage, "days": json.dumps(series(usage.days)), "form": form, "range": span, "by": by,
        "ranges": RANGES, "groups": GROUPS, "heading": GROUPS[by], "day": day_limit(request.user),
        "spent_today": spent_today(request.user), "zone": timezone.get_current_timezone_name(),
        "history": history.page_of(request.user),
    }  # fmt: skip
    return render(request, "usage/index.html", context, status=status)


def series(days: list[Row]) -> dict[str, list[Any]]:
    """What the charts draw, one value for each day."""
    return {
        "day": [row.name for row in days],
        **{name: [getattr(row, name) for row in days] for name in DRAWN},
    }
