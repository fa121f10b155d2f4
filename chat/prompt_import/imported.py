"""What was read, and what could not be."""

from dataclasses import dataclass, field

from chat.placeholders import Variable

MOST_BYTES = 2_000_000
MOST_NAMED = 20


class Unreadable(ValueError):
    """This is no prompt. The message says what was looked for, and never repeats what was pasted."""


@dataclass(frozen=True, slots=True)
class ImportedVersion:
    text: str
    variables: list[Variable]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """`name` is empty where there was none. `left_out` names what was found beside the prompt and is not kept."""

    kind: str
    versions: list[ImportedVersion]
    name: str = ""
    left_out: list[str] = field(default_factory=list)

    @property
    def words_left_out(self) -> str:
        named = self.left_out[:MOST_NAMED]
        more = len(self.left_out) - len(named)
        return ", ".join([*named, *([f"{more} more"] if more else [])])
