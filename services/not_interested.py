"""Viewers who want to see less of a post's kind."""

from uuid import uuid4

from domain.events import Action, UserInteraction
from domain.identifiers import Kind, decode_global_id
from domain.ports.event_publisher import EventPublisher
from domain.tokens import ImpressionTokens
from domain.viewer import Hidden, TargetKind
from services.context import RequestContext
from services.dislikes import Dislikes
from services.inputs import NotInterested
from services.interaction_checks import Deed
from services.interactions import MILLISECONDS, attribution, read_token
from services.outcomes import Outcome, UserError, UserErrorCode, mistake
from services.posts import PostReader
from services.statements import with_hidden
from services.viewer_writes import TooContended, ViewerWrites


class NotInterestedService:
    def __init__(
        self,
        *,
        posts: PostReader,
        dislikes: Dislikes,
        tokens: ImpressionTokens,
        events: EventPublisher,
        writes: ViewerWrites,
    ) -> None:
        self._posts = posts
        self._dislikes = dislikes
        self._tokens = tokens
        self._events = events
        self._writes = writes

    async def mark(
        self, context: RequestContext, statement: NotInterested
    ) -> Outcome[tuple[str, ...]]:
        """Hide the post, and what the reason names; the effects in words.

        Raises:
            NotSignedIn: the caller is anonymous.
            Unavailable: Kafka or the viewer's store is away; the statement may be repeated.

        """
        viewer_id = context.require_viewer()
        named = decode_global_id(statement.post_global_id)
        record = None
        if named is not None and named.kind is Kind.POST:
            (record,) = await self._posts.records(context, [named.value])
        if record is None:
            error = mistake(UserErrorCode.NOT_FOUND, "There is no such post.", "postId")
            return Outcome(errors=(error,))
        deed = Deed(
            Action.NOT_INTERESTED, TargetKind.POST, record.id, context.now, None, statement.token
        )
        impression = None
        if statement.token is not None:
            proven = read_token(self._tokens, deed, context)
            if isinstance(proven, UserError):
                return Outcome(errors=(proven,))
            impression = proven.impression
        dislike = self._dislikes.of(record, statement.because)
        hidden = {_name(held) for held in self._writes.latest(context).hidden}
        if all(target in hidden for target in dislike.targets):
            return Outcome(dislike.effects)
        event = UserInteraction(
            event_id=uuid4().hex,
            user_id=viewer_id,
            action=Action.NOT_INTERESTED,
            timestamp=round(context.now * MILLISECONDS),
            post_id=record.id,
            because=statement.because,
            attribution=None if impression is None else attribution(impression),
        )
        await self._events.publish([event])
        try:
            await self._writes.change(
                context, lambda state: with_hidden(state, dislike.targets, context.now)
            )
        except TooContended as conflict:
            return Outcome(errors=(mistake(UserErrorCode.CONFLICT, str(conflict)),))
        return Outcome(dislike.effects)


def _name(hidden: Hidden) -> tuple[TargetKind, str]:
    return hidden.kind, hidden.target
