"""Connections, one pool for each origin, so that a provider that hangs takes none from another."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from .addresses import PublicResolver, refuse_private
from .endpoint import Endpoint
from .limits import Limits
from .recorder import make_trace

CONNECTIONS = 1000
KEPT_SECONDS = 30
MOST_IDLE_POOLS = 100
LONGEST_HEADER = 64 * 1024
USER_AGENT = "Playground"


@dataclass(slots=True)
class Pool:
    client: httpx.AsyncClient
    users: int = 0


class Pools:
    """Belongs to the event loop that first uses it. `mounts` answer for a host name without a connection."""

    def __init__(self, limits: Limits, mounts: Mapping[str, httpx.AsyncBaseTransport]) -> None:
        self._limits = limits
        self._mounts = mounts
        self._pools: dict[tuple[str, bool], Pool] = {}

    @asynccontextmanager
    async def lend(self, endpoint: Endpoint) -> AsyncIterator[httpx.AsyncClient]:
        """The client for this endpoint's origin. It is not closed while it is lent."""
        if endpoint.public_only:
            refuse_private(endpoint.host)
        key = (endpoint.origin, endpoint.public_only)
        pool = self._pools.pop(key, None) or Pool(self._make_client(endpoint))
        self._pools[key] = pool
        pool.users += 1
        try:
            yield pool.client
        finally:
            pool.users -= 1
            await self._close_idle()

    async def aclose(self) -> None:
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.client.aclose()

    async def _close_idle(self) -> None:
        """Users name origins, so there may be many: then those not used for the longest time go."""
        idle = [key for key, pool in self._pools.items() if not pool.users]
        for key in idle[: max(0, len(idle) - MOST_IDLE_POOLS)]:
            await self._pools.pop(key).client.aclose()

    def _make_client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        # Clocks of our own run all phases but the first: only the transport knows when it is connected.
        timeout = httpx.Timeout(None, connect=self._limits.connect, pool=self._limits.connect)
        return httpx.AsyncClient(
            transport=self._mounts.get(endpoint.host) or make_transport(endpoint.public_only),
            timeout=timeout,
            headers={"User-Agent": USER_AGENT},
            # Two people may use one provider: neither may get the cookies of the other.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
        )


@cache
def trusted() -> SSLContext:
    """The certificates that are trusted. To read them takes longer than a request to this machine."""
    return httpx.create_ssl_context(trust_env=False)


def make_transport(public_only: bool) -> AiohttpTransport:
    session = partial(make_session, public_only)
    return AiohttpTransport(verify=trusted(), trust_env=False, client=session)


def make_session(public_only: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS,
        keepalive_timeout=KEPT_SECONDS,
        ssl=trusted(),
        resolver=PublicResolver() if public_only else None,
    )
    # aiohttp asks the recorder of the asking task, so one trace serves all requests.
    return aiohttp.ClientSession(
        connector=connector,
        trace_configs=[make_trace()],
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=LONGEST_HEADER,
        max_field_size=LONGEST_HEADER,
        trust_env=False,
    )
