"""Checkpoints of counters, taken from Redis and put back there (port ``CheckpointSource``)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from domain.ports.checkpoints import Checkpoint
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_counters import UNFINISHED
from stores.redis_fences import FENCE, MAX_SEGMENTS
from stores.redis_protocol import Argument, Reply, Script, as_bytes, as_int, as_list

STEP: Final = 1_000  # entities of a command
OWN: Final = (UNFINISHED, *(f"@seen:{place}" for place in range(MAX_SEGMENTS)))
LIFE: Final = 3_600  # seconds that a prepared partition waits for its switch


class RedisCheckpoints:
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis
        self._switch = Script.named("switch_partition")

    async def some(self, partition: int, names: Sequence[str]) -> Checkpoint | None:
        key = keys.counters(partition)
        commands = [("HMGET", key, FENCE, *OWN)]
        commands += [
            ("HMGET", key, FENCE, *names[first : first + STEP])
            for first in range(0, len(names), STEP)
        ]
        own, *steps = [
            list(map(as_bytes, as_list(one))) for one in await self._redis.run(commands)
        ]
        if any(step[0] != own[0] for step in steps):
            return None
        found = [value for step in steps for value in step[1:]]
        values = {name: value for name, value in zip(names, found, strict=True) if value}
        return _checkpoint(partition, dict(zip((FENCE, *OWN), own, strict=True)), values)

    async def all(self, partition: int) -> Checkpoint | None:
        found = await self._scan(partition)
        (fence,) = await self._redis.run([("HGET", keys.counters(partition), FENCE)])
        if as_bytes(fence) != found.get(FENCE):
            return None
        own = {name: value for name, value in found.items() if name.startswith("@")}
        values = {name: value for name, value in found.items() if not name.startswith("@")}
        return _checkpoint(partition, own, values)

    async def scan(self, partition: int) -> Mapping[str, bytes]:
        found = await self._scan(partition)
        return {name: value for name, value in found.items() if not name.startswith("@")}

    async def _scan(self, partition: int) -> dict[str, bytes]:
        key = keys.counters(partition)
        found: dict[str, bytes] = {}
        position: Argument = 0
        while True:
            (reply,) = await self._redis.run([("HSCAN", key, position, "COUNT", STEP)])
            after, flat = as_list(reply)
            _take(found, as_list(flat))
            position = as_bytes(after) or b"0"
            if position == b"0":
                return found

    async def prepare(self, partition: int, pieces: AsyncIterator[Checkpoint]) -> int | None:
        fence, key = None, keys.prepared_counters(partition)
        await self._redis.run([("DEL", key)])
        async for piece in pieces:
            if fence is None:
                fence = piece.fence
                await self._redis.run([("HSET", key, FENCE, fence)])
            contents = [*piece.fields.items(), *piece.values.items()]
            for first in range(0, len(contents), STEP):
                flat = [part for pair in contents[first : first + STEP] for part in pair]
                await self._redis.run([("HSET", key, *flat), ("EXPIRE", key, LIFE)])
        return fence

    async def switch(self, partition: int) -> bool:
        live, prepared = keys.counters(partition), keys.prepared_counters(partition)
        (reply,) = await self._redis.run(
            [self._switch.call(live, prepared)], scripts=(self._switch,)
        )
        return as_int(reply) == 1


def _take(found: dict[str, bytes], flat: list[Reply]) -> None:
    for name, value in zip(flat[::2], flat[1::2], strict=True):
        found[(as_bytes(name) or b"").decode()] = as_bytes(value) or b""


def _checkpoint(
    partition: int, own: Mapping[str, bytes | None], values: Mapping[str, bytes]
) -> Checkpoint | None:
    fence = own.get(FENCE)
    if fence is None:
        return None
    fields = {name: value for name, value in own.items() if value and name != FENCE}
    return Checkpoint(partition, int(fence), fields, values)
