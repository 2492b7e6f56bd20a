"""Which posts were classified (port ``Classifications``)."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.ports.classifications import Attempt, Standing
from domain.posts import PostRecord
from stores.postgres_pool import PostgresPool
from stores.postgres_post_rows import read_record

STANDINGS: Final = """
SELECT f.post_id, c.material, c.source, coalesce(f.spam_score, f.nsfw_score, f.toxicity_score,
    f.bot_score) IS NOT NULL AS scored,
    is_judged(f.spam_score, f.nsfw_score, f.toxicity_score, f.machine_decision) AS judged
FROM content_flags f LEFT JOIN classifications c ON c.post_id = f.post_id
WHERE f.post_id = ANY($1::text[])"""
REMEMBER: Final = """
INSERT INTO classifications (post_id, material, source)
SELECT * FROM unnest($1::text[], $2::bytea[], $3::text[])
ON CONFLICT (post_id) DO UPDATE SET material = excluded.material, source = excluded.source,
    at = now()"""
MISSED: Final = """
SELECT r.* FROM content_flags f JOIN post_records r ON r.id = f.post_id
LEFT JOIN classifications c ON c.post_id = f.post_id AND c.source = $1
WHERE NOT is_judged(f.spam_score, f.nsfw_score, f.toxicity_score, f.machine_decision)
    AND f.created_at < to_timestamp($2) AND NOT r.deleted AND c.post_id IS NULL
ORDER BY (f.review_status = 'UNCLASSIFIED') DESC, f.urgency DESC, f.post_id LIMIT $3"""


class PostgresClassifications:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def standings(self, post_ids: Sequence[str]) -> Mapping[str, Standing]:
        rows = await self._pool.fetch(STANDINGS, list(post_ids)) if post_ids else ()
        return {
            row["post_id"]: Standing(
                row["scored"],
                None if row["source"] is None else Attempt(row["material"], row["source"]),
                row["judged"],
            )
            for row in rows
        }

    async def remember(self, attempts: Mapping[str, Attempt]) -> None:
        if attempts:
            ids = sorted(attempts)  # all writers lock in this order
            await self._pool.execute(
                REMEMBER,
                ids,
                [attempts[post_id].material for post_id in ids],
                [attempts[post_id].source for post_id in ids],
            )

    async def missed(self, source: str, *, before: float, limit: int) -> Sequence[PostRecord]:
        rows = await self._pool.fetch(MISSED, source, before, limit)
        return [read_record(row) for row in rows]
