"""Fences of the interactions' topic, read and restored (port ``FenceSource``)."""

from collections.abc import Sequence
from typing import Final

from domain.fences import NOTHING_APPLIED
from domain.ports.checkpoints import Checkpoint
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_fences import FENCE, MAX_SEGMENTS, PartitionWriter
from stores.redis_protocol import Argument, as_bytes, as_list

FIELDS: Final = tuple(f"@seen:{place}" for place in range(MAX_SEGMENTS))


class RedisProfileFences:
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis
        self._writer = PartitionWriter(redis)

    async def read(self, partitions: Sequence[int]) -> Sequence[Checkpoint]:
        replies = await self._redis.run(
            [("HMGET", keys.profiles(one), FENCE, *FIELDS) for one in partitions]
        )
        found: list[Checkpoint] = []
        for partition, reply in zip(partitions, replies, strict=True):
            fence, *contents = map(as_bytes, as_list(reply))
            if fence is not None:
                fields = {name: one for name, one in zip(FIELDS, contents, strict=True) if one}
                found.append(Checkpoint(partition, int(fence), fields))
        return found

    async def restore(self, checkpoint: Checkpoint) -> None:
        values: list[Argument] = []
        for name, content in checkpoint.fields.items():
            values += (name, content)
        command = self._writer.command(
            keys.profiles(checkpoint.partition),
            fence=NOTHING_APPLIED,
            through=checkpoint.fence,
            event_ids={},
            values=values,
        )
        await self._writer.write([command])
