"""What transports raise, in words. A refused connection arrives as a timeout here: the cause tells.

The faults themselves are not kept: some hold the headers of the request, and so the key.
"""

import asyncio
import ssl

import aiohttp
import httpx

from .errors import CompletionError, StreamInterrupted, TimedOut, Unreachable

# What a transport may raise. ValueError: headers or addresses that it will not send.
FAULTS = (
    httpx.HTTPError,
    httpx.StreamError,
    httpx.InvalidURL,
    aiohttp.ClientError,
    OSError,
    EOFError,
    ValueError,
)

NO_HTTP = (aiohttp.ClientResponseError, httpx.ProtocolError, httpx.InvalidURL, ValueError)
NO_NAME = (aiohttp.ClientConnectorDNSError,)
NOTHING_THERE = (aiohttp.ClientConnectorError, ConnectionRefusedError, httpx.ConnectError)
NOT_SECURE = (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError, ssl.SSLError)
TIMEOUTS = (aiohttp.ServerTimeoutError, asyncio.TimeoutError)


def not_connected(fault: Exception, host: str, timed_out: TimedOut) -> CompletionError:
    """The error for a request without response headers. `timed_out`: what to say if it was the clock."""
    cause = fault.__cause__ or fault
    if isinstance(cause, TIMEOUTS) or (isinstance(fault, httpx.TimeoutException) and cause is fault):
        return timed_out
    error = _unreachable(fault, cause, host)
    error.add_note(f"{type(fault).__name__} from {type(cause).__name__}")
    return error


def cut_off(fault: Exception, host: str) -> StreamInterrupted:
    """The error for a stream whose connection broke."""
    what = f"The connection to {host} broke before the answer was complete."
    if isinstance(fault, httpx.DecodingError):
        what = f"The stream from {host} is wrongly compressed and cannot be read any further."
    error = StreamInterrupted(f"{what} What came is kept.")
    error.add_note(f"{type(fault).__name__} from {type(fault.__cause__).__name__}")
    return error


def _unreachable(fault: Exception, cause: BaseException, host: str) -> Unreachable:
    if isinstance(cause, NOT_SECURE):
        return Unreachable(
            f"There is no secure connection to {host}: its certificate or encryption is not accepted. "
            "Check that the base URL begins with the right one of http:// and https://.",
            retryable=False,
        )
    if isinstance(fault, NO_HTTP) or isinstance(cause, NO_HTTP):
        return Unreachable(
            f"What answers at {host} does not speak HTTP. Check the base URL.", retryable=False
        )
    if isinstance(cause, NO_NAME):
        return Unreachable(
            f"Cannot reach {host}: there is no such name. Check the base URL, and the network."
        )
    if isinstance(cause, NOTHING_THERE):
        return Unreachable(
            f"Cannot reach {host}: nothing accepts connections there. "
            "Is the server running, and the port right?"
        )
    return Unreachable(f"Cannot reach {host}: it closed the connection without an answer. Try again.")
