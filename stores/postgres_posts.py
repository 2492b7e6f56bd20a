"""The projection of posts in PostgreSQL (port ``PostProjection``)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from domain.events import CategoryGuess
from domain.identifiers import slugify
from domain.moderation import ReviewStatus
from domain.ports.moderation import Review
from domain.ports.posts import Place, StoredIngestion, StoredModeration
from domain.post_content import content_of, deleted, written_at
from domain.post_state import PostState
from domain.posts import PostRecord
from stores.postgres_categories import PostgresCategories
from stores.postgres_decisions import append_decisions
from stores.postgres_pool import Connection, PostgresPool
from stores.postgres_post_rows import read_record
from stores.postgres_post_writes import lock_and_read, write_changes
from stores.postgres_times import storable_time

GET: Final = "SELECT * FROM post_records WHERE id = ANY($1::text[])"
NEWEST: Final = """
SELECT * FROM post_records WHERE recommendable ORDER BY created_at DESC, id DESC LIMIT $1"""
NEWEST_BEFORE: Final = """
SELECT * FROM post_records WHERE recommendable AND (created_at, id) < (to_timestamp($2), $3)
ORDER BY created_at DESC, id DESC LIMIT $1"""
TIME_OF_NEWEST: Final = """
SELECT extract(epoch FROM created_at)::float8 AS created FROM posts WHERE recommendable
ORDER BY created_at DESC, id DESC OFFSET $1 - 1 LIMIT 1"""
IN_CATEGORY: Final = """
SELECT r.* FROM post_categories c JOIN post_records r ON r.id = c.post_id
WHERE c.category_slug = $4 AND r.recommendable
    AND ($2::float8 IS NULL OR (c.created_at, c.post_id) < (to_timestamp($2), $3))
ORDER BY c.created_at DESC, c.post_id DESC LIMIT $1"""
OF_CREATOR: Final = """
SELECT * FROM post_records WHERE author_id = $4 AND NOT deleted
    AND review_status = ANY($5::text[])
    AND ($2::float8 IS NULL OR (created_at, id) < (to_timestamp($2), $3))
ORDER BY created_at DESC, id DESC LIMIT $1"""
BY_AUTHORS: Final = "SELECT id FROM posts WHERE author_id = ANY($1::text[]) ORDER BY id"
ADD_AUTHORS: Final = """
INSERT INTO creators (id, handle, display_name) SELECT id, id, id FROM unnest($1::text[]) AS r (id)
ON CONFLICT DO NOTHING"""
# Locked, so that who deletes one of these accounts meanwhile finds the posts that are written now.
LOCK_AUTHORS: Final = """
SELECT id, deleted FROM creators WHERE id = ANY($1::text[]) ORDER BY id FOR SHARE"""

MAX_WITHDRAWN: Final = 500  # posts of one transaction


class PostgresPosts:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool
        self._categories = PostgresCategories(pool)

    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        rows = await self._pool.fetch(GET, list(ids)) if ids else ()
        found = {row["id"]: read_record(row) for row in rows}
        return [found.get(post_id) for post_id in ids]

    async def newest(
        self, *, limit: int, before: Place | None = None, category: str | None = None
    ) -> Sequence[PostRecord]:
        at, post_id = before or (None, None)
        if category is not None:
            rows = await self._pool.fetch(IN_CATEGORY, limit, at, post_id, category)
        elif before is None:
            rows = await self._pool.fetch(NEWEST, limit)
        else:
            rows = await self._pool.fetch(NEWEST_BEFORE, limit, at, post_id)
        return [read_record(row) for row in rows]

    async def time_of_newest(self, number: int) -> float | None:
        row = await self._pool.fetchrow(TIME_OF_NEWEST, number)
        return None if row is None else row["created"]

    async def of_creator(
        self,
        creator_id: str,
        *,
        limit: int,
        before: Place | None = None,
        statuses: Collection[ReviewStatus] = tuple(ReviewStatus),
    ) -> Sequence[PostRecord]:
        at, post_id = before or (None, None)
        shown = [status.value for status in statuses]
        rows = await self._pool.fetch(OF_CREATOR, limit, at, post_id, creator_id, shown)
        return [read_record(row) for row in rows]

    async def ingest(self, batch: Sequence[StoredIngestion]) -> Sequence[str]:
        ids = list(dict.fromkeys(stored.event.post_id for stored in batch))
        if not ids:
            return ids
        await self._ensure_categories([guess for s in batch for guess in s.event.categories or ()])
        authors = sorted({s.event.author_id for s in batch})
        await self._pool.execute(ADD_AUTHORS, authors)
        async with self._pool.transaction() as connection:
            gone = await _gone(connection, authors)
            before = await lock_and_read(connection, ids)
            after = dict(before)
            for stored in batch:
                event = stored.event
                content = content_of(event, storable_time(written_at(event, stored.at)))
                if content.author_id in gone:
                    content = deleted(content)
                state = after[event.post_id]
                after[event.post_id] = state.told(
                    content, storable_time(stored.at), nsfw=event.nsfw is True
                )
            await write_changes(connection, before, after)
        return ids

    async def withdraw(self, authors: Mapping[str, float]) -> Sequence[str]:
        rows = await self._pool.fetch(BY_AUTHORS, list(authors)) if authors else ()
        ids = [row["id"] for row in rows]
        for first in range(0, len(ids), MAX_WITHDRAWN):
            async with self._pool.transaction() as connection:
                gone = await _gone(connection, sorted(authors))
                before = await lock_and_read(connection, ids[first : first + MAX_WITHDRAWN])
                after = {
                    post_id: _withdrawn(state, authors, gone) for post_id, state in before.items()
                }
                await write_changes(connection, before, after)
        return ids

    async def moderate(self, batch: Sequence[StoredModeration]) -> Sequence[str]:
        ids = list(dict.fromkeys(stored.event.post_id for stored in batch))
        if not ids:
            return ids
        await self._ensure_categories([guess for s in batch for guess in s.event.categories or ()])
        async with self._pool.transaction() as connection:
            before = await lock_and_read(connection, ids)
            after = dict(before)
            decisions: list[tuple[str, Review]] = []
            for stored in batch:
                post_id = stored.event.post_id
                held = after[post_id].judgment.human
                state = after[post_id].judged(stored.event, storable_time(stored.at))
                after[post_id] = state
                if (ruling := state.judgment.human) != held:
                    review = Review(ruling.at, ruling.actor, ruling.decision, None, None)
                    decisions.append((post_id, review))
            await write_changes(connection, before, after)
            await append_decisions(connection, decisions)
        return ids

    async def _ensure_categories(self, guesses: Sequence[CategoryGuess]) -> None:
        """Before the transaction: it must not hold posts while it waits for a category."""
        slugs = {slugify(guess.slug) for guess in guesses} - {""}
        if slugs:
            await self._categories.ensure(slugs)


async def _gone(connection: Connection, authors: Sequence[str]) -> Collection[str]:
    """Those of them whose account is deleted, which it stays until the transaction ends."""
    rows = await connection.fetch(LOCK_AUTHORS, authors)
    return {row["id"] for row in rows if row["deleted"]}


def _withdrawn(state: PostState, authors: Mapping[str, float], gone: Collection[str]) -> PostState:
    """What somebody who is back wrote since, stays."""
    content = state.content
    if content is None or content.author_id not in authors:
        return state
    at = storable_time(authors[content.author_id])
    return state.told(
        deleted(content), max(at, state.told_at) if content.author_id in gone else at
    )
