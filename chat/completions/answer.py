"""The answer as it comes together: messages in, events out, and in the end whether it is whole."""

import json
from typing import cast

import orjson
from httpx_sse import ServerSentEvent

from .characters import Tally, clean
from .choice import Choice
from .errors import AnswerDamaged, AnswerTooLong, EmptyAnswer, StreamFailed, StreamInterrupted
from .events import Answered, Event, Logprobs
from .logprobs import read_token
from .usage import find_usage, read_usage
from .words import decode, words_in

Json = dict[str, object]

MOST_DAMAGE = 20
LARGEST_INDEX = 2**31
LONGEST_NAME = 300
DONE = ("[DONE]", '"[DONE]"')


class Answer:
    """Reads the messages of one stream.

    `begun` is true once anything was said, `done` once the provider said that nothing follows.
    """

    def __init__(
        self, host: str, key: str, most_bytes: int, *, split_tags: bool, wants_logprobs: bool
    ) -> None:
        self.begun = False
        self.done = False
        self._host = host
        self._key = key
        self._most_bytes = most_bytes
        self._split_tags = split_tags
        self._wants_logprobs = wants_logprobs
        self._tally = Tally()
        self._choices: dict[int, Choice] = {}
        self._answered = False
        self._usage: Json | None = None
        self._damaged = 0

    @property
    def is_whole(self) -> bool:
        """True if every choice that began has ended well, and nothing is missing."""
        ends = [choice.finish for choice in self._choices.values()]
        return bool(ends) and None not in ends and "error" not in ends and not self._damaged

    def take(self, message: ServerSentEvent) -> list[Event]:
        """What this message says. Raises StreamFailed for an error object, AnswerTooLong past the limit."""
        try:
            chunk = orjson.loads(message.data)
        except ValueError:
            return self._take_odd(message.data, message.event)
        if type(chunk) is not dict:
            return self._take_odd(message.data, message.event) if type(chunk) is str else []
        try:
            return self._read(chunk, message.event)
        except RecursionError:
            return self._skip_damage()

    def flush(self) -> list[Event]:
        """What was held back, and the usage: the last events of an answer that ends too early."""
        events = [event for choice in self._choices.values() for event in choice.flush()]
        if self._usage is not None:
            usage, self._usage = self._usage, None
            events.append(cast(Event, read_usage(usage)))
        return events

    def end(self) -> list[Event]:
        """The last events of a stream that closed. An end marker ends the choices that named no reason."""
        events: list[Event] = []
        if self.done:
            for choice in self._choices.values():
                events += [] if choice.finish else choice.end("")
        return events + self.flush()

    def check(self) -> None:
        """Raises if the closed stream was not a whole answer."""
        if self._damaged:
            raise AnswerDamaged(
                f"Parts of the answer from {self._host} could not be read and are missing here "
                f"({self._damaged} of them). Regenerate it to be sure of the text."
            )
        if not self.begun:
            raise EmptyAnswer(
                f"{self._host} answered with nothing at all. Often the conversation is too long for "
                "the model, or the server failed without saying so."
            )
        if any(choice.finish == "error" for choice in self._choices.values()):
            raise StreamFailed(f"{self._host} gave up in the middle of the answer. What came is kept.")
        if any(choice.finish is None for choice in self._choices.values()):
            raise StreamInterrupted(
                f"{self._host} ended the stream before the answer was complete. "
                "What came is kept; continue from it."
            )

    def _take_odd(self, data: str, name: str) -> list[Event]:
        """What is no plain JSON: an end marker, NaN, half a character, lost blank lines, a ping."""
        text = data.strip()
        if text.startswith(DONE):
            self.done = True
            return []
        try:
            chunk = decode(text)
        except ValueError:
            return self._take_unreadable(text, name)
        return self._read(chunk, name) if isinstance(chunk, dict) else []

    def _take_unreadable(self, text: str, name: str) -> list[Event]:
        if name == "error":
            raise self._failure({"error": text})
        if "\n" in text:
            # A proxy lost the blank lines between events: each line is one.
            lines = text.split("\n")
            return [event for line in lines if not self.done for event in self._take_odd(line, name)]
        return self._skip_damage() if text.startswith("{") else []

    def _skip_damage(self) -> list[Event]:
        self._damaged += 1
        if self._damaged > MOST_DAMAGE:
            self.check()
        return []

    def _read(self, chunk: Json, name: str) -> list[Event]:
        choices = chunk.get("choices")
        if not choices or "error" in chunk:
            self._look_for_error(chunk, name)
        events: list[Event] = [] if self._answered else self._introduce(chunk)
        if type(choices) is list:
            for choice in choices:
                if isinstance(choice, dict):
                    events += self._read_choice(choice, chunk)
        if (usage := find_usage(chunk)) is not None:
            self._usage = {**self._usage, **usage} if self._usage else usage
        if self._tally.bytes > self._most_bytes:
            raise AnswerTooLong(
                f"The answer from {self._host} grew beyond {self._most_bytes:,} bytes and was ended. "
                "What came is kept."
            )
        return events

    def _read_choice(self, choice: Json, chunk: Json) -> list[Event]:
        index = choice.get("index")
        number = index if type(index) is int and 0 <= index < LARGEST_INDEX else 0
        reader = self._choices.get(number)
        if reader is None:
            self._tally.bytes += 100
            reader = self._choices[number] = Choice(number, self._tally, split_tags=self._split_tags)
        if choice.get("error"):
            raise self._failure(choice)
        events = reader.read(choice, choice.get("finish_reason") or chunk.get("finish_reason"))
        if reader.begun:
            self.begun = True
        if self._wants_logprobs and "token" in chunk and (tokens := read_token(chunk["token"])):
            events.append(Logprobs(tokens, number))
        if "message" in choice and reader.finish is None:
            self.done = True
        return events

    def _introduce(self, chunk: Json) -> list[Event]:
        id, model = (
            clean(v)[:LONGEST_NAME] if isinstance(v := chunk.get(k), str) else "" for k in ("id", "model")
        )
        self._answered = bool(id or model)
        return [Answered(id, model)] if self._answered else []

    def _look_for_error(self, chunk: Json, name: str) -> None:
        groq = chunk.get("x_groq")
        if isinstance(groq, dict) and groq.get("error"):
            raise self._failure(groq)
        told = bool(chunk.get("error")) or chunk.get("object") == "error" or name == "error"
        if told or ("detail" in chunk and "choices" not in chunk):
            raise self._failure(chunk)

    def _failure(self, value: Json) -> StreamFailed:
        words = words_in(value, self._key)
        status = int(words.code) if words.code.isdecimal() and len(words.code) == 3 else None
        refused = status is not None and 400 <= status < 500 and status not in (408, 409, 429)
        return StreamFailed(
            f"{self._host} reported an error instead of the rest of the answer.",
            said=words.said or json.dumps(value)[:300],
            status=status,
            code=words.code or None,
            retryable=not refused,
        )
