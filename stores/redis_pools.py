"""Pools in Redis: sorted sets, a version for each shared one, and the feed of changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from typing_extensions import override

from domain.pools import is_versioned
from domain.ports.pools import News, PoolMembers, Pools, PoolWrite, PoolWriter
from stores import keys
from stores.redis_client import RedisClient
from stores.redis_protocol import Argument, Command, Reply, Script, as_bytes, as_int, as_list

MAX_NEWS: Final = 1_000  # entries of one look at the feed
IDS_OF_ENTRY: Final = 100
COMMANDS_OF_PIPELINE: Final = 500
MEMBERS_OF_COMMAND: Final = 500
TRIM_STEP: Final = 1_000
BEGINNING: Final = "0-0"


class RedisPools(Pools):
    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis

    @override
    async def news(self, after: str) -> News:
        """``after`` is empty for a reader that holds nothing yet: it starts at the feed's end."""
        if not after:
            versions, last = await self._redis.run(
                [
                    ("HGETALL", keys.POOL_VERSIONS),
                    ("XREVRANGE", keys.CHANGES, "+", "-", "COUNT", 1),
                ]
            )
            entries = as_list(last)
            position = _position(entries[0]) if entries else BEGINNING
            return News(_versions(versions), (), (), position)
        versions, oldest, later = await self._redis.run(
            [
                ("HGETALL", keys.POOL_VERSIONS),
                ("XRANGE", keys.CHANGES, "-", "+", "COUNT", 1),
                ("XRANGE", keys.CHANGES, f"({after}", "+", "COUNT", MAX_NEWS),
            ]
        )
        entries = as_list(later)
        return News(
            versions=_versions(versions),
            posts=_ids(entries, b"posts"),
            creators=_ids(entries, b"creators"),
            position=_position(entries[-1]) if entries else after,
            missed=_begins_after(as_list(oldest), after),
        )

    @override
    async def read(self, names: Sequence[str], limit: int) -> Sequence[PoolMembers]:
        if not names:
            return []
        commands: list[Command] = [("HMGET", keys.POOL_VERSIONS, *names)]
        commands += [
            ("ZRANGE", keys.pool(name), 0, limit - 1, "REV", "WITHSCORES") for name in names
        ]
        # The versions come first: the members are then at least as new as they say.
        versions, *members = await self._redis.run(commands)
        return [
            _members(as_int(version), as_list(found))
            for version, found in zip(as_list(versions), members, strict=True)
        ]


class RedisPoolWriter(PoolWriter):
    """Writes may be repeated; versions only have to move."""

    def __init__(self, redis: RedisClient) -> None:
        self._redis = redis
        self._replace = Script.named("replace_pool")

    @override
    async def write(self, writes: Sequence[PoolWrite]) -> None:
        commands = [command for write in writes for command in _write_commands(write)]
        commands += [_moved(write.name) for write in writes if is_versioned(write.name)]
        for first in range(0, len(commands), COMMANDS_OF_PIPELINE):
            await self._redis.run(commands[first : first + COMMANDS_OF_PIPELINE])

    @override
    async def replace(self, name: str, members: Mapping[str, float]) -> None:
        await self.replace_many({name: members})

    async def replace_many(self, pools: Mapping[str, Mapping[str, float]]) -> None:
        """Each at once, in one round trip for all; the caller bounds how many they are."""
        commands: list[Command] = []
        for name, members in pools.items():
            life = 0 if is_versioned(name) else keys.LONG_TAIL_POOL_LIFE
            arguments: list[Argument] = [life]
            for member, score in members.items():
                arguments += (score, member)
            commands.append(self._replace.call(keys.pool(name), *arguments))
        await self._redis.run(commands, scripts=(self._replace,))
        # Afterwards: a script that has to be taught first runs behind all other commands.
        await self._redis.run([_moved(name) for name in pools if is_versioned(name)])

    @override
    async def trim(self, name: str, keep: int) -> None:
        """Drop the lowest members in small steps."""
        (size,) = await self._redis.run([("ZCARD", keys.pool(name))])
        excess = as_int(size) - keep
        while excess > 0:
            step = min(excess, TRIM_STEP)
            await self._redis.run([("ZREMRANGEBYRANK", keys.pool(name), 0, step - 1)])
            excess -= step

    @override
    async def announce(self, *, posts: Sequence[str] = (), creators: Sequence[str] = ()) -> None:
        commands = [_change("posts", ids) for ids in _chunks(posts, IDS_OF_ENTRY)]
        commands += [_change("creators", ids) for ids in _chunks(creators, IDS_OF_ENTRY)]
        await self._redis.run(commands)


def _write_commands(write: PoolWrite) -> Iterator[Command]:
    key = keys.pool(write.name)
    for members in _chunks(list(write.put), MEMBERS_OF_COMMAND):
        arguments: list[Argument] = []
        for member in members:
            arguments += (write.put[member], member)
        yield ("ZADD", key, *arguments)
    for members in _chunks(write.remove, MEMBERS_OF_COMMAND):
        yield ("ZREM", key, *members)
    if write.put and not is_versioned(write.name):
        yield ("EXPIRE", key, keys.LONG_TAIL_POOL_LIFE)


def _moved(name: str) -> Command:
    return ("HINCRBY", keys.POOL_VERSIONS, name, 1)


def _change(kind: str, ids: Sequence[str]) -> Command:
    # Ids hold no blanks.
    return ("XADD", keys.CHANGES, "MAXLEN", "~", keys.MAX_CHANGES, "*", kind, " ".join(ids))


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _members(version: int, flat: list[Reply]) -> PoolMembers:
    members = [value for value in flat if isinstance(value, bytes)]
    scores = np.array(members[1::2], dtype=np.bytes_).astype(np.float64)
    return PoolMembers(version, [member.decode() for member in members[::2]], scores)


def _versions(reply: Reply) -> dict[str, int]:
    flat = as_list(reply)
    names = [(as_bytes(name) or b"").decode() for name in flat[::2]]
    return dict(zip(names, map(as_int, flat[1::2]), strict=True))


def _position(entry: Reply) -> str:
    return (as_bytes(as_list(entry)[0]) or b"").decode()


def _begins_after(oldest: list[Reply], after: str) -> bool:
    """Whether entries behind a reader's position were trimmed away, or the feed is another one."""
    return bool(oldest) and after != BEGINNING and _order(_position(oldest[0])) > _order(after)


def _order(position: str) -> tuple[int, int]:
    time, _, number = position.partition("-")
    return int(time), int(number or 0)


def _ids(entries: Sequence[Reply], kind: bytes) -> list[str]:
    """The distinct ids of one kind, the latest last."""
    found: dict[str, None] = {}
    for entry in entries:
        name, ids = as_list(as_list(entry)[1])
        if name == kind:
            found.update(dict.fromkeys((as_bytes(ids) or b"").decode().split(" ")))
    return list(found)
