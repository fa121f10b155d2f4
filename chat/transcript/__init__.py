"""What a page shows of a conversation, and what has to change in it: docs/transcript.md.

pages          a part of the shown branch: its end, around a message, above or below one
changes        from the branch that was shown to the one that is
held           what a page holds, as it says itself, and what is otherwise now
continuations  what goes on from an answer, and whether a model can go on from its end
"""

from .changes import Change, change_from
from .pages import (
    MESSAGES_IN_A_PANE,
    MESSAGES_ON_A_PAGE,
    Page,
    last_call,
    newest_page,
    opening_page,
    page_after,
    page_around,
    page_up_to,
    turn_of,
)

__all__ = [
    "MESSAGES_IN_A_PANE",
    "MESSAGES_ON_A_PAGE",
    "Change",
    "Page",
    "change_from",
    "last_call",
    "newest_page",
    "opening_page",
    "page_after",
    "page_around",
    "page_up_to",
    "turn_of",
]
