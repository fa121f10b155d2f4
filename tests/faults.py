"""Settings of a server with faults: half of all doorbells are lost, and the channel layer holds one message.

    DJANGO_SETTINGS_MODULE=tests.faults python manage.py serve

Nothing but time may be lost by that: the text that arrives in a browser is still exact.
"""

import random
from typing import Any

from django.apps import AppConfig

from playground.settings import *  # noqa: F403
from playground.settings import INSTALLED_APPS as OURS
from playground.settings import REDIS_URL

INSTALLED_APPS = [*OURS, "tests.faults.Faults"]
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1}}
}
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # It waits in Redis for five seconds at a time: the client must not lose its patience before that.
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_timeout": None}],
                "prefix": "faults",
                "capacity": 1,
            },
        }
    }


class Faults(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        from chat.generation import doorbell

        chance = random.Random(1)
        bell = doorbell.Doorbell
        honest = bell.ring

        def ring(self: Any, topic: str) -> None:
            if chance.random() < 0.5:
                honest(self, topic)

        bell.ring = ring  # type: ignore[method-assign]
