"""What a caller did longer ago than the memory at hand reaches.

The learned profile holds the latest likes, saves and follows only. For what a caller names, the
durable sets are asked where that memory is full; a list goes without.
"""

from collections.abc import Collection, Mapping
from typing import Final

import structlog

from domain.errors import Unavailable
from domain.events import Action, EngagementType
from domain.identifiers import stable_key
from domain.interests import MAX_FOLLOWED, MAX_REMEMBERED
from domain.ports.follows import Follows
from domain.ports.reactions import Reactions
from runtime.deadlines import bounded
from services.context import RequestContext
from services.viewer_facts import ViewerFacts

LONGEST: Final = 0.05  # seconds; without an answer what is at hand is shown
LIKES: Final = frozenset({Action.LIKE, Action.UNLIKE})
SAVES: Final = frozenset({Action.SAVE, Action.UNSAVE})
FOLLOWS: Final = frozenset({Action.FOLLOW, Action.UNFOLLOW})

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class ViewerHistory:
    def __init__(self, reactions: Reactions, follows: Follows) -> None:
        self._reactions = reactions
        self._follows = follows

    async def complete(
        self,
        context: RequestContext,
        facts: ViewerFacts,
        *,
        posts: Collection[str] = (),
        creators: Collection[str] = (),
    ) -> None:
        """Add to the facts what the caller did to these; at most one read of each kind."""
        viewer_id, profile = context.viewer_id, context.started.profile
        if viewer_id is None:
            return
        is_full = max(len(profile.liked), len(profile.saved)) >= MAX_REMEMBERED
        reacted = posts if is_full else ()
        followed = set(creators) - facts.followed if len(profile.followed) >= MAX_FOLLOWED else ()
        if not (reacted or followed):
            return
        try:
            async with bounded(LONGEST):
                await self._look_up(viewer_id, context, facts, reacted, followed)
        except (Unavailable, TimeoutError) as failure:
            log.warning("history.unread", failure=str(failure))

    async def _look_up(
        self,
        viewer_id: str,
        context: RequestContext,
        facts: ViewerFacts,
        posts: Collection[str],
        creators: Collection[str],
    ) -> None:
        lately: Mapping[frozenset[Action], set[str]] = {
            kind: {one.target for one in context.started.state.recent if one.action in kind}
            for kind in (LIKES, SAVES, FOLLOWS)
        }  # what was done since the durable sets were written holds against them
        if posts:
            found = await self._reactions.of_viewer(viewer_id, sorted(posts))
            for post_id, types in found.items():
                if EngagementType.LIKE in types and post_id not in lately[LIKES]:
                    facts.liked.add(stable_key(post_id))
                if EngagementType.SAVE in types and post_id not in lately[SAVES]:
                    facts.saved.add(stable_key(post_id))
        if creators:
            found_creators = await self._follows.followed_among(viewer_id, sorted(creators))
            facts.followed.update(set(found_creators) - lately[FOLLOWS])
