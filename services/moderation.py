"""The moderators' work: the queue, decisions, and why a post is or is not shown."""

from collections.abc import Sequence
from typing import Final

from domain import pools
from domain.cursors import KeysetCursors, scope_of
from domain.errors import NotFound
from domain.events import Decision
from domain.identifiers import Kind, decode_global_id
from domain.policy import Surface
from domain.ports.moderation import Claim, Moderation, ModerationCase
from domain.ports.moderation import Review as Decided
from domain.trending import Window
from services.arguments import QUEUE_MOST, check_first
from services.cards import Cards
from services.context import MODERATOR, RequestContext
from services.inputs import CaseClaim, ModerationFilter, Review, ReviewDecision
from services.outcomes import Outcome, UserErrorCode, mistake
from services.pages import Page
from services.pool_cache import PoolCache
from services.posts import PostReader
from services.views import (
    ClaimView,
    ModerationCaseItem,
    ModerationCaseView,
    ModerationEventView,
    WhyNotView,
)
from services.why_not import WhyNot

LONGEST_TEXT: Final = 1_000
LOOKED_AT: Final = 100  # places of a trending list that people come to
CLAIM_SECONDS: Final = 300.0  # a case is the moderator's that long unless it is claimed again


class ModerationService:
    def __init__(
        self,
        *,
        moderation: Moderation,
        posts: PostReader,
        cache: PoolCache,
        why: WhyNot,
        cursors: KeysetCursors,
    ) -> None:
        self._moderation = moderation
        self._posts = posts
        self._cache = cache
        self._why = why
        self._cursors = cursors

    async def queue(
        self,
        context: RequestContext,
        *,
        first: int,
        after: str | None,
        filter: ModerationFilter,  # noqa: A002 - the argument's name in the schema
    ) -> Page[ModerationCaseItem]:
        """Posts that wait for a person, most urgent first.

        Raises:
            NotSignedIn, NotAllowed: the caller is no moderator.

        """
        context.require_role(MODERATOR)
        check_first(first, QUEUE_MOST)
        arguments = {"statuses": sorted(filter.statuses), "reasons": sorted(filter.reasons)}
        scope = scope_of("moderation.queue", arguments, context.viewer_id)
        last = None if after is None else self._cursors.decode(after, scope, tuple[float, str])
        page = await self._moderation.queue(
            statuses=filter.statuses, reasons=filter.reasons, limit=first + 1, after=last
        )
        cases = page.cases[:first]
        views = await self._views(context, cases)
        return Page(
            items=tuple(
                ModerationCaseItem(view, self._cursors.encode((case.urgency, case.post.id), scope))
                for view, case in zip(views, cases, strict=True)
            ),
            has_next=len(page.cases) > first,
            has_previous=last is not None,
            total=page.total,
        )

    async def cases(
        self, context: RequestContext, post_ids: Sequence[str]
    ) -> Sequence[ModerationCaseView | None]:
        """Cases by post id; None for callers who are no moderators."""
        if not context.may_moderate:
            return [None] * len(post_ids)
        cases = await self._moderation.cases(post_ids)
        views = await self._views(context, [case for case in cases if case is not None])
        by_id = {view.card.record.id: view for view in views}
        return [by_id.get(post_id) for post_id in post_ids]

    async def review(self, context: RequestContext, review: Review) -> Outcome[ModerationCaseView]:
        """Decide about a post; the decision holds here at once, elsewhere once it is relayed.

        Raises:
            NotSignedIn, NotAllowed: the caller is no moderator.
            Unavailable: the decision could not be stored.

        """
        moderator = context.require_role(MODERATOR)
        reason, note = _cleaned(review.reason), _cleaned(review.note or "") or None
        if not 1 <= len(reason) <= LONGEST_TEXT:
            message = f"`reason` must be 1 to {LONGEST_TEXT:,} characters."
            return Outcome(errors=(mistake(UserErrorCode.INVALID_VALUE, message, "reason"),))
        if len(note or "") > LONGEST_TEXT:
            message = f"`note` must be at most {LONGEST_TEXT:,} characters."
            return Outcome(errors=(mistake(UserErrorCode.OUT_OF_RANGE, message, "note"),))
        post_id = _post_id(review.post_global_id)
        if post_id is None:
            return _no_such_post()
        decision = Decided(context.now, moderator, Decision(review.decision), reason, note)
        case = await self._moderation.decide(post_id, decision)
        if isinstance(case, Claim):
            return _held(case)
        if case is None:
            return _no_such_post()
        (view,) = await self._views(context, [case])
        return Outcome(view)

    async def claim(
        self, context: RequestContext, wanted: CaseClaim
    ) -> Outcome[ModerationCaseView]:
        """Hold a case for the caller, or give it back, so that no two work at one.

        Raises:
            NotSignedIn, NotAllowed: the caller is no moderator.
            Unavailable: the claim could not be stored.

        """
        moderator = context.require_role(MODERATOR)
        post_id = _post_id(wanted.post_global_id)
        if post_id is None:
            return _no_such_post()
        until = context.now if wanted.release else context.now + CLAIM_SECONDS
        claim = await self._moderation.claim(post_id, Claim(moderator, until), now=context.now)
        (case,) = await self._moderation.cases([post_id])
        if claim is None or case is None:
            return _no_such_post()
        if claim.moderator != moderator and not wanted.release:
            return _held(claim)
        (view,) = await self._views(context, [case])
        return Outcome(view)

    async def why_not(
        self, context: RequestContext, post_global_id: str, viewer_id: str | None
    ) -> WhyNotView:
        """Why a post is or is not shown to a viewer now, or to anyone where none is named.

        Raises:
            NotSignedIn, NotAllowed: the caller is no moderator.
            NotFound: there is no such post.

        """
        context.require_role(MODERATOR)
        post_id = _post_id(post_global_id)
        record = None
        if post_id is not None:
            (record,) = await self._posts.records(context, [post_id])
        if record is None:
            raise NotFound("There is no such post.")
        return await self._why.explain(context, record, viewer_id)

    async def _views(
        self, context: RequestContext, cases: Sequence[ModerationCase]
    ) -> list[ModerationCaseView]:
        """Views of cases, whose posts the process knows from now on as they are."""
        await self._cache.catalog.take_in([case.post for case in cases])
        cards = self._posts.cards(context)
        table = self._cache.catalog.table
        trending = {
            row
            for window in (Window.HOUR, Window.DAY)
            for row in self._cache.pool(pools.trending_worldwide(window)).rows[:LOOKED_AT].tolist()
        }
        return [_view(case, table.row(case.post.id), cards, trending, context) for case in cases]


