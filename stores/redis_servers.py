"""Where pipelines go: one server, or a cluster."""

from collections.abc import Sequence
from typing import Any, Final, cast

import hiredis
from redis.asyncio import RedisCluster
from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from stores.redis_connection import SharedConnection
from stores.redis_protocol import PROTOCOL, Command, Reply, Script, as_bytes

LEAST_PATIENCE: Final = 1.0  # seconds that a server may owe an answer, whatever callers allow


class SingleServer:
    """One server, or whatever hides behind one address.

    The caller bounds the time of a call as a whole, connecting included. ``timeout`` is what it
    usually allows.
    """

    def __init__(self, url: str, *, timeout: float, connections: int) -> None:
        # redis-py leaves the keyword arguments of connections untyped.
        from_url = cast("Any", ConnectionPool.from_url)
        maker: ConnectionPool = from_url(
            url,
            socket_timeout=None,
            socket_connect_timeout=None,
            retry=Retry(NoBackoff(), 0),
            protocol=PROTOCOL,
        )
        maker.make_connection()  # which reads the options, and connects nothing
        patience = max(LEAST_PATIENCE, 2.0 * timeout)
        self._shared = [
            SharedConnection(maker.make_connection, patience) for _ in range(connections)
        ]

    async def run(self, commands: Sequence[Command]) -> list[Reply]:
        least_busy = min(self._shared, key=_waiting)
        return await least_busy.run(b"".join(map(_pack, commands)), len(commands))

    async def load(self, script: Script) -> None:
        await self.run([("SCRIPT", "LOAD", script.text)])

    async def identities(self) -> str:
        (reply,) = await self.run([("INFO", "server")])
        return _run_id(as_bytes(reply) or b"")

    async def close(self) -> None:
        for shared in self._shared:
            await shared.close()


class ClusterServer:
    """A Redis Cluster; each command goes to the node that holds its key."""

    def __init__(self, url: str, *, timeout: float, connections: int) -> None:
        self._cluster: Any = RedisCluster.from_url(  # its pipelines and replies are untyped
            url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            max_connections=connections,
            retry=Retry(NoBackoff(), 0),
            protocol=PROTOCOL,
        )
        # Replies stay as they came, but for those that the routing itself reads.
        conversions = self._cluster.connection_kwargs["response_callbacks"]
        for name in [name for name in conversions if not name.startswith(("CLUSTER", "COMMAND"))]:
            del conversions[name]

    async def run(self, commands: Sequence[Command]) -> list[Reply]:
        pipeline = self._cluster.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        return await pipeline.execute(raise_on_error=False)

    async def load(self, script: Script) -> None:
        await self._cluster.script_load(script.text)

    async def identities(self) -> str:
        found: bytes | dict[str, bytes] = await self._cluster.execute_command(
            "INFO", "server", target_nodes=RedisCluster.PRIMARIES
        )
        nodes = found if isinstance(found, dict) else {"": found}  # one answers for itself
        return " ".join(f"{node}={_run_id(nodes[node])}" for node in sorted(nodes))

    async def close(self) -> None:
        await self._cluster.aclose()


def _pack(command: Command) -> bytes:
    """As redis-py packs it, at a quarter of the CPU."""
    return cast("Any", hiredis).pack_command(command)  # its stub knows commands of one word


def _waiting(shared: SharedConnection) -> int:
    return shared.waiting


def _run_id(info: bytes) -> str:
    for line in info.splitlines():
        name, _, value = line.partition(b":")
        if name == b"run_id":
            return value.decode()
    return ""
