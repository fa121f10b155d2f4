"""A conversation with a word of its own in every column: whatever a page shows, one can tell where it came from."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import timezone

from chat.models import (
    Conversation,
    Exchange,
    Folder,
    Generation,
    LanguageModel,
    Message,
    Prompt,
    Provider,
    Role,
    Tag,
)
from chat.models.message import text_part
from chat.sharing.options import Options

PICTURE = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
KEY = "sk-zebrakey-0123456789abcdef"

# What each choice shows, and nothing else does.
OPT_IN = {
    "models": ["zebra-model-9"],
    "system_prompt": ["Zebraprompt"],
    "settings": ["0.4321", "Zebraprovider", "zebraextra"],
    "facts": ["424,242 in", "535,353 out"],
    "reasoning": ["Zebrathought"],
    "tools": ["zebratool", "zebraargument", "Zebraresult"],
    "alternatives": ["Zebrabranch", "Zebrafollow"],
}
ALWAYS = ["Zebraquestion", "Zebraanswer", "Zebratitle", "https://zebra-picture.test/remote.png", PICTURE]
NEVER = [
    "zebra-base-url", KEY, KEY[-4:] + "$", "zebra@mail.test", "zebrauser", "Zebranote", "Zebratag", "Zebrafolder",
    "zebrarequestid", "Zebraerror", "zebraheader", "Zebralogprob", "Zebraoriginal", "Zebrahidden", "Zebramuted",
    "Zebradeleted", "Zebrarunning", "Zebraother", "Zebravariable", "77.125", "Zebrasavedprompt", "zebrafileid",
    "zebrafilename", "call_zebra", "Zebraannotation", "3,141.59", "3141.59", "zebrawire", "Zebratold", "zebra-svg",
    "Zebrabelowhidden",
]  # fmt: skip


@dataclass
class Canaries:
    owner: Any
    conversation: Conversation
    messages: dict[str, Message] = field(default_factory=dict)

    def options(self, *names: str) -> Options:
        chosen: dict[str, Any] = dict.fromkeys(OPT_IN, False) | dict.fromkeys(names, True)
        return Options(**chosen, hidden=frozenset({self.messages["hidden"].pk}))

    def ids(self) -> list[str]:
        """Of every row that has to do with it."""
        rows: list[UUID] = [self.conversation.pk, *(each.pk for each in self.conversation.messages.all())]
        rows += [each.pk for each in self.conversation.generations.all()]
        rows += [each.pk for each in Provider.objects.all()]
        return [form for id in rows for form in (str(id), id.hex)]


def canaries() -> Canaries:
    owner = get_user_model().objects.create_user("zebrauser", "zebra@mail.test", "correct horse")
    provider = Provider.objects.create(
        name="Zebraprovider", base_url="https://zebra-base-url.test/v1", owner=owner
    )
    provider.key = KEY
    provider.save()
    LanguageModel.objects.create(provider=provider, name="zebra-model-9")
    prompt = Prompt.objects.create(owner=owner, name="Zebrasavedprompt")
    conversation = Conversation.objects.create(
        owner=owner, title="Zebratitle", provider=provider, model="zebra-model-9", notes="Zebranote",
        system_prompt="Zebraprompt now", settings={"temperature": 0.4321, "extra": {"zebraextra": 1}},
        variables={"who": "Zebravariable"}, budget=77.125, prompt_version=prompt.save_version("Zebrasavedprompt", []),
        folder=Folder.objects.create(owner=owner, name="Zebrafolder"),
    )  # fmt: skip
    conversation.tags.add(Tag.objects.create(owner=owner, name="Zebratag"))
    Conversation.objects.create(owner=owner, title="Zebraother talk")
    made = Canaries(owner, conversation)
    tell(made)
    return made


def tell(made: Canaries) -> None:
    say = Teller(made)
    first = say("question", None, Role.USER, "Zebraquestion", more=[
        {"type": "image_url", "image_url": {"url": PICTURE}},
        {"type": "image_url", "image_url": {"url": "https://zebra-picture.test/remote.png"}},
        {"type": "image_url", "image_url": {"url": "data:image/svg+xml;base64,zebra-svg"}},
        {"type": "file", "file": {"file_id": "zebrafileid", "filename": "zebrafilename"}},
        {"type": "annotation", "annotation": {"title": "Zebraannotation"}},
    ])  # fmt: skip
    call = {
        "id": "call_zebra",
        "type": "function",
        "function": {"name": "zebratool", "arguments": '{"zebraargument": 1}'},
    }
    calling = say("calling", first, Role.ASSISTANT, "", tool_calls=[call], call="finished")
    result = say("result", calling, Role.TOOL, "Zebraresult", tool_call_id="call_zebra")
    hidden = say("hidden", result, Role.USER, "Zebrahidden")
    deleted = say("deleted", hidden, Role.USER, "Zebradeleted", deleted_at=timezone.now())
    muted = say("muted", deleted, Role.USER, "Zebramuted", muted=True)
    answer = say("answer", muted, Role.ASSISTANT, "Zebraanswer", reasoning="Zebrathought", call="finished",
                 original=[text_part("Zebraoriginal")], logprobs=[{"token": "Zebralogprob"}])  # fmt: skip
    going_on = say("going_on", answer, Role.ASSISTANT, " and Zebraanswer goes on", continues=True)
    other = say("other", muted, Role.ASSISTANT, "Zebrabranch", call="failed")
    say("follow", other, Role.USER, "Zebrafollow")
    say("below_hidden", hidden, Role.ASSISTANT, "Zebrabelowhidden", deleted_at=timezone.now())
    say("running", going_on, Role.ASSISTANT, "Zebrarunning", call="running")
    made.conversation.show(made.messages["running"])


class Teller:
    """Says one thing after the other. An answer has a call with something in each column."""

    def __init__(self, made: Canaries) -> None:
        self.made = made
        self.at = timezone.now() - timedelta(hours=1)

    def __call__(
        self,
        name: str,
        parent: Message | None,
        role: str,
        text: str,
        call: str = "",
        more: Any = (),
        **columns: Any,
    ) -> Message:
        self.made.messages[name] = Message.objects.create(
            conversation=self.made.conversation, parent=parent, role=role,
            parts=[*([text_part(text)] if text else []), *more],
            generation=self.call(call) if call else None, **columns,
        )  # fmt: skip
        return self.made.messages[name]

    def call(self, status: str) -> Generation:
        chat = self.made.conversation
        messages = [
            {"role": "system", "content": "Zebraprompt then"},
            {"role": "user", "content": "Zebratold"},
        ]
        generation = Generation.objects.create(
            owner=chat.owner, conversation=chat, provider=chat.provider, provider_name="Zebraprovider",
            model="zebra-model-9", answered_model="zebra-model-9", status=status, cost=3141.59,
            request_id="zebrarequestid", error={"message": "Zebraerror", "said": "Zebraerror"},
            url="https://zebra-base-url.test/v1/chat/completions",
            usage={"prompt_tokens": 424242, "completion_tokens": 535353},
            request={
                "model": "zebra-model-9", "messages": messages, "stream": True, "temperature": 0.4321, "zebraextra": 1,
            },
            timings={"called": 0.0, "first_token": 7373.0, "ended": 95959.0},
        )  # fmt: skip
        Exchange.objects.create(
            generation=generation,
            request_headers={"x-zebraheader": "1"},
            response_headers={"x-zebrawire": "1"},
        )
        return generation
