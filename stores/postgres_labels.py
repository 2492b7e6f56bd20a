"""What moderators decided about which words: what classifiers learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.events import Decision
from stores.postgres_pool import PostgresPool

# A decision that was taken back with CLEAR teaches nothing; of a deleted post no words are left.
DECIDED: Final = """
SELECT * FROM (
    SELECT DISTINCT ON (e.post_id) e.post_id, e.decision, e.reason, p.title, p.body, p.hashtags
    FROM moderation_events e JOIN posts p ON p.id = e.post_id
    WHERE NOT p.deleted AND e.post_id > $1 COLLATE "C"
    ORDER BY e.post_id, e.id DESC
) AS latest WHERE decision = ANY($2::text[]) ORDER BY post_id LIMIT $3"""
DECISIVE: Final = (Decision.APPROVE, Decision.REJECT, Decision.SHADOW_BAN)


@dataclass(frozen=True, slots=True)
class DecidedPost:
    """A post and a person's last word about it."""

    post_id: str
    decision: Decision
    reason: str | None
    title: str | None
    text: str
    hashtags: Sequence[str]


class PostgresLabels:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def decided(self, *, after: str, limit: int) -> Sequence[DecidedPost]:
        """Posts that a person decided about, by id, those behind ``after``."""
        rows = await self._pool.fetch(DECIDED, after, [str(one) for one in DECISIVE], limit)
        return [
            DecidedPost(
                row["post_id"],
                Decision(row["decision"]),
                row["reason"],
                row["title"],
                row["body"],
                tuple(row["hashtags"]),
            )
            for row in rows
        ]
