"""The tables, and the verbs of the domain."""

from .budget import Budget
from .charge import Charge
from .command import Command, CommandConflict
from .comparison import FEWEST_PANES, MOST_PANES, Comparison, Pane
from .conversation import Conversation
from .document import Document, Facet, Kind, Noted
from .exchange import Exchange
from .folder import Folder
from .generation import Generation, Status
from .history_act import HistoryAct
from .language_model import LanguageModel
from .message import Message, Role
from .pinned_model import PinnedModel
from .preset import Preset
from .prompt import Prompt, PromptVersion
from .provider import Provider
from .share import Share
from .tag import Tag
from .transfer import Transfer
from .vote import Vote

__all__ = [
    "FEWEST_PANES",
    "MOST_PANES",
    "Budget",
    "Charge",
    "Command",
    "CommandConflict",
    "Comparison",
    "Conversation",
    "Document",
    "Exchange",
    "Facet",
    "Folder",
    "Generation",
    "HistoryAct",
    "Kind",
    "LanguageModel",
    "Message",
    "Noted",
    "Pane",
    "PinnedModel",
    "Preset",
    "Prompt",
    "PromptVersion",
    "Provider",
    "Role",
    "Share",
    "Status",
    "Tag",
    "Transfer",
    "Vote",
]
