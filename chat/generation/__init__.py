"""A run that outlives its socket: start, stop, the log, the writer, recovery.

begin      in the transaction of a command: the rows of a new generation
go_on      as begin, from where an answer ended
launch     after it: the task that the server owns
stop       from any tab, any process
begin_unsaved, events_of   an answer that is stored nowhere
Cursor     the reading half: a reader's place in a generation's log
"""

from .begin import Closing, Nothing, begin, begin_again
from .continuing import begin_with, go_on, use_as_whole
from .cursor import Cursor
from .engine import engine
from .registry import launch, shut_down, stop
from .unsaved import begin_unsaved, events_of

__all__ = [
    "Closing",
    "Cursor",
    "Nothing",
    "begin",
    "begin_again",
    "begin_unsaved",
    "begin_with",
    "engine",
    "events_of",
    "go_on",
    "launch",
    "shut_down",
    "stop",
    "use_as_whole",
]
