"""Conversations as files. docs/export.md says what stands in them."""
