"""Learned profiles and seen filters of viewers, and the fences of who writes them."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha1

from typing_extensions import override

from domain.interests import InterestProfile
from domain.ports.partition_state import PartitionState
from domain.ports.profiles import LearnedProfiles, ProfileBatch
from domain.ports.seen_filters import SeenFilters
from domain.profile_packing import pack, unpack
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_fences import FENCE, PartitionWriter, read_command, read_fence, read_segments
from stores.redis_protocol import Script, as_int, as_list
from stores.revisions import guarded, unframed


class RedisProfiles(LearnedProfiles):
    """Each profile is guarded by its own fence: profiles and partitions lie in other slots.

    One of another version counts as none: whoever folds takes the durable copy instead.
    """

    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis
        self._writer = PartitionWriter(redis)
        self._put = Script.named("put_latest")

    @override
    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]:
        replies = await self._redis.run([read_command(keys.profiles(one)) for one in partitions])
        states: list[PartitionState] = []
        for reply in replies:
            fence, *segments = as_list(reply)
            states.append(PartitionState(read_fence(fence), event_ids=read_segments(segments)))
        return states

    @override
    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, InterestProfile]:
        values = await self._redis.values([keys.profile(viewer) for viewer in viewer_ids])
        return {
            viewer: profile
            for viewer, value in zip(viewer_ids, values, strict=True)
            if value and (profile := unpack(unframed(value))) is not None
        }

    @override
    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        asked = [("HGET", keys.profiles(one), FENCE) for one in partitions]
        return [read_fence(reply) for reply in await self._redis.run(asked)]

    @override
    async def put(self, profiles: Mapping[str, InterestProfile]) -> None:
        await self._redis.run(
            [
                self._put.call(
                    keys.profile(viewer),
                    *guarded(max(profile.fence, 0), pack(profile), keys.PROFILE_LIFE),
                )
                for viewer, profile in profiles.items()
            ],
            scripts=(self._put,),
        )

    @override
    async def save(self, batches: Sequence[ProfileBatch]) -> Sequence[bool]:
        return await self._writer.write(
            [
                self._writer.command(
                    keys.profiles(batch.partition),
                    fence=batch.fence,
                    through=batch.through,
                    event_ids=batch.event_ids,
                )
                for batch in batches
            ]
        )


class RedisSeen(SeenFilters):
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis
        self._put = Script.named("put_unchanged")

    @override
    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, bytes]:
        values = await self._redis.values([keys.seen(viewer) for viewer in viewer_ids])
        return {viewer: value for viewer, value in zip(viewer_ids, values, strict=True) if value}

    @override
    async def put(
        self, filters: Mapping[str, bytes], *, loaded: Mapping[str, bytes]
    ) -> Collection[str]:
        replies = await self._redis.run(
            [
                self._put.call(
                    keys.seen(viewer), _digest(loaded.get(viewer, b"")), packed, keys.SEEN_LIFE
                )
                for viewer, packed in filters.items()
            ],
            scripts=(self._put,),
        )
        return [one for one, ok in zip(filters, replies, strict=True) if as_int(ok) == 0]


def _digest(value: bytes) -> str:
    return sha1(value, usedforsecurity=False).hexdigest()
