"""Materialized lists in PostgreSQL (port ``Snapshots``).

Ids and scores are stored, records are read with them: what was withdrawn since is not in the list.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from domain.ports.snapshots import Snapshot
from domain.posts import PostRecord
from stores.postgres_pool import PostgresPool
from stores.postgres_post_rows import read_record
from stores.postgres_times import storable_time

READ: Final = """
SELECT name, extract(epoch FROM computed_at)::float8 AS computed, post_ids, scores
FROM trending_snapshots WHERE name = ANY($1::text[])"""
RECORDS: Final = "SELECT * FROM post_records WHERE id = ANY($1::text[]) AND recommendable"
NEWEST: Final = "SELECT extract(epoch FROM max(computed_at))::float8 AS at FROM trending_snapshots"
WRITE: Final = """
INSERT INTO trending_snapshots AS held (name, computed_at, post_ids, scores)
VALUES ($1, to_timestamp($2), $3, $4)
ON CONFLICT (name) DO UPDATE SET computed_at = excluded.computed_at,
    post_ids = excluded.post_ids, scores = excluded.scores
WHERE held.computed_at <= excluded.computed_at"""


class PostgresSnapshots:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def read(self, names: Sequence[str]) -> Sequence[Snapshot | None]:
        usable = [name for name in names if "\0" not in name]
        rows = await self._pool.fetch(READ, usable) if usable else ()
        ids = list({post_id for row in rows for post_id in row["post_ids"]})
        records: dict[str, PostRecord] = {}
        if ids:
            records = {row["id"]: read_record(row) for row in await self._pool.fetch(RECORDS, ids)}
        found: dict[str, Snapshot] = {}
        for row in rows:
            scores = dict(zip(row["post_ids"], row["scores"], strict=True))
            listed = [post_id for post_id in row["post_ids"] if post_id in records]
            found[row["name"]] = Snapshot(
                name=row["name"],
                computed_at=row["computed"],
                records=[records[post_id] for post_id in listed],
                scores=np.array([scores[post_id] for post_id in listed], dtype=np.float64),
            )
        return [found.get(name) for name in names]

    async def newest(self) -> float | None:
        row = await self._pool.fetchrow(NEWEST)
        return None if row is None else row["at"]

    async def write(self, snapshots: Sequence[Snapshot]) -> None:
        rows = [
            (
                snapshot.name,
                storable_time(snapshot.computed_at),
                [record.id for record in snapshot.records],
                [float(score) for score in snapshot.scores],
            )
            for snapshot in sorted(snapshots, key=lambda snapshot: snapshot.name)
        ]
        await self._pool.executemany(WRITE, rows)
