"""The moderators' queue, history and reports in memory, over posts in memory."""

from collections.abc import Collection, Sequence

from domain.events import ModerationResult
from domain.moderation import HUMAN_PREFIX, ReviewStatus, SafetyReason
from domain.ports.moderation import (
    REPORTS_READ,
    Claim,
    ModerationCase,
    ModerationPage,
    Review,
    ViewerReport,
)
from domain.ports.posts import StoredModeration
from domain.post_findings import NEVER
from domain.post_state import PostState
from domain.posts import PostRecord
from tests.fakes.outbox import MemoryOutbox
from tests.fakes.posts import MemoryPosts

WAITING = (ReviewStatus.PENDING_REVIEW, ReviewStatus.ESCALATED)


class MemoryModeration:
    def __init__(self, posts: MemoryPosts, outbox: MemoryOutbox | None = None) -> None:
        self._posts = posts
        self._outbox = outbox or MemoryOutbox()
        self._reports: dict[tuple[str, str], ViewerReport] = {}
        self._claims: dict[str, Claim] = {}
        self.rising: set[str] = set()

    async def queue(
        self,
        *,
        statuses: Collection[ReviewStatus],
        reasons: Collection[SafetyReason],
        limit: int,
        after: tuple[float, str] | None,
    ) -> ModerationPage:
        cases = [self._case(record) for record in self._posts.records if not record.deleted]
        wanted = [
            case
            for case in cases
            if (
                case.post.status in statuses
                if statuses
                else case.post.status in WAITING
                or case.reports
                or (case.rising and case.post.status is ReviewStatus.UNCLASSIFIED)
            )
            and (
                not reasons
                or set(reasons) & {*case.reasons, *(one.reason for one in case.reported)}
            )
        ]
        wanted.sort(key=lambda case: (-case.urgency, case.post.id))
        rest = [
            case
            for case in wanted
            if after is None or (-case.urgency, case.post.id) > (-after[0], after[1])
        ]
        return ModerationPage(rest[:limit], len(wanted))

    async def cases(self, post_ids: Sequence[str]) -> Sequence[ModerationCase | None]:
        records = await self._posts.get_many(post_ids)
        return [record and self._case(record) for record in records]

    async def claim(self, post_id: str, claim: Claim, *, now: float) -> Claim | None:
        record = (await self._posts.get_many([post_id]))[0]
        if record is None or record.deleted:
            return None
        held = self._claims.get(post_id)
        if held is None or held.moderator == claim.moderator or held.until <= now:
            self._claims[post_id] = claim
        return self._claims[post_id]

    async def decide(self, post_id: str, review: Review) -> ModerationCase | Claim | None:
        record = (await self._posts.get_many([post_id]))[0]
        if record is None or record.deleted:
            return None
        held = self._claims.get(post_id)
        if held is not None and held.moderator != review.actor and held.until > review.at:
            return held
        self._claims.pop(post_id, None)
        event = ModerationResult(
            post_id=post_id,
            decision=review.decision,
            source=f"{HUMAN_PREFIX}{review.actor}",
            timestamp=review.at * 1_000.0,
        )
        self._posts.record(post_id, review)
        await self._posts.moderate([StoredModeration(0, 0, review.at, event)])
        self._outbox.waiting.append(event)
        return (await self.cases([post_id]))[0]

    async def report(
        self, post_id: str, *, reporter: str, reason: SafetyReason, note: str | None, at: float
    ) -> bool | None:
        record = (await self._posts.get_many([post_id]))[0]
        if record is None or record.deleted:
            return None
        if (post_id, reporter) in self._reports:
            return False
        self._reports[post_id, reporter] = ViewerReport(
            at, reason, note and note.replace("\0", "")
        )
        return True

    def _case(self, record: PostRecord) -> ModerationCase:
        state: PostState = self._posts.state(record.id)
        since = state.judgment.decided_at or NEVER
        reported = [
            report
            for (post_id, _), report in self._reports.items()
            if post_id == record.id and report.at > since
        ]
        reported.sort(key=lambda report: -report.at)
        reports = len(reported)
        return ModerationCase(
            post=record,
            reasons=(*state.judgment.reasons, *([SafetyReason.REPORTED] if reports else [])),
            reports=reports,
            urgency=state.judgment.severity
            + 0.2 * min(reports, 10)
            + 0.5 * (record.id in self.rising),
            created_at=record.created_at,
            history=tuple(self._posts.decisions.get(record.id, ())),
            rising=record.id in self.rising,
            claim=self._claims.get(record.id),
            reported=tuple(reported[:REPORTS_READ]),
        )
