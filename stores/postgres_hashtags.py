"""Uses of hashtags in PostgreSQL (port ``Hashtags``)."""

from collections.abc import Sequence
from typing import Final

from domain.ports.hashtags import AwaitedUse, HashtagCount, HashtagUse
from domain.ports.posts import Place
from domain.posts import PostRecord
from stores.postgres_pool import Connection, PostgresPool
from stores.postgres_post_rows import read_record
from stores.postgres_times import storable_time

MAX_COUNTS: Final = 500
AWAITED: Final = ""  # no hashtag: uses of whatever a post has that is not known yet
# A row that is new, and not one that was updated, has no deleting transaction in `xmax`.
USE: Final = """
WITH told AS (
    INSERT INTO hashtag_uses AS held (hashtag, post_id, person, at, region)
    SELECT hashtag, post_id, person, to_timestamp(at), region
    FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[])
        AS r (hashtag, post_id, person, at, region)
    ORDER BY hashtag, post_id, person
    ON CONFLICT (hashtag, post_id, person) DO UPDATE SET at = excluded.at, region = excluded.region
    WHERE held.at < excluded.at
    RETURNING hashtag, xmax = 0 AS is_new
)
INSERT INTO hashtag_totals AS total (hashtag, uses)
SELECT hashtag, count(*) FROM told WHERE is_new AND hashtag <> '' GROUP BY hashtag ORDER BY hashtag
ON CONFLICT (hashtag) DO UPDATE SET uses = total.uses + excluded.uses"""
SETTLE: Final = """
DELETE FROM hashtag_uses u USING posts p
WHERE u.hashtag = '' AND u.post_id = ANY($1::text[]) AND p.id = u.post_id
RETURNING u.post_id, u.person, extract(epoch FROM u.at)::float8 AS at,
    coalesce(u.region, p.region) AS region, p.hashtags"""
# A use holds while the post has the hashtag and the person wrote it or has a reaction to it: what
# is taken back, and what the counters refused, is out of every count without a word. The history
# before the window is not asked for reactions: it says what is usual, and is many times as long.
# It counts people by window, as the window does: who uses a hashtag in ten posts is one of them.
COUNTS: Final = """
WITH recent AS (
    SELECT u.hashtag, count(DISTINCT u.person) AS people, count(DISTINCT u.post_id) AS posts
    FROM hashtag_uses u JOIN posts p ON p.id = u.post_id AND p.recommendable
    WHERE u.at > to_timestamp($1) AND u.at <= to_timestamp($2)
        AND ($4::text IS NULL OR u.region = $4)
        AND u.hashtag = ANY(p.hashtags) AND (p.author_id = u.person OR EXISTS (
            SELECT FROM reactions r
            WHERE r.user_id = u.person AND r.post_id = u.post_id AND r.count > 0))
    GROUP BY u.hashtag HAVING count(DISTINCT u.person) >= $5
    ORDER BY people DESC, u.hashtag LIMIT $6
)
SELECT recent.*, (
    SELECT count(*) FROM (
        SELECT DISTINCT u.person,
            floor(($1 - extract(epoch FROM u.at)::float8) / ($2 - $1)) AS windows_ago
        FROM hashtag_uses u JOIN posts p ON p.id = u.post_id AND p.recommendable
        WHERE u.hashtag = recent.hashtag AND u.at <= to_timestamp($1)
            AND u.at > to_timestamp($1 - $3::float8) AND ($4::text IS NULL OR u.region = $4)
            AND u.hashtag = ANY(p.hashtags)
    ) usual
) AS baseline_people
FROM recent ORDER BY people DESC, hashtag"""
REGIONS: Final = """
SELECT region FROM hashtag_uses
WHERE at > to_timestamp($1) AND region IS NOT NULL AND hashtag <> ''
GROUP BY region ORDER BY count(*) DESC, region LIMIT $2"""
POST_COUNTS: Final = """
SELECT h.hashtag, n.posts FROM unnest($1::text[]) AS h (hashtag) CROSS JOIN LATERAL (
    SELECT count(*) AS posts FROM posts WHERE recommendable AND hashtags @> ARRAY[h.hashtag]
) n"""
POSTS: Final = """
SELECT * FROM post_records WHERE recommendable AND hashtags @> ARRAY[$4::text]
    AND ($2::float8 IS NULL OR (created_at, id) < (to_timestamp($2), $3))
ORDER BY created_at DESC, id DESC LIMIT $1"""
FORGET: Final = """
WITH gone AS (DELETE FROM hashtag_uses WHERE at < to_timestamp($1) RETURNING hashtag),
counted AS (SELECT hashtag, count(*) AS uses FROM gone GROUP BY hashtag),
lowered AS (
    UPDATE hashtag_totals total SET uses = total.uses - counted.uses
    FROM counted WHERE counted.hashtag = total.hashtag
)
SELECT coalesce(sum(uses), 0)::bigint AS uses FROM counted"""


