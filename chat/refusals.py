"""A command that cannot be done: what to tell the person. chat.middleware turns it into an answer."""


class Refused(Exception):
    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Unexplained(Refused):
    """In a blind round: neither why nor of which answer may be said."""

    def __init__(self) -> None:
        super().__init__("Not sent: a model cannot be asked now. Reveal the round to see why.", status=409)


def refuse_blind(is_blind: bool) -> None:
    """What would tell which model it is, before the reveal."""
    if is_blind:
        raise Refused("This is a blind round: reveal it first.", status=403)
