"""The tables, and the verbs of the domain."""

from .budget import Budget
from .charge import Charge
from .command import Command, CommandConflict
from .conversation import Conversation
from .exchange import Exchange
from .generation import Generation, Status
from .language_model import LanguageModel
from .message import Message, Role
from .pinned_model import PinnedModel
from .preset import Preset
from .prompt import Prompt, PromptVersion
from .provider import Provider

__all__ = [
    "Budget",
    "Charge",
    "Command",
    "CommandConflict",
    "Conversation",
    "Exchange",
    "Generation",
    "LanguageModel",
    "Message",
    "PinnedModel",
    "Preset",
    "Prompt",
    "PromptVersion",
    "Provider",
    "Role",
    "Status",
]
