"""The list of chats and comparisons, and what is done to its entries: docs/history.md.

filters   which entries are shown
pages     the list, newest first, by day
choosing  the entries that something is to be done to
acts      what is done to them, one or thousands: one command
changing  a field or a tag of many
deleting  many at once, with what goes along
undoing   each gets back what it had
details   what its owner says about one, stored as far as it was changed in the dialog
forms     what may be typed about an entry
"""

from .filters import Filter, filter_of, rows_of
from .pages import CONVERSATIONS_ON_A_PAGE, MOST_AT_ONCE, Entry, HistoryPage, page_of

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
