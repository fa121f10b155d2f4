"""An answer that is on its way."""

from tests.browser.visitor import Visitor
from tests.upstream import Gate, Upstream, stream


def running(visitor: Visitor, upstream: Upstream, *before: str) -> Gate:
    """Asks, and has an answer that waits after these words."""
    gate = Gate()
    upstream.script(stream(*before, gate, " end"), model="mirror")
    visitor.asks("mirror")
    visitor.sees_status("running")
    return gate
