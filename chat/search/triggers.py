"""What changed is noted by the database itself, so no way of changing something can forget it.

An answer that is still being written is not noted, however often it is saved: it is when it has ended.

They are made after every migration that changed something, and taken away before: where SQLite alters a table it makes
it anew, without its triggers, and stumbles over those of others that name it.
"""

from typing import Any

from django.db import connections

_MESSAGE = (
    "role", "parts", "tool_calls", "generation_id", "copy_of_id", "finish_reason", "imported_facts", "starred",
    "deleted_at", "created_at", "conversation_id",
)  # fmt: skip
_CONVERSATION = ("title", "system_prompt", "notes", "blind", "listed", "created_at")
_COMPARISON = ("title", "notes", "created_at")
_GENERATION = ("status", "cost", "usage", "estimate", "error")

_STILL_WRITTEN = (
    "EXISTS (SELECT 1 FROM chat_generation g WHERE g.id = NEW.generation_id AND g.status = 'running')"
)
# Names of our own tables and columns, and nothing from outside.
_NOTE = "INSERT INTO chat_noted (owner_id, kind, target)"
_NOTE_MESSAGE = (
    f"{_NOTE} SELECT c.owner_id, 'message', NEW.id FROM chat_conversation c WHERE c.id = NEW.conversation_id;"  # noqa: S608
)
_NOTE_ANSWERS = (
    f"{_NOTE} SELECT NEW.owner_id, 'message', m.id FROM chat_message m WHERE m.generation_id = NEW.id;"  # noqa: S608
)
_NOTE_ALL_SAID = (
    f"{_NOTE} SELECT NEW.owner_id, 'message', m.id FROM chat_message m WHERE m.conversation_id = NEW.id;"  # noqa: S608
)


def _note(kind: str) -> str:
    return f"{_NOTE} VALUES (NEW.owner_id, '{kind}', NEW.id);"


def _forget(of: str) -> str:
    return f"DELETE FROM chat_document WHERE {of}_id = "  # noqa: S608


# Name, table, what happens there, when, and what is done then.
Trigger = tuple[str, str, str, str, str]


def _triggers(changed: str) -> list[Trigger]:
    """`changed` says of a column that it is another one now: each database has its own words for that."""

    def any_of(columns: tuple[str, ...]) -> str:
        return " OR ".join(changed.format(column) for column in columns)

    there = f"NEW.deleted_at IS NULL AND NOT {_STILL_WRITTEN}"
    return [
        ("message_new", "message", "INSERT", there, _NOTE_MESSAGE),
        ("message_set", "message", f"UPDATE OF {', '.join(_MESSAGE)}", there, _NOTE_MESSAGE),
        ("message_out", "message", "UPDATE OF deleted_at", "NEW.deleted_at IS NOT NULL",
         f"{_forget('message')} NEW.id; {_NOTE_MESSAGE}"),
        ("message_gone", "message", "DELETE", "", f"{_forget('message')} OLD.id;"),
        ("generation_end", "generation", f"UPDATE OF {', '.join(_GENERATION)}",
         f"NEW.status <> 'running' AND ({any_of(_GENERATION)})", _NOTE_ANSWERS),
        ("conversation_new", "conversation", "INSERT", "", _note("conversation")),
        ("conversation_set", "conversation", f"UPDATE OF {', '.join(_CONVERSATION)}", any_of(_CONVERSATION),
         _note("conversation")),
        ("conversation_told", "conversation", "UPDATE OF blind", changed.format("blind"), _NOTE_ALL_SAID),
        ("conversation_gone", "conversation", "DELETE", "", f"{_forget('conversation')} OLD.id;"),
        ("comparison_new", "comparison", "INSERT", "", _note("comparison")),
        ("comparison_set", "comparison", f"UPDATE OF {', '.join(_COMPARISON)}", any_of(_COMPARISON),
         _note("comparison")),
        ("comparison_gone", "comparison", "DELETE", "", f"{_forget('comparison')} OLD.id;"),
    ]  # fmt: skip


# Noted last, the titles come first: whatever is noted last is.
_NOTE_MISSING = (
    f"""{_NOTE} SELECT c.owner_id, 'message', m.id FROM chat_message m
        JOIN chat_conversation c ON c.id = m.conversation_id LEFT JOIN chat_document d ON d.message_id = m.id
        WHERE d.id IS NULL AND m.deleted_at IS NULL ORDER BY m.id""",  # noqa: S608
    *(
        f"""{_NOTE} SELECT e.owner_id, '{kind}', e.id FROM chat_{kind} e
        LEFT JOIN chat_document d ON d.{kind}_id = e.id AND d.message_id IS NULL
        WHERE d.id IS NULL ORDER BY e.id"""  # noqa: S608
        for kind in ("comparison", "conversation")
    ),
)


def install(using: str) -> None:
    """All of them, unless they are there. What came while they were not is noted now; at first that is all."""
    connection = connections[using]
    vendor = _Postgres if connection.vendor == "postgresql" else _Sqlite
    with connection.cursor() as cursor:
        cursor.execute(vendor.THERE)
        names = {name for (name,) in cursor.fetchall()}
        new = [trigger for trigger in vendor.triggers() if f"search_{trigger[0]}" not in names]
        for statement in (each for trigger in new for each in vendor.statements(*trigger)):
            cursor.execute(statement)
        for statement in _NOTE_MISSING if new else ():
            cursor.execute(statement)


def remove(using: str) -> None:
    connection = connections[using]
    vendor = _Postgres if connection.vendor == "postgresql" else _Sqlite
    with connection.cursor() as cursor:
        cursor.execute(vendor.THERE)
        names = {name for (name,) in cursor.fetchall()}
        for name, table, *_ in vendor.triggers():
            if f"search_{name}" in names:
                cursor.execute(vendor.drop(name, table))


class _Sqlite:
    THERE = "SELECT name FROM sqlite_master WHERE type = 'trigger'"

    @staticmethod
    def triggers() -> list[Trigger]:
        return _triggers("OLD.{0} IS NOT NEW.{0}")

    @staticmethod
    def statements(name: str, table: str, event: str, when: str, act: str) -> list[str]:
        condition = f"WHEN {when} " if when else ""
        return [f"CREATE TRIGGER search_{name} AFTER {event} ON chat_{table} {condition}BEGIN {act} END"]

    @staticmethod
    def drop(name: str, table: str) -> str:
        return f"DROP TRIGGER search_{name}"


class _Postgres:
    THERE = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"

    @staticmethod
    def triggers() -> list[Trigger]:
        return _triggers("OLD.{0} IS DISTINCT FROM NEW.{0}")

    @staticmethod
    def statements(name: str, table: str, event: str, when: str, act: str) -> list[str]:
        # A condition that looks into another table may not stand in the trigger itself.
        guarded = f"IF {when} THEN {act} END IF;" if when else act
        return [
            f"CREATE OR REPLACE FUNCTION search_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {guarded} RETURN NULL; END $$",
            f"CREATE TRIGGER search_{name} AFTER {event} ON chat_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION search_{name}()",
        ]

    @staticmethod
    def drop(name: str, table: str) -> str:
        return f"DROP TRIGGER search_{name} ON chat_{table}"


def before_migrating(using: str, plan: Any = (), **_: Any) -> None:
    if plan:
        remove(using)


def after_migrating(using: str, **_: Any) -> None:
    # Not so after a migration back to before there was a search.
    if "chat_noted" in connections[using].introspection.table_names():
        install(using)
