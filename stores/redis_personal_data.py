"""What Redis holds about a person (port ``PersonalData``), and how far counters have come."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from domain.fences import NOTHING_APPLIED
from domain.ports.checkpoints import Checkpoints
from domain.topics import ENGAGEMENT_UPDATED
from stores import keys
from stores.partitions import partitions_of
from stores.redis_client import RedisClient
from stores.redis_fences import FENCE, read_fence
from stores.redis_protocol import as_bytes, as_int, as_list

PARTIES: Final = ("viewer:{}", "search:viewer:{}")  # whom the rate limit knows


class RedisPersonalData:
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis

    @property
    def store(self) -> str:
        return "redis"

    async def erase(self, subject: str) -> int:
        replies = await self._redis.run([("DEL", key) for key in await self._keys(subject)])
        return sum(map(as_int, replies))

    async def find(self, subject: str) -> Collection[str]:
        wanted = await self._keys(subject)
        replies = await self._redis.run([("EXISTS", key) for key in wanted])
        return [
            key.replace(subject, "…")
            for key, reply in zip(wanted, replies, strict=True)
            if as_int(reply)
        ]

    async def _keys(self, subject: str) -> Sequence[str]:
        (reply,) = await self._redis.run([("LRANGE", keys.sessions(subject), 0, -1)])
        sessions = {(as_bytes(one) or b"").decode() for one in as_list(reply)}
        return [
            keys.profile(subject),
            keys.state(subject),
            keys.seen(subject),
            keys.served(subject),
            *(keys.limit(party.format(subject)) for party in PARTIES),
            *(keys.session(one) for one in sorted(sessions)),
            keys.sessions(subject),
        ]


class RedisCounted:
    """Whether records of the engagement topic are in the counters, and safe there."""

    def __init__(self, redis: RedisClient, checkpoints: Checkpoints) -> None:
        self._redis = redis
        self._checkpoints = checkpoints

    async def holds(self, sequences: Mapping[str, int]) -> bool:
        """Whether the counters and their checkpoints reach up to each post's record."""
        if not sequences:
            return True
        topic = ENGAGEMENT_UPDATED.name
        (reply,) = await self._redis.run([("HGET", keys.LOG_PARTITIONS, topic)])
        partitions = as_int(reply)
        if not partitions:
            return False
        wanted: dict[int, int] = {}
        places = partitions_of([post_id.encode() for post_id in sequences], partitions)
        for place, last in zip(places, sequences.values(), strict=True):
            wanted[place] = max(last, wanted.get(place, last))
        fences = await self._redis.run([("HGET", keys.counters(one), FENCE) for one in wanted])
        kept = await self._checkpoints.fences(wanted)
        return all(
            min(read_fence(fence), kept.get(one, NOTHING_APPLIED)) >= last
            for fence, (one, last) in zip(fences, wanted.items(), strict=True)
        )
