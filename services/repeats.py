"""Which interactions say something new, and which are on record already.

Setting what is set, or undoing what is not set, is a repeat. All else is one if it carries the
same impression token as an earlier one or, without a token, follows the same action on the same
target within ten minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol, TypeVar

import structlog

from domain.errors import Unavailable
from domain.events import Action, EngagementType
from domain.identifiers import stable_key
from domain.interests import MAX_REMEMBERED
from domain.ports.reactions import Reactions
from domain.ports.viewers import ViewerReads
from domain.viewer import TargetKind
from services.context import RequestContext
from services.interaction_checks import Deed
from services.viewer_facts import ViewerFacts
from services.viewer_writes import ViewerWrites

REPEAT_SECONDS: Final = 600.0
_SETS: Final[Mapping[Action, Action]] = {
    Action.LIKE: Action.LIKE,
    Action.UNLIKE: Action.LIKE,
    Action.SAVE: Action.SAVE,
    Action.UNSAVE: Action.SAVE,
    Action.FOLLOW: Action.FOLLOW,
    Action.UNFOLLOW: Action.FOLLOW,
    Action.HASHTAG_FOLLOW: Action.HASHTAG_FOLLOW,
    Action.HASHTAG_UNFOLLOW: Action.HASHTAG_FOLLOW,
}
REACTIONS: Final = {Action.LIKE: EngagementType.LIKE, Action.SAVE: EngagementType.SAVE}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Claim(Protocol):
    @property
    def deed(self) -> Deed: ...
    @property
    def token_name(self) -> str: ...


ClaimT = TypeVar("ClaimT", bound=Claim)


class Repeats:
    def __init__(self, reactions: Reactions, writes: ViewerWrites) -> None:
        self._reactions = reactions
        self._writes = writes

    async def new(self, context: RequestContext, claims: Sequence[ClaimT]) -> list[ClaimT]:
        """Those that are no repeats, neither of what is on record nor of one before them."""
        state = self._writes.latest(context)
        record = _Record(replace(context.started, state=state))
        unsure = sorted({c.deed.target for c in claims if record.may_have_forgotten(c.deed)})
        if unsure:
            record.learn(await self._look_up(context.require_viewer(), unsure))
        return [claim for claim in claims if record.take(claim.deed, claim.token_name)]

    async def _look_up(
        self, viewer_id: str, post_ids: Sequence[str]
    ) -> Mapping[str, frozenset[EngagementType]]:
        """Who liked and saved what, where the short memory at hand may have forgotten it."""
        try:
            return await self._reactions.of_viewer(viewer_id, post_ids)
        except Unavailable as failure:
            log.warning("interactions.unchecked", failure=str(failure))
            return {}


class _Record:
    """What is on record about one viewer, as a batch goes on."""

    def __init__(self, reads: ViewerReads) -> None:
        facts, recent = ViewerFacts.of(reads), reads.state.recent
        self._marks: set[tuple[Action, int | str]] = {
            *((Action.LIKE, key) for key in facts.liked),
            *((Action.SAVE, key) for key in facts.saved),
            *((Action.FOLLOW, name) for name in facts.followed),
            *((Action.HASHTAG_FOLLOW, name) for name in facts.followed_hashtags),
        }
        self._full = {
            Action.LIKE: len(reads.profile.liked) >= MAX_REMEMBERED,
            Action.SAVE: len(reads.profile.saved) >= MAX_REMEMBERED,
        }
        self._lately = {(_SETS[r.action], r.target) for r in recent if r.action in _SETS}
        self._hidden = {h.target for h in reads.state.hidden if h.kind is TargetKind.POST}
        self._tokens = {(r.action, r.token) for r in recent if r.token}
        self._at = {(r.action, r.kind, r.target): r.at for r in recent}

    def may_have_forgotten(self, deed: Deed) -> bool:
        """Only the latest likes and saves are at hand; an older one may be set all the same."""
        kind = _SETS.get(deed.action)
        if kind is None or kind not in REACTIONS or _mark(kind, deed.target) in self._marks:
            return False
        undoes = deed.action is not kind
        return (undoes or self._full[kind]) and (kind, deed.target) not in self._lately

    def learn(self, found: Mapping[str, frozenset[EngagementType]]) -> None:
        for post_id, types in found.items():
            for action, engagement in REACTIONS.items():
                if engagement in types and (action, post_id) not in self._lately:
                    self._marks.add(_mark(action, post_id))

    def take(self, deed: Deed, token_name: str) -> bool:
        """Whether the deed says something new; it is on record from now on."""
        kind = _SETS.get(deed.action)
        if kind is not None:
            return self._take_mark(_mark(kind, deed.target), holds=deed.action is kind)
        if deed.action is Action.NOT_INTERESTED:
            known = deed.target in self._hidden
            self._hidden.add(deed.target)
            return not known
        if token_name:
            known = (deed.action, token_name) in self._tokens
            self._tokens.add((deed.action, token_name))
            return not known
        before = self._at.get((deed.action, deed.kind, deed.target))
        self._at[deed.action, deed.kind, deed.target] = deed.at
        return before is None or abs(deed.at - before) >= REPEAT_SECONDS

    def _take_mark(self, mark: tuple[Action, int | str], *, holds: bool) -> bool:
        if (mark in self._marks) is holds:
            return False
        self._marks.symmetric_difference_update({mark})
        return True


def _mark(kind: Action, target: str) -> tuple[Action, int | str]:
    return kind, stable_key(target) if kind in REACTIONS else target
