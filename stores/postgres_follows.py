"""Who follows and blocks whom, in PostgreSQL (port ``Follows``)."""

from collections.abc import Sequence
from typing import Final

from domain.ports.follows import StoredRelation
from stores.postgres_pool import PostgresPool
from stores.postgres_times import storable_time

FOLLOW: Final = """
INSERT INTO follows AS held (user_id, target_id, active, event_at)
SELECT user_id, target_id, active, to_timestamp(at)
FROM unnest($1::text[], $2::text[], $3::boolean[], $4::float8[])
    AS r (user_id, target_id, active, at)
ORDER BY user_id, target_id
ON CONFLICT (user_id, target_id) DO UPDATE SET
    active = CASE WHEN held.event_at > excluded.event_at THEN held.active ELSE excluded.active END,
    event_at = greatest(held.event_at, excluded.event_at)
RETURNING user_id, target_id, active"""
BLOCK: Final = """
INSERT INTO blocks AS held (user_id, target_id, active, event_at)
SELECT user_id, target_id, active, to_timestamp(at)
FROM unnest($1::text[], $2::text[], $3::boolean[], $4::float8[])
    AS r (user_id, target_id, active, at)
ORDER BY user_id, target_id
ON CONFLICT (user_id, target_id) DO UPDATE SET
    active = CASE WHEN held.event_at > excluded.event_at THEN held.active ELSE excluded.active END,
    event_at = greatest(held.event_at, excluded.event_at)
RETURNING user_id, target_id, active"""
FOLLOWED: Final = """
SELECT target_id FROM follows WHERE user_id = $1 AND active
ORDER BY event_at DESC, target_id LIMIT $2"""
BLOCKED: Final = """
SELECT target_id FROM blocks WHERE user_id = $1 AND active
ORDER BY event_at DESC, target_id LIMIT $2"""
PAIRS: Final = """
SELECT user_id, target_id FROM follows WHERE active
ORDER BY event_at DESC, user_id, target_id LIMIT $1"""
FOLLOWED_AMONG: Final = """
SELECT target_id FROM follows WHERE user_id = $1 AND target_id = ANY($2::text[]) AND active"""
MAX_TARGETS: Final = 10_000


class PostgresFollows:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def follow(self, batch: Sequence[StoredRelation]) -> Sequence[bool]:
        return await self._relate(FOLLOW, batch)

    async def block(self, batch: Sequence[StoredRelation]) -> Sequence[bool]:
        return await self._relate(BLOCK, batch)

    async def followed_by(self, user_id: str) -> Sequence[str]:
        rows = await self._pool.fetch(FOLLOWED, user_id, MAX_TARGETS)
        return [row["target_id"] for row in rows]

    async def followed_among(self, user_id: str, target_ids: Sequence[str]) -> Sequence[str]:
        wanted = list(target_ids)
        rows = await self._pool.fetch(FOLLOWED_AMONG, user_id, wanted) if wanted else ()
        return [row["target_id"] for row in rows]

    async def blocked_by(self, user_id: str) -> Sequence[str]:
        rows = await self._pool.fetch(BLOCKED, user_id, MAX_TARGETS)
        return [row["target_id"] for row in rows]

    async def pairs(self, *, limit: int) -> Sequence[tuple[str, str]]:
        rows = await self._pool.fetch(PAIRS, limit)
        return [(row["user_id"], row["target_id"]) for row in rows]

    async def _relate(self, statement: str, batch: Sequence[StoredRelation]) -> Sequence[bool]:
        latest: dict[tuple[str, str], StoredRelation] = {}
        for relation in batch:
            key = (relation.user_id, relation.target_id)
            if key not in latest or relation.at >= latest[key].at:
                latest[key] = relation
        if not latest:
            return ()
        rows = await self._pool.fetch(
            statement,
            [user_id for user_id, _ in latest],
            [target_id for _, target_id in latest],
            [relation.active for relation in latest.values()],
            [storable_time(relation.at) for relation in latest.values()],
        )
        active = {(row["user_id"], row["target_id"]): row["active"] for row in rows}
        return [one.active == active[one.user_id, one.target_id] for one in batch]
