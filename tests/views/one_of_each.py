"""One row of everything that somebody may have."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from chat.comparisons.panes import compare
from chat.models import (
    Conversation,
    Folder,
    Generation,
    HistoryAct,
    LanguageModel,
    Message,
    Preset,
    Prompt,
    Provider,
    Role,
    Share,
    Tag,
    Transfer,
    Vote,
)
from chat.models.copying import copy_settings
from chat.models.identifiers import new_id
from chat.sharing.links import create, hash_of
from chat.sharing.options import Options

from .addresses import TOKEN


def rows_of(alice: Any, word: str) -> dict[str, Any]:
    """One of each, with this word in all that a page could show of it."""
    provider = Provider.objects.create(
        name="Private", base_url=f"https://{word}.test/v1".lower(), owner=alice
    )
    LanguageModel.objects.create(provider=provider, name="m", type="chat")
    conversation = Conversation.objects.create(
        owner=alice, title=f"{word} talk", provider=provider, model="m"
    )
    generation = Generation.objects.create(
        owner=alice, conversation=conversation, model="m", status="finished", provider=provider
    )
    question = Message.objects.create(
        conversation=conversation, role=Role.USER, parts=[text(f"{word} question")]
    )
    answer = Message.objects.create(
        conversation=conversation, parent=question, role=Role.ASSISTANT, generation=generation,
        parts=[text(f"{word} answer")],
    )  # fmt: skip
    conversation.show(answer)
    preset = Preset.objects.create(owner=alice, name=f"{word} preset")
    prompt = Prompt.objects.create(owner=alice, name=f"{word} prompt")
    version = prompt.save_version(f"{word} text", [])
    vote = Vote.objects.create(
        owner=alice, contestants=[{"model": f"{word} model", "provider": "Private"}] * 2
    )
    share = share_of(alice)
    comparison = compare(alice, [conversation, copy_settings(conversation)], f"{word} comparison")
    folder, tag = (
        Folder.objects.create(owner=alice, name=f"{word} folder"),
        Tag.objects.create(owner=alice, name=f"{word}-hush".lower()),
    )
    act = HistoryAct.objects.create(id=uuid4(), owner=alice, act="archive", said=f"{word} archived")
    transfer = Transfer.objects.create(
        owner=alice, kind="import", name=f"{word} file", lease_until=timezone.now()
    )
    return {
        "transfer": transfer,
        "folder": folder, "tag": tag, "history_act": act,
        "conversation": conversation, "message": answer, "generation": generation, "comparison": comparison,
        "pane": comparison.shown_panes()[0],
        "provider": provider, "preset": preset, "prompt": prompt, "vote": vote, "share": share,
        "prompt_version": version,
    }  # fmt: skip


def share_of(owner: Any) -> Share:
    """Of something that everybody may read."""
    chat = Conversation.objects.create(owner=owner, title="Open talk", model="m")
    said = Message.objects.create(conversation=chat, role=Role.USER, parts=[text("Open question")])
    chat.show(said)
    share, _ = create(owner, new_id(), chat, Options(), None)
    if not Share.objects.filter(token_hash=hash_of(TOKEN)).exists():
        Share.objects.filter(pk=share.pk).update(token_hash=hash_of(TOKEN))
    return share


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}
