"""The list of chats and comparisons, and what is done to its entries: docs/history.md.

pages  the list, newest first, by day
acts   what is done to entries, one or thousands, and its undo
forms  what may be typed about them
"""

from .pages import (
    CONVERSATIONS_ON_A_PAGE,
    MOST_AT_ONCE,
    Entry,
    Filter,
    HistoryPage,
    filter_of,
    page_of,
    rows_of,
)

__all__ = [
    "CONVERSATIONS_ON_A_PAGE",
    "MOST_AT_ONCE",
    "Entry",
    "Filter",
    "HistoryPage",
    "filter_of",
    "page_of",
    "rows_of",
]
