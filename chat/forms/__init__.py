"""What people may type. Every error says what is wrong and stands beside its field.

messages  of conversations, their messages and settings, and of providers
prompts   of saved prompts
"""

from .messages import (
    ADDRESS_TAKEN,
    LONGEST_TEXT,
    TYPED,
    AdditionForm,
    BranchForm,
    BudgetForm,
    CommandForm,
    EditForm,
    MessageForm,
    ModelForm,
    OriginalForm,
    PageForm,
    PlaceForm,
    PresetForm,
    ProviderForm,
    RegenerateForm,
    RoleForm,
    SettingsForm,
    TitleForm,
    WrittenText,
    check,
    first_error,
)

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
