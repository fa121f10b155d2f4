"""The steps of all choices, interleaved, at the pace of a person's reading or as fast as they come."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence

from chat.demo.delta import Delta

Step = tuple[int, Delta]  # the index of the choice, and what it says


async def perform(choices: Sequence[Iterator[Delta]], pace: float) -> AsyncGenerator[Step]:
    """One step of each choice in turn, `pace` rounds a second. 0 does not wait, but lets others run."""
    clock = asyncio.get_running_loop().time
    playing = dict(enumerate(choices))
    start, rounds = clock(), 0
    while playing:
        for index, choice in list(playing.items()):
            delta = next(choice, None)
            if delta is None:
                del playing[index]
            else:
                yield index, delta
            await asyncio.sleep(0)
        rounds += 1
        if pace:
            await asyncio.sleep(start + rounds / pace - clock())
