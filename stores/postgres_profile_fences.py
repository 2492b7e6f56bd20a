"""How far profiles are durable, by partition, in PostgreSQL (port ``FenceCheckpoints``)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from domain.ports.checkpoints import Checkpoint
from stores.postgres_pool import PostgresPool

KEEP: Final = """
INSERT INTO profile_fences AS held (partition, fence, names, contents) VALUES ($1, $2, $3, $4)
ON CONFLICT (partition) DO UPDATE SET fence = excluded.fence, names = excluded.names,
    contents = excluded.contents, taken_at = now()
WHERE held.fence < excluded.fence"""
READ: Final = """
SELECT partition, fence, names, contents FROM profile_fences
WHERE partition = ANY($1::integer[])"""


class PostgresProfileFences:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def keep(self, checkpoints: Sequence[Checkpoint]) -> None:
        await self._pool.executemany(
            KEEP,
            [
                (one.partition, one.fence, list(one.fields), list(one.fields.values()))
                for one in sorted(checkpoints, key=lambda one: one.partition)
            ],
        )

    async def read(self, partitions: Collection[int]) -> Mapping[int, Checkpoint]:
        return {
            row["partition"]: Checkpoint(
                row["partition"],
                row["fence"],
                dict(zip(row["names"], row["contents"], strict=True)),
            )
            for row in await self._pool.fetch(READ, list(partitions))
        }
