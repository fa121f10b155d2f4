"""Stop: how long it takes until the provider is told."""

import time

from tests.crash.site import Site, wait_for
from tests.upstream import Request, Upstream

STOPS = 20


def test_the_upstream_hears_of_every_stop(site: Site, upstream: Upstream) -> None:
    took = sorted(stop_one(site, upstream, number) for number in range(STOPS))
    print(f"Stop: p50 {took[STOPS // 2] * 1000:.0f} ms, p99 {took[-1] * 1000:.0f} ms")  # noqa: T201
    assert set(site.statuses()) == {"stopped"}


def stop_one(site: Site, upstream: Upstream, number: int) -> float:
    model = f"tokens-100000-speed-100-seed-{number + 1}"
    conversation = site.starts(model)
    request: Request = wait_for(
        lambda: next((r for r in upstream.requests if r.model == model and r.sent), None)
    )
    began = time.time()
    assert site.delete(f"/generations/{site.generation_of(conversation)}/").status_code == 204
    assert upstream.wait_for_close(request)
    assert request.closed_at
    return request.closed_at - began
