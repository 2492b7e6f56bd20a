"""What happens to the moderators' cases by the clock (port ``ModerationUpkeep``)."""

from typing import Final

from domain.events import Decision
from domain.moderation import EXPIRY
from domain.ports.moderation import Review
from stores.postgres_moderation import apply_decision
from stores.postgres_pool import PostgresPool
from stores.postgres_times import storable_time

MOST_LOOKED_AT: Final = 5_000  # posts that are held back, the newest
# Only those whose mark is wrong are written; a mark goes with the reactions or with the case.
MARK_RISING: Final = """
WITH held AS (
    SELECT f.post_id FROM posts p JOIN content_flags f ON f.post_id = p.id
    WHERE NOT p.deleted AND NOT p.recommendable
        AND (p.created_at > to_timestamp($1) OR f.rising)
        AND f.review_status IN ('UNCLASSIFIED', 'PENDING_REVIEW', 'ESCALATED')
    ORDER BY p.created_at DESC LIMIT $3
), rises AS (
    SELECT held.post_id FROM held JOIN reactions r
        ON r.post_id = held.post_id AND r.count > 0 AND r.type <> 'VIEW' AND r.weighed_at > $1
    GROUP BY held.post_id HAVING count(DISTINCT r.user_id) >= $2
), wrong AS (
    SELECT post_id, true AS rises FROM rises JOIN content_flags USING (post_id) WHERE NOT rising
    UNION ALL
    SELECT post_id, false FROM content_flags
    WHERE rising AND post_id NOT IN (SELECT post_id FROM rises)
)
UPDATE content_flags f SET rising = wrong.rises FROM wrong WHERE f.post_id = wrong.post_id
RETURNING 1"""
BANS: Final = """
SELECT post_id FROM content_flags
WHERE human_decision = 'SHADOW_BAN' AND human_at < to_timestamp($1)
ORDER BY human_at LIMIT $2"""
STILL_BANNED: Final = """
SELECT FROM content_flags WHERE post_id = $1 AND human_decision = 'SHADOW_BAN'
    AND human_at < to_timestamp($2) FOR UPDATE"""
FORGET: Final = "DELETE FROM moderation_claims WHERE until < to_timestamp($1)"


class PostgresModerationUpkeep:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def mark_rising(self, *, since: float, people: int) -> int:
        rows = await self._pool.fetch(MARK_RISING, storable_time(since), people, MOST_LOOKED_AT)
        return len(rows)

    async def end_bans(self, *, before: float, at: float, limit: int) -> int:
        """One transaction each: a crash leaves some for the next call."""
        latest = storable_time(before)
        ended = 0
        for row in await self._pool.fetch(BANS, latest, limit):
            clear = Review(at, EXPIRY, Decision.CLEAR, "The shadow ban has expired.", None)
            async with self._pool.transaction() as connection:
                if await connection.fetchrow(STILL_BANNED, row["post_id"], latest) is not None:
                    await apply_decision(connection, row["post_id"], clear)
                    ended += 1
        return ended

    async def forget_claims(self, before: float) -> None:
        await self._pool.execute(FORGET, storable_time(before))
