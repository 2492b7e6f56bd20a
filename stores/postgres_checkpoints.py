"""Checkpoints of partitions in PostgreSQL (port ``Checkpoints``)."""

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Final

import asyncpg

from domain.ports.checkpoints import Checkpoint
from stores.postgres_pool import PostgresPool

STEP: Final = 5_000  # rows of a statement
FENCES: Final = """
SELECT partition, fence FROM counter_fences WHERE partition = ANY($1::integer[])"""
ADVANCE: Final = """
INSERT INTO counter_fences AS held (partition, fence, names, contents) VALUES ($1, $2, $3, $4)
ON CONFLICT (partition) DO UPDATE SET fence = excluded.fence, names = excluded.names,
    contents = excluded.contents, taken_at = now()
WHERE held.fence <= excluded.fence RETURNING 1"""
KEEP: Final = """
INSERT INTO counter_checkpoints (partition, post_id, state, fence)
SELECT $1, post_id, state, $2 FROM unnest($3::text[], $4::bytea[]) AS r (post_id, state)
ON CONFLICT (partition, post_id) DO UPDATE SET state = excluded.state, fence = excluded.fence,
    taken_at = now()"""
ONE_MOMENT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
READ_FENCE: Final = "SELECT fence, names, contents FROM counter_fences WHERE partition = $1"
READ: Final = """
SELECT post_id, state FROM counter_checkpoints WHERE partition = $1 AND post_id > $2
ORDER BY post_id LIMIT $3"""


class PostgresCheckpoints:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def fences(self, partitions: Collection[int]) -> Mapping[int, int]:
        rows = await self._pool.fetch(FENCES, list(partitions))
        return {row["partition"]: row["fence"] for row in rows}

    async def keep(self, checkpoint: Checkpoint) -> bool:
        own = checkpoint.fields
        values = list(checkpoint.values.items())
        async with self._pool.transaction() as connection:
            advanced = await connection.fetchrow(
                ADVANCE,
                checkpoint.partition,
                checkpoint.fence,
                list(own),
                list(own.values()),
            )
            if advanced is None:
                return False
            for first in range(0, len(values), STEP):
                step = values[first : first + STEP]
                await connection.execute(
                    KEEP,
                    checkpoint.partition,
                    checkpoint.fence,
                    [name for name, _ in step],
                    [value for _, value in step],
                )
        return True

    async def read(self, partition: int) -> AsyncIterator[Checkpoint]:
        async with self._pool.transaction() as connection:
            await connection.execute(ONE_MOMENT)
            held = await connection.fetchrow(READ_FENCE, partition)
            if held is None:
                return
            own = dict(zip(held["names"], held["contents"], strict=True))
            yield Checkpoint(partition, held["fence"], own)
            rows: list[asyncpg.Record] = await connection.fetch(READ, partition, "", STEP)
            while rows:
                values = {row["post_id"]: row["state"] for row in rows}
                yield Checkpoint(partition, held["fence"], values=values)
                rows = await connection.fetch(READ, partition, rows[-1]["post_id"], STEP)
