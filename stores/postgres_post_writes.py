"""The write side of the posts projection: lock, read, fold, write, in one transaction.

A post's row in ``content_flags`` is its lock. Rows are locked in the order of their ids, so that
two consumers with posts in common wait for each other instead of deadlocking.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from domain.post_findings import NEVER
from domain.post_state import PostState
from domain.posts import PostRecord
from stores.postgres_pool import Connection
from stores.postgres_post_rows import (
    as_json,
    content_row,
    judgment_row,
    read_content,
    read_judgment,
)

ADD_FLAGS: Final = """
INSERT INTO content_flags (post_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING"""
LOCK: Final = """
SELECT FROM content_flags WHERE post_id = ANY($1::text[]) ORDER BY post_id FOR UPDATE"""
# A statement of its own: its snapshot is taken when the locks are held.
READ: Final = "SELECT * FROM post_states WHERE post_id = ANY($1::text[])"
WRITE_POSTS: Final = """
INSERT INTO posts (id, author_id, title, body, url, language, region, created_at, hashtags, media,
    own_categories, categories, deleted, recommendable, event_at)
SELECT id, author_id, title, body, url, language, region, to_timestamp(created_at), hashtags,
    media, own_categories, categories, deleted, recommendable, to_timestamp(event_at)
FROM jsonb_to_recordset($1::jsonb) AS r (id text, author_id text, title text, body text, url text,
    language text, region text, created_at float8, hashtags text[], media jsonb,
    own_categories jsonb, categories jsonb, deleted boolean, recommendable boolean,
    event_at float8)
ON CONFLICT (id) DO UPDATE SET author_id = excluded.author_id, title = excluded.title,
    body = excluded.body, url = excluded.url, language = excluded.language,
    region = excluded.region, created_at = excluded.created_at, hashtags = excluded.hashtags,
    media = excluded.media, own_categories = excluded.own_categories,
    categories = excluded.categories, deleted = excluded.deleted,
    recommendable = excluded.recommendable, event_at = excluded.event_at"""
WRITE_FLAGS: Final = """
UPDATE content_flags f SET spam_score = r.spam_score, nsfw_score = r.nsfw_score,
    toxicity_score = r.toxicity_score, bot_score = r.bot_score, quality_score = r.quality_score,
    machine_scores = r.machine_scores, score_times = r.score_times, guesses = r.guesses,
    guessed_at = coalesce(to_timestamp(r.guessed_at), '-infinity'),
    human_scores = r.human_scores, human_score_times = r.human_score_times,
    human_categories = r.human_categories,
    human_categories_at = coalesce(to_timestamp(r.human_categories_at), '-infinity'),
    cleared_at = coalesce(to_timestamp(r.cleared_at), '-infinity'),
    machine_decision = r.machine_decision, machine_source = r.machine_source,
    machine_at = coalesce(to_timestamp(r.machine_at), '-infinity'),
    human_decision = r.human_decision, human_source = r.human_source,
    human_at = coalesce(to_timestamp(r.human_at), '-infinity'),
    review_status = r.review_status, reasons = r.reasons, severity = r.severity,
    told_nsfw = r.told_nsfw,
    revision = CASE WHEN r.revised THEN nextval('post_revisions') ELSE f.revision END,
    reports = (SELECT count(*) FROM post_reports WHERE post_reports.post_id = f.post_id
        AND at > coalesce(decided_at(r.human_decision, to_timestamp(r.human_at)), '-infinity'))
FROM jsonb_to_recordset($1::jsonb) AS r (post_id text, spam_score float8, nsfw_score float8,
    toxicity_score float8, bot_score float8, quality_score float8, machine_scores float8[],
    score_times float8[], guesses jsonb, guessed_at float8, human_scores float8[],
    human_score_times float8[], human_categories jsonb, human_categories_at float8,
    cleared_at float8, machine_decision text, machine_at float8,
    machine_source text, human_decision text, human_at float8, human_source text,
    review_status text, reasons text[], severity float8, told_nsfw boolean, revised boolean)
WHERE f.post_id = r.post_id"""
REVISE: Final = """
UPDATE content_flags SET revision = nextval('post_revisions') WHERE post_id = ANY($1::text[])"""
DROP_CATEGORIES: Final = "DELETE FROM post_categories WHERE post_id = ANY($1::text[])"
ADD_CATEGORIES: Final = """
INSERT INTO post_categories (post_id, category_slug, confidence, created_at)
SELECT post_id, slug, confidence, to_timestamp(created_at)
FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[])
    AS r (post_id, slug, confidence, created_at)"""


async def lock_and_read(connection: Connection, ids: Collection[str]) -> dict[str, PostState]:
    """The states of these posts, locked until the transaction ends; unknown ones are made."""
    ordered = sorted(ids)
    await connection.execute(ADD_FLAGS, ordered)
    await connection.execute(LOCK, ordered)
    return {
        row["post_id"]: PostState(
            read_content(row),
            NEVER if row["told_at"] is None else row["told_at"],
            read_judgment(row),
        )
        for row in await connection.fetch(READ, ordered)
    }


async def write_changes(
    connection: Connection, before: Mapping[str, PostState], after: Mapping[str, PostState]
) -> None:
    """Write what differs; a post whose record differs gets a new revision."""
    changed = {post_id: state for post_id, state in after.items() if state != before[post_id]}
    old = {post_id: before[post_id].record(post_id) for post_id in changed}
    new = {
        post_id: record
        for post_id, state in changed.items()
        if (record := state.record(post_id)) is not None
    }
    revised = {post_id for post_id, record in new.items() if record != old[post_id]}
    judged = {
        post_id: state.judgment
        for post_id, state in changed.items()
        if state.judgment != before[post_id].judgment
    }
    if judged:
        rows = [
            {**judgment_row(post_id, judgment), "revised": post_id in revised}
            for post_id, judgment in judged.items()
        ]
        await connection.execute(WRITE_FLAGS, as_json(rows))
    if revised - judged.keys():
        await connection.execute(REVISE, sorted(revised - judged.keys()))
    if new:
        rows = [_content_row(changed[post_id], record) for post_id, record in new.items()]
        await connection.execute(WRITE_POSTS, as_json(rows))
    await _write_categories(
        connection,
        [record for post_id, record in new.items() if _filed(record) != _filed(old[post_id])],
    )


def _content_row(state: PostState, record: PostRecord) -> Mapping[str, object]:
    if state.content is None:
        raise ValueError(record.id)
    return content_row(state.content, record, state.told_at)


def _filed(record: PostRecord | None) -> object:
    return record and (record.categories, record.created_at)


async def _write_categories(connection: Connection, records: Sequence[PostRecord]) -> None:
    if not records:
        return
    await connection.execute(DROP_CATEGORIES, [record.id for record in records])
    rows = [(record, category) for record in records for category in record.categories]
    await connection.execute(
        ADD_CATEGORIES,
        [record.id for record, _ in rows],
        [category.slug for _, category in rows],
        [category.confidence for _, category in rows],
        [record.created_at for record, _ in rows],
    )
