"""A file that cannot be imported. PURE."""


class CannotRead(Exception):
    """The words are for the person whose file it is."""
