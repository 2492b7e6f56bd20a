"""One way to Redis: pipelines of plain commands with raw replies, under one deadline each.

redis-py brings connections, the protocol and cluster routing. Its command methods, reply
conversions, retries and timeouts per read stay unused: a page's round trip would cost twice the
CPU, and with the defaults a frozen server holds a call for longer than 40 s.
"""

from collections.abc import Sequence
from typing import Final

from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    ResponseError,
)
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import TimeoutError as TimedOut

from domain.errors import Unavailable
from runtime.deadlines import bounded
from runtime.metrics import Metrics
from runtime.setting_values import SettingError
from stores.redis_protocol import Command, RedisServer, Reply, Script, as_bytes, as_list
from stores.redis_servers import ClusterServer, SingleServer
from stores.store_calls import StoreCalls

DEPENDENCY: Final = "redis"
CLUSTER_SCHEME: Final = "redis+cluster://"
NOT_SERVING: Final = (
    ConnectionLost,
    TimedOut,
    RedisClusterException,
    ClusterDownError,
    BusyLoadingError,
    ReadOnlyError,
    OutOfMemoryError,
    OSError,
    TimeoutError,
)


class RedisClient:
    """Runs pipelines; raises ``Unavailable("redis")`` when the server does not serve."""

    def __init__(
        self,
        server: RedisServer,
        *,
        timeout: float,
        in_cluster: bool,
        metrics: Metrics | None = None,
    ) -> None:
        self._calls = StoreCalls(DEPENDENCY, metrics)
        self._server = server
        self._timeout = timeout
        self._in_cluster = in_cluster

    async def run(
        self, commands: Sequence[Command], *, scripts: Sequence[Script] = ()
    ) -> list[Reply]:
        """The replies in order, in one round trip; ``scripts`` are those that commands call.

        A server that does not know a script yet is taught it, and only what it refused for that
        is sent again.

        Raises:
            Unavailable: nothing is known about what was applied.
            ResponseError: a command was refused; the mistake is ours.

        """
        if not commands:
            return []
        with self._calls("run"):
            return await self._run(commands, scripts)

    async def values(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values of many keys, in as few commands as the server allows."""
        if not keys:
            return []
        if self._in_cluster:  # the keys lie in many slots
            return [as_bytes(reply) for reply in await self.run([("GET", key) for key in keys])]
        (reply,) = await self.run([("MGET", *keys)])
        return [as_bytes(value) for value in as_list(reply)]

    async def identities(self) -> str:
        """Changes when a server was restarted or replaced."""
        with self._calls("identities"):
            try:
                async with bounded(self._timeout):
                    return await self._server.identities()
            except NOT_SERVING as error:
                raise Unavailable(DEPENDENCY, type(error).__name__) from error

    async def close(self) -> None:
        await self._server.close()

    async def _run(self, commands: Sequence[Command], scripts: Sequence[Script]) -> list[Reply]:
        try:
            async with bounded(self._timeout):
                replies = await self._server.run(commands)
                if scripts:
                    await self._repeat_unknown(commands, scripts, replies)
        except NOT_SERVING as error:
            raise Unavailable(DEPENDENCY, type(error).__name__) from error
        for reply in replies:
            if isinstance(reply, NOT_SERVING):
                raise Unavailable(DEPENDENCY, type(reply).__name__)
            if isinstance(reply, ResponseError):
                raise reply
        return replies

    async def _repeat_unknown(
        self, commands: Sequence[Command], scripts: Sequence[Script], replies: list[Reply]
    ) -> None:
        unknown = [at for at, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if not unknown:
            return
        for script in scripts:
            await self._server.load(script)
        again = await self._server.run([commands[at] for at in unknown])
        for at, reply in zip(unknown, again, strict=True):
            replies[at] = reply


def open_redis(
    url: str, *, timeout: float, connections: int = 4, metrics: Metrics | None = None
) -> RedisClient:
    """A client of ``redis://``, ``rediss://`` or ``redis+cluster://``; connects when first used.

    ``timeout`` in seconds bounds a whole pipeline, connecting included. All callers share the
    ``connections``.

    Raises:
        SettingError: the address has an option that means nothing.

    """
    try:
        if url.startswith(CLUSTER_SCHEME):
            plain = "redis://" + url.removeprefix(CLUSTER_SCHEME)
            cluster = ClusterServer(plain, timeout=timeout, connections=connections)
            return RedisClient(cluster, timeout=timeout, in_cluster=True, metrics=metrics)
        single = SingleServer(url, timeout=timeout, connections=connections)
        return RedisClient(single, timeout=timeout, in_cluster=False, metrics=metrics)
    except (TypeError, ValueError):  # how redis-py takes options that it does not know
        remedy = "use redis://user:password@host:port/number"
        raise SettingError("EXPLORE_REDIS_URL", "cannot be read", remedy) from None
