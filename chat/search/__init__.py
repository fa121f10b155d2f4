"""Search over titles, system prompts, notes and messages, by the database's own full text (docs/search.md)."""
