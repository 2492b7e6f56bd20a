"""Engagement per post in one hash per partition, behind its fence."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec
from typing_extensions import override

from domain.engagement import EngagementState
from domain.ports.counters import CounterBatch, Counters
from domain.ports.partition_state import Crossing, PartitionState
from domain.posts import PostStats
from domain.topics import ENGAGEMENT_UPDATED
from stores import keys
from stores.partitions import partitions_of
from stores.redis_client import RedisClient
from stores.redis_fences import FENCE, PartitionWriter, read_command, read_fence, read_segments
from stores.redis_protocol import Argument, Reply, as_bytes, as_int, as_list

UNFINISHED: Final = "@unfinished"  # what is done again after a crash
_NOTHING: Final = b"\x90"  # an empty array


class _Unfinished(msgspec.Struct, array_like=True):
    dirty: dict[str, dict[str, int]] = {}
    crossings: list[Crossing] = []


class RedisCounters(Counters):
    """``key`` gives the hash of a partition."""

    def __init__(self, redis: RedisClient, key: Callable[[int], str] = keys.counters) -> None:
        self._redis = redis
        self._key = key
        self._writer = PartitionWriter(redis)
        self._partitions = 0  # of the topic; learned when first needed
        self._pack = msgspec.msgpack.Encoder().encode
        self._unpack = msgspec.msgpack.Decoder(EngagementState).decode
        self._unpack_unfinished = msgspec.msgpack.Decoder(_Unfinished).decode

    @override
    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]:
        commands = [read_command(self._key(one), UNFINISHED) for one in partitions]
        return [self._state(as_list(reply)) for reply in await self._redis.run(commands)]

    @override
    async def load(self, wanted: Mapping[int, Sequence[str]]) -> Mapping[str, EngagementState]:
        asked = {partition: ids for partition, ids in wanted.items() if ids}
        replies = await self._redis.run(
            [("HMGET", self._key(partition), *ids) for partition, ids in asked.items()]
        )
        return {
            post_id: self._unpack(packed)
            for ids, reply in zip(asked.values(), replies, strict=True)
            for post_id, packed in zip(ids, map(as_bytes, as_list(reply)), strict=True)
            if packed
        }

    @override
    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        asked = [("HGET", self._key(one), FENCE) for one in partitions]
        return [read_fence(reply) for reply in await self._redis.run(asked)]

    @override
    async def save(self, batches: Sequence[CounterBatch]) -> Sequence[bool]:
        commands = [
            self._writer.command(
                self._key(batch.partition),
                fence=batch.fence,
                through=batch.through,
                event_ids=batch.event_ids,
                values=self._values(batch),
            )
            for batch in batches
        ]
        return await self._writer.write(commands)

    @override
    async def stats(self, post_ids: Sequence[str]) -> Sequence[PostStats]:
        partitions = self._partitions or await self._learn_partitions()
        if not partitions:
            return [PostStats() for _ in post_ids]
        wanted: dict[int, list[str]] = {}
        places = partitions_of([post_id.encode() for post_id in post_ids], partitions)
        for post_id, partition in zip(post_ids, places, strict=True):
            wanted.setdefault(partition, []).append(post_id)
        states = await self.load(wanted)
        return [_stats(states.get(post_id)) for post_id in post_ids]

    async def _learn_partitions(self) -> int:
        (reply,) = await self._redis.run([("HGET", keys.LOG_PARTITIONS, ENGAGEMENT_UPDATED.name)])
        self._partitions = as_int(reply)
        return self._partitions

    def _state(self, fields: list[Reply]) -> PartitionState:
        fence, packed, *segments = fields
        unfinished = self._unpack_unfinished(as_bytes(packed) or _NOTHING)
        return PartitionState(
            fence=read_fence(fence),
            dirty=unfinished.dirty,
            crossings=unfinished.crossings,
            event_ids=read_segments(segments),
        )

    def _values(self, batch: CounterBatch) -> list[Argument]:
        unfinished = _Unfinished(
            {one: dict(left) for one, left in batch.dirty.items()}, list(batch.crossings)
        )
        values: list[Argument] = [UNFINISHED, self._pack(unfinished)]
        for post_id, state in batch.states.items():
            values += (post_id, self._pack(state))
        return values


def _stats(state: EngagementState | None) -> PostStats:
    """Totals as people see them: an undoing that came before its deed shows as nothing."""
    if state is None:
        return PostStats()
    return PostStats(
        likes=max(0, state.likes),
        comments=max(0, state.comments),
        reposts=max(0, state.reposts + state.shares),
        views=max(0, state.views),
    )
