"""What PostgreSQL tells of accounts to classifiers (port ``Accounts``)."""

from collections.abc import Collection, Mapping
from typing import Final

import asyncpg

from domain.classification import AccountFacts, RecentPosts
from stores.postgres_pool import PostgresPool

RECENT: Final = 50
MOST_COUNTED: Final = 10_000  # posts; more of them tell no more
# Whom nobody introduced has a row with an event time of -infinity: of its face nothing is known.
FACTS: Final = r"""
SELECT a.id, c.handle, c.avatar_url IS NOT NULL AS has_avatar, c.follower_count,
    coalesce(c.event_at > '-infinity', false) AS introduced, recent.*,
    (SELECT count(*) FROM follows f WHERE f.user_id = a.id AND f.active) AS following,
    (SELECT count(*) FROM (
        SELECT FROM posts WHERE author_id = a.id AND NOT deleted LIMIT $3
    ) AS all_of_them) AS post_count,
    $4 - (
        SELECT extract(epoch FROM created_at)::float8 FROM posts
        WHERE author_id = a.id AND NOT deleted ORDER BY created_at, id LIMIT 1
    ) AS age
FROM unnest($1::text[]) AS a (id)
LEFT JOIN creators c ON c.id = a.id
CROSS JOIN LATERAL (
    SELECT count(*) AS posts, count(words) - count(DISTINCT words) AS repeats,
        count(*) FILTER (WHERE linked) AS links,
        coalesce(extract(epoch FROM max(created_at) - min(created_at)), 0)::float8 AS span
    FROM (
        SELECT created_at, url IS NOT NULL OR body ~* 'https?://' AS linked,
            nullif(lower(coalesce(title, '') || ' ' || left(body, 2000)), ' ') AS words
        FROM posts WHERE author_id = a.id AND NOT deleted
        ORDER BY created_at DESC, id DESC LIMIT $2
    ) AS last
) AS recent"""


class PostgresAccounts:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def facts(self, ids: Collection[str], *, at: float) -> Mapping[str, AccountFacts]:
        if not ids:
            return {}
        rows = await self._pool.fetch(FACTS, list(set(ids)), RECENT, MOST_COUNTED, at)
        return {row["id"]: _facts(row) for row in rows}


def _facts(row: asyncpg.Record) -> AccountFacts:
    introduced: bool = row["introduced"]
    recent = RecentPosts(row["posts"], row["span"], row["repeats"], row["links"])
    return AccountFacts(
        handle=row["handle"] if introduced else None,
        age=None if row["age"] is None else max(0.0, row["age"]),
        followers=row["follower_count"],
        following=row["following"],
        posts=row["post_count"],
        has_avatar=row["has_avatar"] if introduced else None,
        recent=recent,
    )
