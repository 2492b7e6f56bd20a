"""What callers did: checked, published, acknowledged, and on record for the next request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import structlog
from msgspec.structs import replace

from domain.errors import TokenExpired, TokenInvalid, Unavailable
from domain.events import Action, Attribution, UserInteraction
from domain.identifiers import Kind, decode_global_id
from domain.ports.event_publisher import EventPublisher
from domain.ports.moderation import Moderation
from domain.tokens import Impression, ImpressionTokens
from domain.viewer import MAX_RECENT_ACTIONS, RecentAction, TargetKind, ViewerState
from services.context import RequestContext
from services.inputs import Interaction, Report
from services.interaction_checks import Deed, check, not_found
from services.outcomes import Recorded, UserError, UserErrorCode, mistake
from services.posts import PostReader
from services.repeats import Repeats
from services.statements import with_hidden
from services.targets import Targets
from services.viewer_writes import TooContended, ViewerWrites

TOKEN_NAME_CHARS: Final = 22  # the signature at its end names a token
MILLISECONDS: Final = 1_000
LONGEST_NOTE: Final = 1_000

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Proven:
    """A deed on something that is there, with the impression that its token proves, if any."""

    deed: Deed
    impression: Impression | None

    @property
    def token_name(self) -> str:
        """Names the token; empty where there is none."""
        return (self.deed.token or "")[-TOKEN_NAME_CHARS:] if self.impression else ""


class InteractionService:
    def __init__(  # noqa: PLR0913 - its ports
        self,
        *,
        targets: Targets,
        repeats: Repeats,
        tokens: ImpressionTokens,
        events: EventPublisher,
        writes: ViewerWrites,
        posts: PostReader,
        moderation: Moderation,
    ) -> None:
        self._targets = targets
        self._repeats = repeats
        self._tokens = tokens
        self._events = events
        self._writes = writes
        self._posts = posts
        self._moderation = moderation

    async def track(
        self, context: RequestContext, interactions: Sequence[Interaction]
    ) -> Sequence[Recorded]:
        """One answer for each, in order; what is well-formed is published together.

        Raises:
            NotSignedIn: the caller is anonymous.
            Unavailable: Kafka did not acknowledge; nothing was accepted then.

        """
        viewer_id = context.require_viewer()
        checked = [check(interaction, context.now) for interaction in interactions]
        deeds = [deed for deed in checked if isinstance(deed, Deed)]
        there = await self._targets.find(context, {(deed.kind, deed.target) for deed in deeds})
        judged = [
            self._prove(context, deed, there) if isinstance(deed, Deed) else deed
            for deed in checked
        ]
        proven = [one for one in judged if isinstance(one, Proven)]
        new = await self._repeats.new(context, proven)
        if new:
            await self._events.publish([_event(viewer_id, one) for one in new])
            await self._remember(context, new)
        accepted = {id(one) for one in new}
        return [
            Recorded(recorded=False, errors=(one,))
            if isinstance(one, UserError)
            else Recorded(recorded=id(one) in accepted)
            for one in judged
        ]

    async def report(self, context: RequestContext, report: Report) -> Recorded:
        """Tell the moderators.

        Raises:
            NotSignedIn: the caller is anonymous.
            Unavailable: the report could not be kept.

        """
        viewer_id = context.require_viewer()
        note = (report.note or "").replace("\0", "").strip()  # PostgreSQL holds no NUL
        if len(note) > LONGEST_NOTE:
            message = f"`note` must be at most {LONGEST_NOTE:,} characters."
            return Recorded(
                recorded=False, errors=(mistake(UserErrorCode.OUT_OF_RANGE, message, "note"),)
            )
        named = decode_global_id(report.post_global_id)
        record = None
        if named is not None and named.kind is Kind.POST:
            (record,) = await self._posts.records(context, [named.value])
        first = record and await self._moderation.report(
            record.id, reporter=viewer_id, reason=report.reason, note=note or None, at=context.now
        )
        if first is None:
            error = mistake(UserErrorCode.NOT_FOUND, "There is no such post.", "postId")
            return Recorded(recorded=False, errors=(error,))
        return Recorded(recorded=bool(first))

    def _prove(
        self, context: RequestContext, deed: Deed, there: Mapping[tuple[TargetKind, str], bool]
    ) -> Proven | UserError:
        if not there[deed.kind, deed.target]:
            return not_found(deed.kind)
        if deed.token is None or deed.kind is not TargetKind.POST:
            return Proven(deed, None)
        return read_token(self._tokens, deed, context)

    async def _remember(self, context: RequestContext, new: Sequence[Proven]) -> None:
        """Note what was published, so that the next request sees it."""
        try:
            await self._writes.change(context, lambda state: _with_recent(state, new))
        except (Unavailable, TooContended) as failure:
            # The events are safe and shape the profile; only the quick copy is missing.
            log.warning("interactions.unnoted", failure=str(failure))


def read_token(
    tokens: ImpressionTokens, deed: Deed, context: RequestContext
) -> Proven | UserError:
    """The deed with the impression of its token, or what is wrong with the token."""
    try:
        impression = tokens.read(
            deed.token or "", viewer=context.viewer_id, post=deed.target, now=context.now
        )
    except TokenExpired:
        message = "The impression token is over; leave it out."
        return mistake(UserErrorCode.TOKEN_EXPIRED, message, "impressionToken")
    except TokenInvalid:
        message = "The impression token is not of this post and this viewer."
        return mistake(UserErrorCode.TOKEN_INVALID, message, "impressionToken")
    return Proven(deed, impression)


def _event(viewer_id: str, proven: Proven) -> UserInteraction:
    deed, impression = proven.deed, proven.impression
    named = proven.token_name
    return UserInteraction(
        # The same impression gives the same id, however often a client retries.
        event_id=f"t:{named}:{deed.action}" if named else uuid4().hex,
        user_id=viewer_id,
        action=deed.action,
        timestamp=round(deed.at * MILLISECONDS),
        post_id=deed.target if deed.kind is TargetKind.POST else None,
        creator_id=deed.target if deed.kind is TargetKind.CREATOR else None,
        hashtag=deed.target if deed.kind is TargetKind.HASHTAG else None,
        duration_ms=deed.duration_ms,
        attribution=None if impression is None else attribution(impression),
    )


def attribution(impression: Impression) -> Attribution:
    return Attribution(
        request_id=impression.request_id,
        position=impression.position,
        surface=impression.surface,
        served_at=round(impression.served_at * MILLISECONDS),
        propensity=impression.propensity,
    )


def _with_recent(state: ViewerState, new: Sequence[Proven]) -> ViewerState:
    actions = [
        RecentAction(one.deed.action, one.deed.kind, one.deed.target, one.deed.at, one.token_name)
        for one in new
    ]
    recent = (*state.recent, *actions)[-MAX_RECENT_ACTIONS:]
    hidden = [
        (one.deed.kind, one.deed.target) for one in new if one.deed.action is Action.NOT_INTERESTED
    ]
    state = replace(state, recent=recent)
    return with_hidden(state, hidden, new[-1].deed.at) if hidden else state
