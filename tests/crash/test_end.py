"""Told to go down, the server lets answers finish for a while, keeps the rest, and leaves none running."""

import signal

from tests.crash.reader import Reader
from tests.crash.site import Site
from tests.servers import Server
from tests.upstream import Upstream, text_of


def test_a_terminated_server_is_gone_in_time_and_leaves_no_answer_running(
    server: Server, site: Site, upstream: Upstream
) -> None:
    short = site.starts("tokens-60-speed-60-seed-1")
    endless = site.starts("tokens-100000-speed-50-seed-2")
    with Reader(server, site.generation_of(short)), Reader(server, site.generation_of(endless)):
        server.terminate()
    assert sorted(site.statuses()) == ["finished", "interrupted"]
    assert site.answer_of(short) == text_of(1, 60)
    kept = site.answer_of(endless)
    assert kept
    assert text_of(2, 5000).startswith(kept)
    sent = upstream.sent_text(next(r for r in upstream.requests if "seed-2" in r.model))
    assert len(sent) - len(kept) < 200


def test_an_idle_server_goes_without_a_complaint(server: Server) -> None:
    assert server.terminate() in (0, -signal.SIGTERM)
