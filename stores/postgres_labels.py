"""What moderators decided about which words: what classifiers learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from domain.classification import LastWord
from domain.events import Decision
from domain.moderation import EXPIRY, SafetyScores
from stores.postgres_pool import PostgresPool

# Of a deleted post no words are left. That a ban ended by itself is nobody's opinion.
DECIDED: Final = f"""
SELECT DISTINCT ON (e.post_id) e.post_id, e.decision, e.reason, p.title, p.body, p.hashtags,
    f.spam_score, f.nsfw_score, f.toxicity_score
FROM moderation_events e JOIN posts p ON p.id = e.post_id
JOIN content_flags f ON f.post_id = e.post_id
WHERE NOT p.deleted AND e.post_id > $1 AND e.actor <> '{EXPIRY}'
ORDER BY e.post_id, e.id DESC LIMIT $2"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True, slots=True)
class DecidedPost:
    post_id: str
    last_word: LastWord
    title: str | None
    text: str
    hashtags: Sequence[str]


class PostgresLabels:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def decided(self, *, after: str, limit: int) -> Sequence[DecidedPost]:
        """Posts that a person decided about, by id, those behind ``after``."""
        rows = await self._pool.fetch(DECIDED, after, limit)
        return [
            DecidedPost(
                row["post_id"],
                read_last_word(row),
                row["title"],
                row["body"],
                tuple(row["hashtags"]),
            )
            for row in rows
        ]


def read_last_word(row: asyncpg.Record) -> LastWord:
    return LastWord(
        Decision(row["decision"]),
        row["reason"] or "",
        SafetyScores(
            spam=row["spam_score"], nsfw=row["nsfw_score"], toxicity=row["toxicity_score"]
        ),
    )
