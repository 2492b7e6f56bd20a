"""What PostgreSQL holds about a person, erased in small steps (port ``PersonalData``)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from domain.events import EngagementType
from domain.ports.personal_data import StandingReaction
from stores.personal_places import POSTGRES, Fate
from stores.postgres_pool import PostgresPool

STEP: Final = 2_000  # rows of a statement
DELETE: Final[Mapping[str, str]] = {
    "viewer_statements": "DELETE FROM viewer_statements WHERE viewer_id = $1 RETURNING 1",
    "user_interest_profiles": "DELETE FROM user_interest_profiles WHERE user_id = $1 RETURNING 1",
    "interactions": """
DELETE FROM interactions WHERE user_id = $1 AND (partition, sequence, at) IN (
    SELECT partition, sequence, at FROM interactions WHERE user_id = $1 LIMIT $2
) RETURNING 1""",
    "follows": """
DELETE FROM follows WHERE user_id = $1 AND target_id IN (
    SELECT target_id FROM follows WHERE user_id = $1 LIMIT $2
) RETURNING 1""",
    "blocks": """
DELETE FROM blocks WHERE user_id = $1 AND target_id IN (
    SELECT target_id FROM blocks WHERE user_id = $1 LIMIT $2
) RETURNING 1""",
    "hashtag_uses": """
WITH gone AS (
    DELETE FROM hashtag_uses WHERE person = $1 AND (hashtag, post_id) IN (
        SELECT hashtag, post_id FROM hashtag_uses u WHERE person = $1 AND NOT EXISTS (
            SELECT FROM posts p WHERE p.id = u.post_id AND p.author_id = $1 AND NOT p.deleted
        ) LIMIT $2
    ) RETURNING hashtag
),
counted AS (SELECT hashtag, count(*) AS uses FROM gone GROUP BY hashtag),
lowered AS (
    UPDATE hashtag_totals total SET uses = total.uses - counted.uses
    FROM counted WHERE counted.hashtag = total.hashtag
)
SELECT 1 FROM gone""",
}
UNLIMITED: Final = frozenset({"viewer_statements", "user_interest_profiles"})
REPORTED: Final = "SELECT post_id FROM post_reports WHERE reporter = $1 ORDER BY post_id LIMIT $2"
LOCK_FLAGS: Final = """
SELECT FROM content_flags WHERE post_id = ANY($1::text[]) ORDER BY post_id FOR UPDATE"""
DELETE_REPORTS: Final = """
DELETE FROM post_reports WHERE reporter = $1 AND post_id = ANY($2::text[]) RETURNING 1"""
COUNT_REPORTS: Final = """
UPDATE content_flags f SET reports = (
    SELECT count(*) FROM post_reports r WHERE r.post_id = f.post_id
        AND r.at > coalesce(decided_at(f.human_decision, f.human_at), '-infinity')
) WHERE post_id = ANY($1::text[])"""
# Views stay in the counts, as those do of which no row was ever kept.
STANDING: Final = """
SELECT post_id, type, count, last_sequence FROM reactions
WHERE user_id = $1 AND count > 0 AND type <> 'VIEW'
ORDER BY post_id, type LIMIT $2"""
LAST: Final = """
SELECT post_id, max(last_sequence) AS last FROM reactions WHERE user_id = $1 GROUP BY post_id"""
DELETE_REACTIONS: Final = """
DELETE FROM reactions WHERE user_id = $1 AND (post_id, type) IN (
    SELECT post_id, type FROM reactions WHERE user_id = $1 LIMIT $2
) RETURNING 1"""
# What an erasure leaves: its own work, and uses of hashtags in the person's own posts.
KEPT: Final = {
    "erasures_under_way": "false",
    "hashtag_uses": """NOT EXISTS (
        SELECT FROM posts p WHERE p.id = held.post_id AND p.author_id = $1 AND NOT p.deleted)""",
}


class PostgresPersonalData:
    """All but reactions at first (``PersonalData``), then those (``PersonalReactions``)."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    @property
    def store(self) -> str:
        return "postgresql"

    async def erase(self, subject: str) -> int:
        items = 0
        for table, statement in DELETE.items():
            limited = () if table in UNLIMITED else (STEP,)
            items += await self._delete(statement, subject, *limited)
        return items + await self._erase_reports(subject)

    async def find(self, subject: str) -> Collection[str]:
        found: list[str] = []
        for place in erased_columns():
            table, column = place
            kept = KEPT.get(table, "true")
            query = f"SELECT FROM {table} held WHERE {column} = $1 AND {kept} LIMIT 1"
            arguments = (subject,)
            if await self._pool.fetchrow(query, *arguments) is not None:
                found.append(f"{table}.{column}")
        return found

    async def standing(self, subject: str, limit: int) -> Sequence[StandingReaction]:
        rows = await self._pool.fetch(STANDING, subject, limit)
        return [
            StandingReaction(
                row["post_id"], EngagementType(row["type"]), row["count"], row["last_sequence"]
            )
            for row in rows
        ]

    async def last_sequences(self, subject: str) -> Mapping[str, int]:
        rows = await self._pool.fetch(LAST, subject)
        return {row["post_id"]: row["last"] for row in rows}

    async def erase_reactions(self, subject: str) -> int:
        return await self._delete(DELETE_REACTIONS, subject, STEP)

    async def _delete(self, statement: str, *arguments: object) -> int:
        """Until nothing is left to delete; each step is a short transaction of its own."""
        items = 0
        while rows := await self._pool.fetch(statement, *arguments):
            items += len(rows)
        return items

    async def _erase_reports(self, subject: str) -> int:
        items = 0
        while rows := await self._pool.fetch(REPORTED, subject, STEP):
            posts = [row["post_id"] for row in rows]
            async with self._pool.transaction() as connection:
                await connection.execute(LOCK_FLAGS, posts)
                items += len(await connection.fetch(DELETE_REPORTS, subject, posts))
                await connection.execute(COUNT_REPORTS, posts)
        return items


def erased_columns() -> Sequence[tuple[str, str]]:
    """The columns that may not name a person after an erasure."""
    return [
        (table, column)
        for table, columns in POSTGRES.items()
        for column, fate in columns.items()
        if fate is Fate.ERASED
    ]
