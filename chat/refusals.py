"""A command that cannot be done: what to tell the person. chat.middleware turns it into an answer."""


class Refused(Exception):
    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
