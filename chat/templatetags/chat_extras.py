from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chat.comparisons.figures import summary as summary_of
from chat.costs import in_dollars
from chat.facts import facts_of, seconds, thinking_of
from chat.models import Conversation, Generation, LanguageModel, Message
from chat.pictures import Beside
from chat.pictures import beside as what_is_beside
from chat.placeholders import pieces_of
from chat.sampling import Parameter, parameter_behind
from chat.transcript.continuations import Continuation, begins_again, can_go_on, continuations_of

register = template.Library()

ABILITIES = {
    "images": ("vision", "Takes images"),
    "audio": ("audio", "Takes sound"),
    "video": ("video", "Takes videos"),
    "files": ("files", "Takes files"),
    "tools": ("tools", "Calls tools"),
    "json": ("JSON", "Answers in JSON, by a schema if one is given"),
    "reasoning": ("reasoning", "Thinks before it answers"),
}


@register.filter
def exactly(text: str) -> SafeString:
    """Text that the browser gives back to the letter: HTML would turn a lone CR into a line feed."""
    return mark_safe(escape(text).replace("\r", "&#13;"))  # noqa: S308


@register.filter
def units(text: str) -> int:
    """Its length as a browser counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@register.filter
def continuations(message: Message) -> list[Continuation]:
    return continuations_of(message)


register.filter(begins_again)


@register.filter
def beside(message: Message) -> list[Beside]:
    return what_is_beside(message.files, hides=message.hides)


@register.filter
def may_go_on(message: Message) -> bool:
    return can_go_on(message)


@register.filter
def marked(text: str) -> SafeString:
    """Text whose placeholders can be told from the rest."""
    pieces = (
        f'<code class="variable">{exactly(piece)}</code>' if is_name else exactly(piece)
        for piece, is_name in pieces_of(text)
    )
    return mark_safe("".join(pieces))  # noqa: S308


@register.filter
def facts(message: Message) -> list[str]:
    return facts_of(message)


@register.filter
def summary(conversation: Conversation) -> list[tuple[str, str]]:
    return summary_of(conversation)


@register.filter
def of(found: Mapping[Any, Any], key: object) -> Any:
    """What stands under this key: templates cannot look up by a variable."""
    return found.get(key)


@register.filter
def thinking(message: Message) -> str:
    return thinking_of(message)


@register.filter
def rejected_parameter(message: Message) -> Parameter | None:
    """The parameter that the provider objected to, if it is one of ours."""
    generation = message.call
    key = (generation.error or {}).get("param") if generation else None
    provider = generation.provider if generation else None
    return parameter_behind(key, provider.dialect) if key and provider else None


@register.filter
def age(generation: Generation) -> int:
    """Seconds since it began. By the server's clock: a browser's may be minutes off."""
    return round((timezone.now() - generation.created_at).total_seconds())


@register.filter
def figure(value: float | None) -> str:
    """A setting as a person would type it."""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@register.filter
def duration(milliseconds: float) -> str:
    """Short ones to a tenth."""
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else seconds(milliseconds)


@register.filter
def price(value: float | None) -> str:
    """USD per million tokens. Zero may mean free or not priced by the token, so it is not called free here."""
    if value is None:
        return ""
    return f"${value:,.2f}" if value >= 0.01 or value == 0 else f"${value:.2g}"


@register.filter
def dollars(sum: float | None) -> str:
    return in_dollars(sum or 0)


@register.filter
def capability(name: str) -> str:
    return {"json": "JSON"}.get(name, name.capitalize())


@register.filter
def abilities(model: LanguageModel | None) -> list[tuple[str, str]]:
    """What sets models apart, in short words, each with a sentence."""
    return [words for name, words in ABILITIES.items() if model and name in model.capabilities]


@register.simple_tag
def icon(name: str) -> SafeString:
    return mark_safe(f'<svg class="icon" aria-hidden="true"><use href="#icon-{escape(name)}"/></svg>')  # noqa: S308