def _cleaned(text: str) -> str:
    """What of a text can be kept: PostgreSQL holds no NUL."""
    return text.replace("\0", "").strip()


def _post_id(global_id: str) -> str | None:
    named = decode_global_id(global_id)
    return named.value if named is not None and named.kind is Kind.POST else None


def _no_such_post() -> Outcome[ModerationCaseView]:
    return Outcome(errors=(mistake(UserErrorCode.NOT_FOUND, "There is no such post.", "postId"),))


def _held(claim: Claim) -> Outcome[ModerationCaseView]:
    message = f"{claim.moderator} is working on it."
    return Outcome(errors=(mistake(UserErrorCode.CONFLICT, message, "postId"),))


def _view(
    case: ModerationCase, row: int, cards: Cards, trending: set[int], context: RequestContext
) -> ModerationCaseView:
    (card,) = cards.posts([row], Surface.DIRECT)
    return ModerationCaseView(
        card=card,
        status=case.post.status,
        scores=case.post.scores,
        reasons=case.reasons,
        would_trend=case.rising or row in trending,
        reports=case.reports,
        claim=_claim(case.claim, context),
        created_at=case.created_at,
        history=tuple(
            ModerationEventView(
                at=event.at,
                actor=event.actor,
                decision=ReviewDecision(event.decision),
                reason=event.reason,
                note=event.note,
            )
            for event in case.history
        ),
        reported=case.reported,
    )


def _claim(claim: Claim | None, context: RequestContext) -> ClaimView | None:
    if claim is None or claim.until <= context.now:
        return None
    return ClaimView(claim.moderator, claim.until, claim.moderator == context.viewer_id)
