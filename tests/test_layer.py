"""A channel layer whose Redis is away lets sockets open, and carries rings again as soon as it is back."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.exceptions import RedisError

from playground.layer import DoorbellLayer
from tests.generation.gateway import Gateway, needs_redis
from tests.generation.playing import until

pytestmark = needs_redis
RING = {"type": "doorbell.rang", "topic": "t"}


def with_layer(act: Callable[[DoorbellLayer, Gateway], Awaitable[None]]) -> None:
    async def run() -> None:
        way = await Gateway().open()
        layer = DoorbellLayer(hosts=[way.url], prefix="playground-test-layer")
        try:
            await act(layer, way)
        finally:
            await layer.flush()
            await way.close()

    asyncio.run(run())


async def rings_at(layer: DoorbellLayer, channel: str) -> None:
    await layer.group_add("g", channel)
    await layer.group_send("g", RING)
    assert await asyncio.wait_for(layer.receive(channel), 5) == RING


def test_a_ring_comes_through() -> None:
    async def act(layer: DoorbellLayer, _: Gateway) -> None:
        await rings_at(layer, await layer.new_channel())

    with_layer(act)


def test_a_channel_made_without_redis_hears_rings_when_it_is_back() -> None:
    async def act(layer: DoorbellLayer, way: Gateway) -> None:
        await way.close()
        channel = await layer.new_channel()
        with pytest.raises((RedisError, OSError)):
            await layer.group_add("g", channel)
        await way.open()
        await rings_at(layer, channel)

    with_layer(act)


def test_a_socket_that_leaves_while_redis_is_away_leaves_nothing_behind() -> None:
    async def act(layer: DoorbellLayer, way: Gateway) -> None:
        await way.close()
        channel = await layer.new_channel()
        waiting = asyncio.get_running_loop().create_task(layer.receive(channel))
        await until(lambda: layer.channels[channel]._getters)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert layer.channels == {}
        await way.open()

    with_layer(act)
