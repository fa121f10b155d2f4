"""Measures the playground against bare programs that run beside it: docs/benchmarks.md says how and what came out.

    python -m bench [row names] [--quick] [--list]

Each row is a ratio of two figures from one run on one machine, because a ratio carries over and a millisecond does not.
The bare programs are `relay.py` (Channels and the same provider transport, no database, no page) and `page.py` (Django,
Channels and htmx, one page).
"""
