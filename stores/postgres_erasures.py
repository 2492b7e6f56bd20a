"""Erasures in PostgreSQL (port ``Erasures``)."""

from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg
import msgspec

from domain.erasure import Erasure, ErasureUnderWay, Phase, Tombstone, subject_hash
from stores.postgres_pool import PostgresPool
from stores.postgres_times import storable_time

LATEST: Final = """
SELECT id, extract(epoch FROM requested_at)::float8 AS requested,
    extract(epoch FROM completed_at)::float8 AS completed, stores
FROM erasures WHERE subject_hash = $1 ORDER BY requested_at DESC LIMIT 1"""
# In one round trip; who asks twice at once meets the unique subject, and asks again.
REQUEST: Final = """
WITH held AS (
    SELECT e.id, extract(epoch FROM requested_at)::float8 AS requested,
        extract(epoch FROM completed_at)::float8 AS completed, stores
    FROM erasures e JOIN erasures_under_way u ON u.erasure_id = e.id WHERE u.subject = $1
),
began AS (
    INSERT INTO erasures AS e (subject_hash, requested_at)
    SELECT $2, to_timestamp($3) WHERE NOT EXISTS (SELECT FROM held)
    RETURNING e.id, extract(epoch FROM requested_at)::float8 AS requested, NULL::float8, stores
),
work AS (
    INSERT INTO erasures_under_way (erasure_id, subject, since)
    SELECT id, $1, to_timestamp($3) FROM began
)
SELECT * FROM held UNION ALL SELECT * FROM began"""
UNDER_WAY: Final = """
SELECT e.id, u.subject, extract(epoch FROM e.requested_at)::float8 AS requested, u.phase,
    extract(epoch FROM u.since)::float8 AS since
FROM erasures_under_way u JOIN erasures e ON e.id = u.erasure_id
ORDER BY e.requested_at, e.id LIMIT $1"""
ENTER: Final = """
UPDATE erasures_under_way SET phase = $2, since = to_timestamp($3) WHERE erasure_id = $1"""
# The receipt only grows: what is erased in a later round is added.
ADD: Final = """
UPDATE erasures SET changed_at = clock_timestamp(), stores = stores || (
    SELECT coalesce(jsonb_object_agg(key, value::bigint + coalesce((stores ->> key)::bigint, 0)),
        '{}') FROM jsonb_each_text($2::jsonb)
) WHERE id = $1"""
COMPLETE: Final = "UPDATE erasures SET completed_at = to_timestamp($2) WHERE id = $1"
END_WORK: Final = "DELETE FROM erasures_under_way WHERE erasure_id = $1"
TOMBSTONES: Final = """
SELECT subject_hash, extract(epoch FROM completed_at)::float8 AS completed,
    extract(epoch FROM changed_at)::float8 AS changed
FROM erasures WHERE changed_at >= to_timestamp($1) ORDER BY changed_at"""


class PostgresErasures:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def request(self, subject: str, at: float) -> Erasure:
        asked = (subject, subject_hash(subject), storable_time(at))
        try:
            (row,) = await self._pool.fetch(REQUEST, *asked)
        except asyncpg.UniqueViolationError:
            (row,) = await self._pool.fetch(REQUEST, *asked)
        return _erasure(row)

    async def latest(self, subject: str) -> Erasure | None:
        row = await self._pool.fetchrow(LATEST, subject_hash(subject))
        return None if row is None else _erasure(row)

    async def under_way(self, limit: int) -> Sequence[ErasureUnderWay]:
        return [
            ErasureUnderWay(
                id=str(row["id"]),
                subject=row["subject"],
                requested_at=row["requested"],
                phase=Phase(row["phase"]),
                since=row["since"],
            )
            for row in await self._pool.fetch(UNDER_WAY, limit)
        ]

    async def enter(
        self, erasure_id: str, phase: Phase, erased: Mapping[str, int], *, at: float
    ) -> None:
        async with self._pool.transaction() as connection:
            await connection.execute(ADD, erasure_id, _json(erased))
            await connection.execute(ENTER, erasure_id, phase, storable_time(at))

    async def complete(self, erasure_id: str, at: float, erased: Mapping[str, int]) -> None:
        async with self._pool.transaction() as connection:
            await connection.execute(ADD, erasure_id, _json(erased))
            await connection.execute(COMPLETE, erasure_id, storable_time(at))
            await connection.execute(END_WORK, erasure_id)

    async def tombstones(self, since: float) -> Sequence[Tombstone]:
        rows = await self._pool.fetch(TOMBSTONES, storable_time(since))
        return [Tombstone(row["subject_hash"], row["completed"], row["changed"]) for row in rows]


def _json(erased: Mapping[str, int]) -> str:
    return msgspec.json.encode(dict(erased)).decode()


def _erasure(row: asyncpg.Record) -> Erasure:
    return Erasure(
        id=str(row["id"]),
        requested_at=row["requested"],
        completed_at=row["completed"],
        stores=msgspec.json.decode(row["stores"], type=dict[str, int]),
    )
