"""A blind round between models that nobody could mistake, and everything by which one could know them."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils import timezone

from chat.comparisons.figures import NONE, figures, last_answers, summary, totals
from chat.comparisons.panes import compare, numbered
from chat.facts import facts_of, thinking_of
from chat.models import (
    Charge,
    Comparison,
    Conversation,
    Exchange,
    Generation,
    LanguageModel,
    Message,
    Pane,
    Provider,
    Role,
    Vote,
)
from chat.models.message import text_part
from chat.usage import usage_of

# Words that stand in no page of ours.
MODELS = (("Zanzibar", "zebra-9-large"), ("Quillon", "quokka-7-mini"), ("Quillon", "quetzal-5-turbo"))
NAMES = [name for pair in MODELS for name in pair] + ["zanzibar.test", "quillon.test"]
# What the lists of models tell, and nothing else may.
LISTED = [*NAMES, "987654", "987,654", "77.125", "88.375"]
TOLD = [
    "zebra-9-large-20990101", "req-zanzibar-7", "Zanzibar is out of zinc", "call_zanzibar_7", "0.4321",
    "Whisper like a zebra", "x-zanzibar", "content_zilter",
]  # fmt: skip
ENDS = ("finished", "failed", "stopped")


@dataclass
class Round:
    comparison: Comparison
    panes: list[Pane]
    answers: list[Message]
    # What was told of them in an open comparison: facts, figures, sums.
    figures: set[str]

    def ids(self, name: str) -> Any:
        """Of the pane whose answer was finished, and what belongs to it."""
        at = next(number for number, each in enumerate(self.answers) if each.status == "finished")
        pane, answer = self.panes[at], self.answers[at]
        return {
            "comparison": self.comparison.pk,
            "pane": pane.pk,
            "conversation": pane.conversation_id,
            "message": answer.pk,
            "generation": answer.generation_id,
        }[name]


def providers() -> dict[str, Provider]:
    """Those of the round, and one that has nothing to do with it."""
    plain = Provider.objects.create(name="Plain", base_url="https://plain.test/v1")
    LanguageModel.objects.create(provider=plain, name="plain-1", type="chat")
    found = {"Plain": plain}
    for name, model in MODELS:
        if name not in found:
            found[name] = Provider.objects.create(name=name, base_url=f"https://{name.lower()}.test/v1")
        LanguageModel.objects.create(
            provider=found[name], name=model, type="chat", price_input=77.125, price_output=88.375,
            context_length=987654,
        )  # fmt: skip
    return found


def plain_chat(owner: Any, provider: Provider) -> Conversation:
    """What was asked before, so that a page with something to tell has something else to tell."""
    chat = Conversation.objects.create(owner=owner, title="A plain talk", provider=provider, model="plain-1")
    said(chat, "finished", {"prompt_tokens": 3, "completion_tokens": 4}, 1000)
    return chat


def source(owner: Any, found: dict[str, Provider]) -> Comparison:
    settings = {"temperature": 0.4321, "logprobs": True}
    return compare(
        owner,
        [
            Conversation(
                owner=owner, provider=found[name], model=model, settings=settings,
                system_prompt="Whisper like a zebra", budget=77.125,
            )
            for name, model in MODELS
        ],
    )  # fmt: skip


def answered(comparison: Comparison) -> Round:
    panes = numbered(comparison)
    answers = []
    for pane in panes:
        number = [model for _, model in MODELS].index(pane.conversation.model)
        usage = {
            "prompt_tokens": 424242 + number, "completion_tokens": 535353 + number,
            "cached_tokens": 313131 + number, "reasoning_tokens": 646464 + number,
        }  # fmt: skip
        answers.append(said(pane.conversation, ENDS[number], usage, number))
    return Round(comparison, panes, answers, figures_of(comparison, panes, answers))


def said(conversation: Conversation, status: str, usage: dict[str, int], number: int) -> Message:
    """A question and the answer to it, with everything that could be known of it, in the books and out of them."""
    provider = conversation.provider
    assert provider
    failed = status != "finished"
    error = {
        "message": f"{provider.name} said no", "said": "Zanzibar is out of zinc", "request_id": "req-zanzibar-7",
        "param": "temperature", "kind": "RateLimited", "retryable": False,
    }  # fmt: skip
    generation = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model=conversation.model, provider=provider,
        provider_name=provider.name, url=f"{provider.base_url}/chat/completions", status=status,
        answered_model=f"{conversation.model}-20990101", request_id="req-zanzibar-7", usage=usage,
        request={"model": conversation.model, "messages": [{"role": "user", "content": "Well?"}]},
        prices=[77.125, 88.375, None], cost=31.41 + number, error=error if failed else None,
        timings={
            "called": 0.0, "queued": 0.0, "first_token": 7373.0 + number, "first_text": 8484.0 + number,
            "ended": 95959.0 + number,
        },
    )  # fmt: skip
    Exchange.objects.create(generation=generation, response_headers={"x-zanzibar": provider.name})
    Charge.of(generation, 987654).save(force_insert=True)
    question = Message.objects.create(conversation=conversation, role=Role.USER, parts=[text_part("Well?")])
    call = {"id": "call_zanzibar_7", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    answer = Message.objects.create(
        conversation=conversation, parent=question, role=Role.ASSISTANT, generation=generation,
        parts=[text_part("Words of a model")], reasoning="Thoughts of a model", tool_calls=[call],
        finish_reason="content_zilter", logprobs=[{"token": "x-zanzibar"}],
    )  # fmt: skip
    conversation.show(answer)
    return answer


def figures_of(comparison: Comparison, panes: list[Pane], answers: list[Message]) -> set[str]:
    """As they are told where nothing is hidden."""
    Conversation.objects.filter(panes__comparison=comparison).update(blind=False)
    fresh = [Message.objects.get(pk=answer.pk) for answer in answers]
    told = {fact for answer in fresh for fact in [*facts_of(answer), thinking_of(answer)]}
    told |= {cell.text for column in figures(last_answers(panes)).values() for cell in column}
    told |= {text for pane in panes for _, text in summary(pane.conversation)}
    sums = [
        *totals(panes).values(),
        *vars(usage_of(comparison.owner, None, "day", timezone.localdate()).total).values(),
    ]
    told |= {f"{each:,}" for each in sums if isinstance(each, int | float)}
    told |= {f"{each}" for each in sums if isinstance(each, int | float)}
    told |= {str(count) for answer in fresh if answer.call for count in (answer.call.usage or {}).values()}
    Conversation.objects.filter(panes__comparison=comparison).update(blind=True)
    # "stopped" and "39" are in many a page.
    return {
        text for text in told if text != NONE and any(letter.isdigit() for letter in text) and len(text) > 4
    }


def own_vote(owner: Any) -> Vote:
    """An earlier one, of models that are no secret."""
    return Vote.objects.create(
        owner=owner, contestants=[{"model": "plain-1", "provider": "Plain"}] * 2, tag="old"
    )


def reply_in_full(response: Any) -> str:
    """Everything that reaches the browser."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = response.cookies.output()
    return unescape(f"{response.status_code}\n{headers}\n{cookies}\n{response.content.decode()}")


def secrets_in(text: str, forbidden: Any) -> list[str]:
    return sorted(secret for secret in forbidden if secret.casefold() in text.casefold())


def models_of(comparison: Comparison) -> list[str]:
    return [pane.conversation.model for pane in comparison.shown_panes()]
