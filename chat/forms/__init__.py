"""What people may type. Every error says what is wrong and stands beside its field.

fields     text as it was typed
messages   what is done to messages: said, edited, moved
settings   a conversation beside its messages
providers  where models are, and the key
prompts    saved prompts
checking   what is wrong, for a place that has room for one sentence
"""

from .checking import check, first_error
from .fields import LONGEST_TEXT, WrittenText
from .messages import (
    AdditionForm,
    BranchForm,
    CommandForm,
    EditForm,
    MessageForm,
    OriginalForm,
    PlaceForm,
    RegenerateForm,
    RoleForm,
)
from .providers import ADDRESS_TAKEN, ProviderForm
from .settings import TYPED, BudgetForm, ModelForm, PageForm, PresetForm, SettingsForm, TitleForm

__all__ = [
    "ADDRESS_TAKEN",
    "LONGEST_TEXT",
    "TYPED",
    "AdditionForm",
    "BranchForm",
    "BudgetForm",
    "CommandForm",
    "EditForm",
    "MessageForm",
    "ModelForm",
    "OriginalForm",
    "PageForm",
    "PlaceForm",
    "PresetForm",
    "ProviderForm",
    "RegenerateForm",
    "RoleForm",
    "SettingsForm",
    "TitleForm",
    "WrittenText",
    "check",
    "first_error",
]
