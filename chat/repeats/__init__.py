"""Answers to one request, compared: which are the same, how many fit a schema, and their figures. PURE."""
