"""The channel layer of several processes: Redis pub/sub, which carries doorbells and nothing else."""

import asyncio
from uuid import uuid4

from channels_redis.pubsub import RedisPubSubChannelLayer


class DoorbellLayer(RedisPubSubChannelLayer):
    """Carries what is sent to groups. A socket's own channel, to which nobody sends, is not known to Redis at all.

    So a socket costs Redis nothing, and opens while Redis is away: it hears the groups that it joins later.
    """

    async def new_channel(self, prefix: str = "specific.") -> str:
        channel = f"{prefix}{uuid4().hex}"
        self._get_layer().channels[channel] = asyncio.Queue()
        return channel
