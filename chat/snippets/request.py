"""What every language writes about: where to, with which key, and what."""

from collections.abc import Mapping
from dataclasses import dataclass

PATH = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Request:
    """`key_variable` is empty if no key is to be sent. `body` is JSON's kinds of values and nothing else."""

    url: str
    body: Mapping[str, object]
    key_variable: str

    @property
    def base_url(self) -> str:
        return self.url.removesuffix(PATH)

    @property
    def is_streamed(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def is_plain(self) -> bool:
        """Whether the words of one answer are all that there is to print."""
        return self.body.get("n") in (None, 1) and not (self.body.get("tools") or self.body.get("functions"))


def streamed(body: Mapping[str, object], on: bool) -> dict[str, object]:
    """The same request, streamed or not. `stream_options` may not stand in one that is not."""
    changed = {**body, "stream": on}
    if not on:
        changed.pop("stream_options", None)
    return changed
