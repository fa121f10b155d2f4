"""One choice of an answer: what each of its chunks says."""

import re
from collections.abc import Iterator

from .characters import Joiner, Tally, clean, clean_json
from .events import Annotation, Event, Finish, Image, Logprobs, Reasoning, Refusal, Text
from .finishes import normalise_finish
from .logprobs import read_logprobs
from .tags import Splitter
from .tool_calls import Assembly

Json = dict[str, object]

PLAIN = frozenset(("content", "role", "token_id"))
REASONING = ("reasoning", "reasoning_content")
WEIGHT = 100
IMAGE_URL = re.compile(r"data:image/(png|jpeg|webp|gif);base64,|https://", re.IGNORECASE)


class Choice:
    """Reads the chunks of one choice. `begun` is true as soon as it said something."""

    __slots__ = (
        "_number",
        "_reasoning",
        "_refusal",
        "_splitter",
        "_tally",
        "_text",
        "begun",
        "finish",
        "tools",
    )

    def __init__(self, number: int, tally: Tally, *, split_tags: bool) -> None:
        self._number = number
        self._tally = tally
        self._text = Joiner(tally)
        self._reasoning = Joiner(tally)
        self._refusal = Joiner(tally)
        self._splitter = Splitter(number) if split_tags else None
        self.tools = Assembly(number, tally)
        self.finish: str | None = None
        self.begun = False

    def read(self, choice: Json, finish: object) -> list[Event]:
        delta = choice.get("delta")
        # The fast path: nearly every chunk of every stream ends here.
        if type(delta) is dict and delta.keys() <= PLAIN and type(content := delta.get("content")) is str:
            events = self._say(content)
        else:
            events = self._read_all(choice)
        logprobs = choice.get("logprobs")
        if logprobs is not None:
            self._weigh(str(logprobs))
            tokens = read_logprobs(logprobs, choice, _text_of(choice))
            events += [Logprobs(tokens, self._number)] if tokens else []
        if finish and isinstance(finish, str):
            events += self.end(finish)
        if events:
            self.begun = True
        return events

    def end(self, finish: str) -> list[Event]:
        """The choice is over, in the provider's word. Only the first such word counts."""
        events = self.flush()
        if self.finish is None:
            raw = clean(finish)
            self.finish = normalise_finish(raw or "stop", called_tools=bool(self.tools.calls))
            events.append(Finish(self.finish, raw, self._number))
        return events

    def flush(self) -> list[Event]:
        """What was held back because it might not have been whole."""
        events: list[Event] = []
        if rest := self._reasoning.end():
            events.append(Reasoning(rest, self._number))
        if rest := self._text.end():
            events += self._split(rest)
        if self._splitter:
            events += self._splitter.end()
        if rest := self._refusal.end():
            events.append(Refusal(rest, self._number))
        return events + list(self.tools.end())

    def _say(self, content: str) -> list[Event]:
        text = self._text.join(content) if content else ""
        return self._split(text) if text else []

    def _split(self, text: str) -> list[Event]:
        if self._splitter is None:
            return [Text(text, self._number)]
        return list(self._splitter.feed(text))

    def _think(self, reasoning: str) -> list[Event]:
        events: list[Event] = list(self._splitter.stop()) if self._splitter else []
        text = self._reasoning.join(reasoning)
        return [*events, Reasoning(text, self._number)] if text else events

    def _read_all(self, choice: Json) -> list[Event]:
        whole = isinstance(choice.get("message"), dict)
        delta = choice.get("message") if whole else choice.get("delta")
        delta = delta if isinstance(delta, dict) else {}
        reasoning = find_reasoning(delta)
        events = self._think(reasoning) if reasoning else []
        content = delta.get("content")
        if isinstance(content, list):
            for part in content:
                events += self._read_part(part, thinking=not reasoning)
        elif isinstance(content, str):
            events += self._say(content)
        elif not reasoning and "content" not in delta and isinstance(text := choice.get("text"), str):
            events += self._say(text)
        events += self._read_extras(delta, whole=whole)
        return events

    def _read_part(self, part: object, *, thinking: bool) -> list[Event]:
        """One part of a content that is a list. `thinking`: its reasoning came by no other way."""
        if isinstance(part, str):
            return self._say(part)
        if not isinstance(part, dict):
            return []
        if isinstance(text := part.get("text"), str):
            return self._say(text)
        if part.get("type") == "thinking":
            inner = part.get("thinking")
            pieces = inner if isinstance(inner, list) else [{"text": inner}]
            text = "".join(_texts(pieces, "text"))
            return self._think(text) if text and thinking else []
        return self._read_images([part])

    def _read_extras(self, delta: Json, *, whole: bool) -> list[Event]:
        events: list[Event] = []
        if isinstance(refusal := delta.get("refusal"), str) and (refused := self._refusal.join(refusal)):
            events.append(Refusal(refused, self._number))
        for fragment in _dicts(delta.get("tool_calls")):
            if call := self.tools.add(fragment, whole=whole):
                events.append(call)
        if isinstance(old := delta.get("function_call"), dict) and (
            call := self.tools.add({"index": 0, "function": old})
        ):
            events.append(call)
        for annotation in _dicts(delta.get("annotations")):
            self._weigh(str(annotation))
            data = clean_json(annotation)
            events += [Annotation(data, self._number)] if isinstance(data, dict) else []
        return events + self._read_images(_dicts(delta.get("images")))

    def _read_images(self, parts: list[Json]) -> list[Event]:
        events: list[Event] = []
        for part in parts:
            image = part.get("image_url")
            url = image.get("url") if isinstance(image, dict) else image
            if isinstance(url, str) and IMAGE_URL.match(url):
                self._weigh(url)
                events.append(Image(clean(url), self._number))
        return events

    def _weigh(self, text: str) -> None:
        self._tally.bytes += WEIGHT + len(text)


def find_reasoning(delta: Json) -> str:
    """The reasoning of a chunk by the first carrier that has any: some providers send it twice."""
    for key in REASONING:
        if isinstance(text := delta.get(key), str) and text:
            return text
    return "".join(_texts(_dicts(delta.get("reasoning_details")), "text", "summary"))


def _texts(items: list[Json], *keys: str) -> Iterator[str]:
    for item in _dicts(items):
        yield from (text for key in keys if isinstance(text := item.get(key), str))


def _text_of(choice: Json) -> str:
    delta = choice.get("delta")
    content = delta.get("content") if isinstance(delta, dict) else None
    text = choice.get("text") if content is None else content
    return text if isinstance(text, str) else ""


def _dicts(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
