"""Events that must be published because of a write of ours (port ``Outbox``)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from domain.events import Event
from domain.topics import TOPICS, Topic
from stores.postgres_pool import Connection, PostgresPool

PUT: Final = "INSERT INTO outbox (topic, event) VALUES ($1, $2::jsonb)"
ONLY_RELAY: Final = "SELECT pg_try_advisory_xact_lock(hashtext('explore outbox')) AS held"
OLDEST: Final = "SELECT id, topic, event FROM outbox ORDER BY id LIMIT $1"
LAG: Final = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS seconds
FROM outbox"""
DONE: Final = "DELETE FROM outbox WHERE id = ANY($1::bigint[])"
_TYPES: Final = {topic.name: topic.event for topic in TOPICS if topic.event is not None}


class PostgresOutbox:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def relay(
        self, publish: Callable[[Sequence[Event]], Awaitable[None]], *, limit: int
    ) -> int:
        """Published and then deleted: a crash in between publishes again, which is harmless."""
        async with self._pool.transaction() as connection:
            lock = await connection.fetchrow(ONLY_RELAY)
            if lock is None or not lock["held"]:
                return 0
            rows = await connection.fetch(OLDEST, limit)
            if rows:
                await publish(
                    [msgspec.json.decode(row["event"], type=_TYPES[row["topic"]]) for row in rows]
                )
                await connection.execute(DONE, [row["id"] for row in rows])
        return len(rows)

    async def lag(self) -> float:
        """Seconds that the oldest event has waited; 0 where none waits."""
        row = await self._pool.fetchrow(LAG)
        return 0.0 if row is None else max(0.0, row["seconds"])


async def put_event(connection: Connection, topic: Topic, event: Event) -> None:
    """Put an event into the outbox within the transaction that decided on it."""
    await connection.execute(PUT, topic.name, msgspec.json.encode(event).decode())
