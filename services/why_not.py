"""Why a post is or is not shown to a viewer now, stage by stage."""

from typing import Final

import numpy as np

from domain.interests import InterestProfile
from domain.moderation import safety_reasons
from domain.ports.viewers import ViewerReads, Viewers
from domain.posts import PostRecord
from domain.ranking.masks import DropReason
from domain.ranking.query import Query
from domain.ranking.recipes import EXPLORE
from domain.viewer import ViewerState
from services.context import RequestContext
from services.gathering import describe
from services.pool_cache import PoolCache
from services.sources import explore_draws
from services.standing import standing_of
from services.viewpoint import Viewpoint
from services.views import WhyNotCheck, WhyNotView

DETAILS: Final = {
    DropReason.NOT_RECOMMENDABLE: ("Its status or scores keep it out of lists", "May be listed"),
    DropReason.SENSITIVE: ("Sensitive, and the viewer did not opt in", "Fit for this viewer"),
    DropReason.BLOCKED: ("The viewer blocked its author", "Its author is not blocked"),
    DropReason.MUTED_CREATOR: ("The viewer muted its author", "Its author is not muted"),
    DropReason.MUTED_TOPIC: ("The viewer muted its topic", "Its topics are not muted"),
    DropReason.MUTED_HASHTAG: ("The viewer muted a hashtag of it", "No hashtag of it is muted"),
    DropReason.MUTED_WORD: ("It contains a word that the viewer muted", "No muted word in it"),
    DropReason.HIDDEN: ("The viewer hid it", "Not hidden"),
    DropReason.HIDDEN_CREATOR: ("The viewer hid its author lately", "Its author is not hidden"),
    DropReason.OWN: ("It is the viewer's own", "Somebody else's"),
    DropReason.LANGUAGE: ("Not in a language of the viewer's", "In a fitting language"),
    DropReason.SEEN: ("The viewer saw it within seven days", "Not seen within seven days"),
    DropReason.IN_SESSION: ("Shown on an earlier page", "Not shown on an earlier page"),
    DropReason.TOO_OLD: ("Too old", "Young enough"),
    DropReason.FROM_THE_FUTURE: ("Its time lies in the future", "Its time has come"),
}


class WhyNot:
    def __init__(self, viewers: Viewers, cache: PoolCache) -> None:
        self._viewers = viewers
        self._cache = cache

    async def explain(
        self, context: RequestContext, record: PostRecord, viewer_id: str | None
    ) -> WhyNotView:
        """The stages of the For You feed for one post that the table holds."""
        reads = ViewerReads(None, InterestProfile(), ViewerState())
        if viewer_id is not None:
            reads = await self._viewers.begin(viewer_id, None, ())
        theirs = RequestContext(viewer_id, reads, context.request_id, context.now)
        viewpoint = Viewpoint(theirs)
        draws = explore_draws(
            viewpoint.interests,
            viewpoint.region,
            viewpoint.latest_liked(self._cache.catalog.table),
            now=context.now,
        )
        await self._cache.require([draw.pool for draw in draws])
        table = self._cache.catalog.table
        rows = table.rows([record.id])
        rows = rows[rows >= 0]
        query = Query(
            viewpoint.taste(table),
            context.now,
            excluded=viewpoint.excluded(table, rows, served=reads.served),
        )
        post = describe(table, rows, np.zeros(len(rows), dtype=np.uint32), {})
        checks = [_status(record)]
        for each in EXPLORE.filters:
            mask = each(post, query)
            passed = bool(mask is None or mask.all())
            failed, fine = DETAILS[each.reason]
            stage = each.reason.name.lower()
            checks.append(WhyNotCheck(stage, passed, fine if passed else failed))
        sources = sorted(
            {
                draw.source.name
                for draw in draws
                if np.isin(rows, self._cache.pool(draw.pool).rows[draw.start : draw.stop]).any()
            }
        )
        found = f"Found by {', '.join(sources)}" if sources else "In no list that is drawn from"
        checks.append(WhyNotCheck("candidate", bool(sources), found))
        checks += standing_of(self._cache, viewpoint, int(rows[0])) if len(rows) else ()
        failures = [check for check in checks if not check.passed]
        return WhyNotView(
            eligible=not failures,
            verdict=failures[0].detail if failures else "It may be shown now",
            checks=tuple(checks),
        )


def _status(record: PostRecord) -> WhyNotCheck:
    reasons = ", ".join(safety_reasons(record.status, record.scores))
    detail = record.status.value + (f" ({reasons})" if reasons else "")
    return WhyNotCheck("status", record.recommendable, detail)
