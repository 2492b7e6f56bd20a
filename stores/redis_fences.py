"""A partition's hash: its fence, the event ids it remembers, and what its consumer keeps there.

Names of fields that begin with ``@`` are ours; no post's id can begin so.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from domain.fences import NOTHING_APPLIED
from stores.redis_client import RedisClient
from stores.redis_protocol import Argument, Command, Reply, Script, as_bytes, as_int

FENCE: Final = "@fence"
MAX_SEGMENTS: Final = 32
_SEGMENTS: Final = tuple(f"@seen:{place}" for place in range(MAX_SEGMENTS))


def read_command(key: str, *fields: str) -> Command:
    """Reads the fence, further fields and the segments of event ids."""
    return ("HMGET", key, FENCE, *fields, *_SEGMENTS)


def read_fence(reply: Reply) -> int:
    return NOTHING_APPLIED if reply is None else as_int(reply)


def read_segments(replies: Iterable[Reply]) -> list[bytes]:
    return [segment for segment in map(as_bytes, replies) if segment]


class PartitionWriter:
    """Writes hashes of partitions, each only if its fence is where the batch started from."""

    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis
        self._script = Script.named("save_partition")

    def command(
        self,
        key: str,
        *,
        fence: int,
        through: int,
        event_ids: Mapping[int, bytes],
        values: Sequence[Argument] = (),
    ) -> Command:
        """``values`` are further fields and their values in turn."""
        segments: list[Argument] = []
        for place, segment in event_ids.items():
            segments += (_SEGMENTS[place], segment)
        return self._script.call(key, fence, FENCE, through, *segments, *values)

    async def write(self, commands: Sequence[Command]) -> list[bool]:
        """Whether each one was written."""
        replies = await self._redis.run(commands, scripts=(self._script,))
        return [as_int(reply) == 1 for reply in replies]
