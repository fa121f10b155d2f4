"""A run that outlives its socket: start, stop, the log, the writer, recovery.

begin      in the transaction of a command: the rows of a new generation
launch     after it: the task that the server owns
stop       from any tab, any process
Cursor     the reading half: a reader's place in a generation's log
"""

from .begin import Closing, Nothing, begin, begin_again
from .cursor import Cursor
from .engine import engine
from .registry import launch, shut_down, stop

__all__ = ["Closing", "Cursor", "Nothing", "begin", "begin_again", "engine", "launch", "shut_down", "stop"]