class PostgresHashtags:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def use(self, batch: Sequence[HashtagUse]) -> None:
        if batch:
            async with self._pool.transaction() as connection:
                await _use(connection, batch)

    async def awaiting(self, batch: Sequence[AwaitedUse]) -> None:
        await self.use(
            [HashtagUse(AWAITED, one.person, one.post_id, one.at, one.region) for one in batch]
        )

    async def settle(self, post_ids: Sequence[str]) -> None:
        if not post_ids:
            return
        async with self._pool.transaction() as connection:
            rows = await connection.fetch(SETTLE, list(post_ids))
            await _use(
                connection,
                [
                    HashtagUse(hashtag, row["person"], row["post_id"], row["at"], row["region"])
                    for row in rows
                    for hashtag in row["hashtags"]
                ],
            )

    async def counts(
        self, *, since: float, until: float, baseline: float, region: str | None, least_people: int
    ) -> Sequence[HashtagCount]:
        rows = await self._pool.fetch(
            COUNTS, since, until, baseline, region, least_people, MAX_COUNTS
        )
        return [
            HashtagCount(
                hashtag=row["hashtag"],
                people=row["people"],
                posts=row["posts"],
                baseline_people=row["baseline_people"],
                baseline_seconds=baseline,
            )
            for row in rows
        ]

    async def regions(self, *, since: float, limit: int) -> Sequence[str]:
        rows = await self._pool.fetch(REGIONS, storable_time(since), limit)
        return [row["region"] for row in rows]

    async def post_counts(self, hashtags: Sequence[str]) -> Sequence[int]:
        usable = [hashtag for hashtag in hashtags if "\0" not in hashtag]
        rows = await self._pool.fetch(POST_COUNTS, usable) if usable else ()
        found = {row["hashtag"]: row["posts"] for row in rows}
        return [found.get(hashtag, 0) for hashtag in hashtags]

    async def posts(
        self, hashtag: str, *, limit: int, before: Place | None = None
    ) -> Sequence[PostRecord]:
        if "\0" in hashtag:
            return []
        at, post_id = before or (None, None)
        rows = await self._pool.fetch(POSTS, limit, at, post_id, hashtag)
        return [read_record(row) for row in rows]

    async def forget(self, before: float) -> int:
        row = await self._pool.fetchrow(FORGET, storable_time(before))
        return 0 if row is None else row["uses"]


async def _use(connection: Connection, batch: Sequence[HashtagUse]) -> None:
    latest: dict[tuple[str, str, str], HashtagUse] = {}
    for use in batch:
        key = (use.hashtag, use.post_id, use.person)
        if key not in latest or use.at > latest[key].at:
            latest[key] = use
    if latest:
        uses = latest.values()
        await connection.execute(
            USE,
            [use.hashtag for use in uses],
            [use.post_id for use in uses],
            [use.person for use in uses],
            [storable_time(use.at) for use in uses],
            [use.region for use in uses],
        )
