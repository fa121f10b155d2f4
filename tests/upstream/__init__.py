r"""A scripted upstream: a real HTTP server that says exactly what a test tells it to say.

In a test, in a thread of its own:

    with Upstream() as upstream:
        upstream.script(stream("Hello", " world"))                 # for the next request
        upstream.script(reply(429, {"error": "slow"}), model="m")  # for the next request of this model
        ...                                                        # base URL: upstream.base_url
        request = upstream.requests[0]            # method, path, headers, raw, body, time, closed_at
        upstream.wait_for_requests(1)             # that many have come, in all
        assert upstream.wait_for_close(request)   # the client went away early
        upstream.sent_text(request)               # the text that was really written

Scripts are used up in the order given: first those for the request's model, then those for its path,
then the others. `repeat=True` keeps one, `drop_scripts()` forgets all. With no script left, the answer
is the last user message, word by word, unless the model id gives instructions (below).
`GET /v1/models` answers `upstream.models`.

A Script is a list of steps, so anything can be said at any pace:

    Head(status, headers, framing)   status line and headers; "chunked" (default), "length:N" or "close"
    Event(data)                      one event; what is no text becomes JSON
    Say(text, choice)                one text chunk, and a record of its text as sent
    Tokens(tokens, speed, choices)   many of them, so many a second
    Finish(reason, choices, tokens)  finish reasons, and the usage where the request wants it
    Done()                           the [DONE] event
    Send(data)                       bytes, framed as one HTTP chunk
    Raw(data)                        bytes as they are
    Drip(data, size)                 bytes in HTTP chunks of this size, each sent by itself
    Pause(seconds)                   real time
    Gate()                           waits for the test's `open()`; `wait_until_reached()` waits for it
    Cut()  Reset()                   ends the connection by FIN or RST
    Hang()                           says nothing more until the client leaves
    Endless(step)                    a step for ever

`stream(...)`, `events(...)`, `body(...)` and `reply(...)` in `scripts.py` make the usual ones.

By itself, for browsers and for servers in other processes:

    python -m tests.upstream --port 9000 --tokens 500 --speed 50

prints its base URL and serves until it is interrupted. Model ids give instructions as pairs joined by
dashes, such as `tokens-500-speed-50-seed-7`:

    tokens     how many (100)             cut, reset, hang, fail   how it ends after so many tokens:
    speed      a second; 0 is no pause                             FIN, RST, silence, an error event
    seed       which text (1)             error                    an HTTP status instead of an answer
    reasoning  tokens of it before        delay                    milliseconds before the headers

The text mixes scripts, emoji, Markdown and U+2028. The same seed gives the same text, and token k does
not depend on how many follow. `GET /sent?model=tokens-500-speed-50-seed-7&n=0`, at the root or below
`/v1`, answers `{"model", "text", "requests": [{"sent", "closed", "finished"}]}`: the text of a full
answer, and what was written for each request of that model so far (or for number n alone).
"""

from .scripts import body, events, reply, stream
from .server import Request, Upstream
from .steps import (
    Cut,
    Done,
    Drip,
    Endless,
    Event,
    Finish,
    Gate,
    Hang,
    Head,
    Pause,
    Raw,
    Reset,
    Say,
    Script,
    Send,
    Step,
    Tokens,
)
from .tokens import text_of, tokens_of

__all__ = [
    "Cut",
    "Done",
    "Drip",
    "Endless",
    "Event",
    "Finish",
    "Gate",
    "Hang",
    "Head",
    "Pause",
    "Raw",
    "Request",
    "Reset",
    "Say",
    "Script",
    "Send",
    "Step",
    "Tokens",
    "Upstream",
    "body",
    "events",
    "reply",
    "stream",
    "text_of",
    "tokens_of",
]
