"""The moderators' queue, claims, history, decisions and viewers' reports (port ``Moderation``)."""

from collections.abc import Collection, Sequence
from typing import Final

import asyncpg

from domain.events import Decision, ModerationResult
from domain.moderation import HUMAN_PREFIX, ReviewStatus, SafetyReason
from domain.ports.moderation import (
    REPORTS_READ,
    Claim,
    ModerationCase,
    ModerationPage,
    Review,
    ViewerReport,
)
from domain.topics import MODERATION_RESULT
from stores.postgres_decisions import append_decisions
from stores.postgres_outbox import put_event
from stores.postgres_pool import Connection, PostgresPool
from stores.postgres_post_rows import read_record
from stores.postgres_post_writes import lock_and_read, write_changes
from stores.postgres_times import storable_time

CASE: Final = """
SELECT r.*, f.reasons, f.reports, f.urgency, f.rising, c.moderator,
    extract(epoch FROM c.until)::float8 AS until, extract(epoch FROM f.created_at)::float8 AS known
FROM content_flags f JOIN post_records r ON r.id = f.post_id
    LEFT JOIN moderation_claims c ON c.post_id = f.post_id
"""
WANTED: Final = """
    CASE WHEN $1::text[] = '{}'
        THEN f.review_status IN ('PENDING_REVIEW', 'ESCALATED') OR f.reports > 0
            OR (f.rising AND f.review_status = 'UNCLASSIFIED')
        ELSE f.review_status = ANY($1::text[]) END
    AND ($2::text[] = '{}' OR f.reasons && $2::text[]
        OR (f.reports > 0 AND ('REPORTED' = ANY($2::text[]) OR EXISTS (
            SELECT FROM post_reports q WHERE q.post_id = f.post_id AND q.reason = ANY($2::text[])
                AND q.at > coalesce(decided_at(f.human_decision, f.human_at), '-infinity')))))"""
QUEUE: Final = f"""{CASE} WHERE NOT r.deleted AND {WANTED}
    AND ($4::float8 IS NULL OR f.urgency < $4 OR (f.urgency = $4 AND f.post_id > $5))
ORDER BY f.urgency DESC, f.post_id LIMIT $3"""
TOTAL: Final = f"""
SELECT count(*) AS total FROM content_flags f JOIN posts p ON p.id = f.post_id
WHERE NOT p.deleted AND {WANTED}"""  # noqa: S608 - constants of ours
CASES: Final = f"{CASE} WHERE f.post_id = ANY($1::text[])"
HISTORY: Final = """
SELECT post_id, extract(epoch FROM at)::float8 AS at, actor, decision, reason, note
FROM moderation_events WHERE post_id = ANY($1::text[]) ORDER BY position"""
REPORTED: Final = """
SELECT f.post_id, q.reason, q.note, q.said FROM content_flags f CROSS JOIN LATERAL (
    SELECT reason, note, extract(epoch FROM at)::float8 AS said FROM post_reports
    WHERE post_id = f.post_id
        AND at > coalesce(decided_at(f.human_decision, f.human_at), '-infinity')
    ORDER BY at DESC, reporter LIMIT $2) q
WHERE f.post_id = ANY($1::text[]) AND f.reports > 0 ORDER BY q.said DESC"""
LOCK: Final = """
SELECT FROM content_flags f JOIN posts p ON p.id = f.post_id
WHERE f.post_id = $1 AND NOT p.deleted FOR UPDATE OF f"""
CLAIM: Final = """
INSERT INTO moderation_claims AS held (post_id, moderator, until)
VALUES ($1, $2, to_timestamp($3))
ON CONFLICT (post_id) DO UPDATE SET moderator = excluded.moderator, until = excluded.until
    WHERE held.moderator = excluded.moderator OR held.until <= to_timestamp($4)"""
CLAIMED: Final = """
SELECT moderator, extract(epoch FROM until)::float8 AS until
FROM moderation_claims WHERE post_id = $1"""
UNCLAIM: Final = "DELETE FROM moderation_claims WHERE post_id = $1"
REPORT: Final = """
INSERT INTO post_reports (post_id, reporter, reason, note, at)
VALUES ($1, $2, $3, $4, to_timestamp($5)) ON CONFLICT DO NOTHING RETURNING 1"""
COUNT_REPORTS: Final = """
UPDATE content_flags f SET reports = (
    SELECT count(*) FROM post_reports r WHERE r.post_id = f.post_id
        AND r.at > coalesce(decided_at(f.human_decision, f.human_at), '-infinity')
) WHERE post_id = $1"""


