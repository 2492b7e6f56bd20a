"""The history of interactions in PostgreSQL, partitioned by day (port ``Interactions``)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.ports.interactions import InteractionRow
from stores.postgres_pool import PostgresPool
from stores.postgres_times import storable_time

INSERT: Final = """
INSERT INTO interactions (at, partition, sequence, user_id, action, post_id, creator_id, hashtag,
    counted, propensity)
SELECT to_timestamp(at), partition, sequence, user_id, action, post_id, creator_id, hashtag,
    counted, propensity
FROM unnest($1::float8[], $2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::text[], $9::boolean[], $10::float8[])
    AS r (at, partition, sequence, user_id, action, post_id, creator_id, hashtag, counted,
        propensity)
ON CONFLICT DO NOTHING"""
ENSURE: Final = "SELECT ensure_interaction_days($1::date, $2)"
DROP: Final = "SELECT drop_interaction_days(to_timestamp($1))"
ACTIVE: Final = """
SELECT sequence, user_id FROM interactions
WHERE partition = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence LIMIT $4"""
PAIRS: Final = """
SELECT user_id, post_id
FROM interactions
WHERE at >= to_timestamp($1) AND post_id IS NOT NULL
    AND action = ANY(ARRAY['LIKE', 'COMMENT', 'SHARE', 'SAVE', 'UNLIKE', 'UNSAVE'])
GROUP BY user_id, post_id
HAVING bool_or(action IN ('COMMENT', 'SHARE'))
    OR max(at) FILTER (WHERE action = 'LIKE')
        > coalesce(max(at) FILTER (WHERE action = 'UNLIKE'), '-infinity')
    OR max(at) FILTER (WHERE action = 'SAVE')
        > coalesce(max(at) FILTER (WHERE action = 'UNSAVE'), '-infinity')
ORDER BY max(at) DESC, user_id, post_id
LIMIT $2"""
DAYS: Final = 5  # yesterday to three days ahead


class PostgresInteractions:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def insert(self, rows: Sequence[InteractionRow]) -> None:
        if not rows:
            return
        await self._pool.execute(
            INSERT,
            [storable_time(row.at) for row in rows],
            [row.partition for row in rows],
            [row.sequence for row in rows],
            [row.user_id for row in rows],
            [row.action for row in rows],
            [row.post_id for row in rows],
            [row.creator_id for row in rows],
            [row.hashtag and row.hashtag.replace("\0", "") for row in rows],
            [row.counted for row in rows],
            [row.propensity for row in rows],
        )

    async def prepare(self, now: float) -> None:
        yesterday = datetime.fromtimestamp(now, UTC).date() - timedelta(days=1)
        await self._pool.execute(ENSURE, yesterday, DAYS)

    async def forget(self, before: float) -> None:
        await self._pool.execute(DROP, storable_time(before))

    async def pairs(self, *, since: float, limit: int) -> Sequence[tuple[str, str]]:
        rows = await self._pool.fetch(PAIRS, storable_time(since), limit)
        return [(row["user_id"], row["post_id"]) for row in rows]

    async def active(
        self, partition: int, *, after: int, through: int, limit: int
    ) -> Sequence[tuple[int, str]]:
        rows = await self._pool.fetch(ACTIVE, partition, after, through, limit)
        return [(row["sequence"], row["user_id"]) for row in rows]
