"""The projection of creators in PostgreSQL (port ``CreatorProjection``)."""

from collections.abc import Sequence
from typing import Final

import asyncpg

from domain.creators import CreatorRecord
from domain.eligibility import is_public
from domain.events import UserUpdated
from domain.identifiers import is_region
from domain.moderation import ReviewStatus
from domain.ports.creators import StoredUser
from stores.postgres_pool import PostgresPool
from stores.postgres_post_rows import as_json
from stores.postgres_times import storable_time

# Followers as the user service counts them; where it does not, as many as we know of. Posts that a
# creator's page shows to anybody, those that nobody has classified yet included.
GET: Final = """
WITH own AS MATERIALIZED (
    SELECT p.author_id, p.categories FROM posts p JOIN content_flags f ON f.post_id = p.id
    WHERE p.author_id = ANY($1::text[]) AND NOT p.deleted AND f.review_status = ANY($2::text[])
),
counts AS (SELECT author_id, count(*) AS posts FROM own GROUP BY author_id),
used AS (
    SELECT author_id, category ->> 0 AS slug, count(*) AS posts
    FROM own, jsonb_array_elements(categories) AS category GROUP BY author_id, slug
),
ranked AS (
    SELECT author_id, slug,
        row_number() OVER (PARTITION BY author_id ORDER BY posts DESC, slug) AS place
    FROM used
),
top AS (
    SELECT author_id, array_agg(slug ORDER BY place) AS slugs FROM ranked
    WHERE place <= 3 GROUP BY author_id
),
following AS (
    SELECT target_id, count(*) AS followers FROM follows
    WHERE target_id = ANY($1::text[]) AND active GROUP BY target_id
)
SELECT c.*, coalesce(c.follower_count, following.followers) AS followers,
    coalesce(counts.posts, 0) AS posts, coalesce(top.slugs, '{}') AS top
FROM creators c
LEFT JOIN counts ON counts.author_id = c.id
LEFT JOIN top ON top.author_id = c.id
LEFT JOIN following ON following.target_id = c.id
WHERE c.id = ANY($1::text[])"""
BY_HANDLE: Final = """
SELECT id FROM creators WHERE lower(handle) = lower($1) AND NOT deleted
ORDER BY event_at DESC, id LIMIT 1"""
UPSERT: Final = """
INSERT INTO creators AS c (id, handle, display_name, avatar_url, follower_count, region,
    languages, deleted, event_at)
SELECT id, handle, display_name, avatar_url, follower_count, region, languages, deleted,
    to_timestamp(event_at)
FROM jsonb_to_recordset($1::jsonb) AS r (id text, handle text, display_name text, avatar_url text,
    follower_count bigint, region text, languages text[], deleted boolean, event_at float8)
ORDER BY id
ON CONFLICT (id) DO UPDATE SET revision = nextval('creator_revisions'), handle = excluded.handle,
    display_name = excluded.display_name, avatar_url = excluded.avatar_url,
    follower_count = excluded.follower_count, region = excluded.region,
    languages = excluded.languages, deleted = excluded.deleted, event_at = excluded.event_at
WHERE c.event_at < excluded.event_at"""


class PostgresCreators:
    """``post_count`` and ``top_categories`` are counted when a record is read.

    They and the follower count may therefore differ between records of one revision.
    """

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]:
        public = [status.value for status in ReviewStatus if is_public(status)]
        rows = await self._pool.fetch(GET, list(set(ids)), public) if ids else ()
        found = {row["id"]: _record(row) for row in rows}
        return [found.get(creator_id) for creator_id in ids]

    async def by_handle(self, handle: str) -> CreatorRecord | None:
        if "\0" in handle:
            return None
        row = await self._pool.fetchrow(BY_HANDLE, handle)
        return None if row is None else (await self.get_many([row["id"]]))[0]

    async def update(self, batch: Sequence[StoredUser]) -> Sequence[str]:
        latest: dict[str, StoredUser] = {}
        for stored in batch:
            held = latest.get(stored.event.user_id)
            if held is None or stored.at >= held.at:
                latest[stored.event.user_id] = stored
        if latest:
            rows = [_row(stored.event, storable_time(stored.at)) for stored in latest.values()]
            await self._pool.execute(UPSERT, as_json(rows))
        return list(latest)


def _row(event: UserUpdated, at: float) -> dict[str, object]:
    """Of a deleted creator only the id is kept."""
    gone = event.deleted is True
    region = event.region if event.region and is_region(event.region) else None
    return {
        "id": event.user_id,
        "handle": event.user_id if gone else event.handle.replace("\0", ""),
        "display_name": event.user_id if gone else event.display_name.replace("\0", ""),
        "avatar_url": None if gone or not event.avatar_url else event.avatar_url.replace("\0", ""),
        "follower_count": None if gone else _natural(event.follower_count),
        "region": None if gone else region,
        "languages": [] if gone else [tag.replace("\0", "") for tag in event.languages or ()],
        "deleted": gone,
        "event_at": at,
    }


def _natural(count: int | None) -> int | None:
    return None if count is None or not 0 <= count < 1 << 63 else count


def _record(row: asyncpg.Record) -> CreatorRecord:
    return CreatorRecord(
        id=row["id"],
        revision=row["revision"],
        handle=row["handle"],
        display_name=row["display_name"],
        avatar_url=row["avatar_url"],
        follower_count=row["followers"],
        region=row["region"],
        post_count=row["posts"],
        top_categories=tuple(row["top"]),
        deleted=row["deleted"],
    )