class PostgresModeration:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def queue(
        self,
        *,
        statuses: Collection[ReviewStatus],
        reasons: Collection[SafetyReason],
        limit: int,
        after: tuple[float, str] | None,
    ) -> ModerationPage:
        wanted = (list(statuses), list(reasons))
        urgency, post_id = after or (None, None)
        rows = await self._pool.fetch(QUEUE, *wanted, limit, urgency, post_id)
        total = await self._pool.fetchrow(TOTAL, *wanted)
        return ModerationPage(await self._with_history(rows), total["total"] if total else 0)

    async def cases(self, post_ids: Sequence[str]) -> Sequence[ModerationCase | None]:
        rows = await self._pool.fetch(CASES, list(post_ids)) if post_ids else ()
        found = {case.post.id: case for case in await self._with_history(rows)}
        return [found.get(post_id) for post_id in post_ids]

    async def claim(self, post_id: str, claim: Claim, *, now: float) -> Claim | None:
        async with self._pool.transaction() as connection:
            if await connection.fetchrow(LOCK, post_id) is None:
                return None
            until, now = storable_time(claim.until), storable_time(now)
            await connection.execute(CLAIM, post_id, claim.moderator, until, now)
            return await _claim(connection, post_id)

    async def decide(self, post_id: str, review: Review) -> ModerationCase | Claim | None:
        async with self._pool.transaction() as connection:
            if await connection.fetchrow(LOCK, post_id) is None:
                return None
            held = await _claim(connection, post_id)
            if held is not None and held.moderator != review.actor and held.until > review.at:
                return held
            await apply_decision(connection, post_id, review)
            await connection.execute(UNCLAIM, post_id)
        return (await self.cases([post_id]))[0]

    async def report(
        self, post_id: str, *, reporter: str, reason: SafetyReason, note: str | None, at: float
    ) -> bool | None:
        async with self._pool.transaction() as connection:
            if await connection.fetchrow(LOCK, post_id) is None:
                return None
            added = await connection.fetchrow(
                REPORT, post_id, reporter, reason, _storable(note), storable_time(at)
            )
            await connection.execute(COUNT_REPORTS, post_id)
        return added is not None

    async def _with_history(self, rows: Sequence[asyncpg.Record]) -> Sequence[ModerationCase]:
        if not rows:
            return []
        history: dict[str, list[Review]] = {}
        for event in await self._pool.fetch(HISTORY, [row["id"] for row in rows]):
            history.setdefault(event["post_id"], []).append(_review(event))
        reported: dict[str, list[ViewerReport]] = {}
        if any(row["reports"] for row in rows):
            ids = [row["id"] for row in rows]
            for one in await self._pool.fetch(REPORTED, ids, REPORTS_READ):
                report = ViewerReport(one["said"], SafetyReason(one["reason"]), one["note"])
                reported.setdefault(one["post_id"], []).append(report)
        return [
            _case(row, history.get(row["id"], ()), reported.get(row["id"], ())) for row in rows
        ]


async def apply_decision(connection: Connection, post_id: str, review: Review) -> None:
    """Change the post, append to the history and tell everyone, in the caller's transaction."""
    at = storable_time(review.at)
    event = ModerationResult(
        post_id=post_id,
        decision=review.decision,
        source=f"{HUMAN_PREFIX}{review.actor}",
        timestamp=at * 1_000.0,
    )
    before = await lock_and_read(connection, [post_id])
    await write_changes(connection, before, {post_id: before[post_id].judged(event, at)})
    await put_event(connection, MODERATION_RESULT, event)
    await append_decisions(connection, [(post_id, review)])


async def _claim(connection: Connection, post_id: str) -> Claim | None:
    row = await connection.fetchrow(CLAIMED, post_id)
    return None if row is None else Claim(row["moderator"], row["until"])


def _case(
    row: asyncpg.Record, history: Sequence[Review], reported: Sequence[ViewerReport]
) -> ModerationCase:
    reasons = [SafetyReason(reason) for reason in row["reasons"]]
    if row["reports"]:
        reasons.append(SafetyReason.REPORTED)
    return ModerationCase(
        post=read_record(row),
        reasons=tuple(reasons),
        reports=row["reports"],
        urgency=row["urgency"],
        created_at=row["known"],
        history=tuple(history),
        rising=row["rising"],
        claim=None if row["moderator"] is None else Claim(row["moderator"], row["until"]),
        reported=tuple(reported),
    )


def _review(row: asyncpg.Record) -> Review:
    return Review(
        at=row["at"],
        actor=row["actor"],
        decision=Decision(row["decision"]),
        reason=row["reason"],
        note=row["note"],
    )


def _storable(text: str | None) -> str | None:
    return text and text.replace("\0", "")
