"""A served page made again: chosen from its session anew, its scores added up anew.

Inputs are what the session keeps (columns, seed, time, how the page was asked for) and, for what
was allowed and for whom, the posts and the viewer as they are now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from domain.feed import CandidateSource, ScoreExplanation
from domain.ports.viewers import ViewerReads, Viewers
from domain.ranking.explanation import explain
from domain.ranking.paging import page_at
from domain.ranking.recipe import Recipe
from domain.ranking.recipes import CATEGORY, EXPLORE, RELATED, SEARCH, TRENDING
from domain.ranking.session import PackedFactor, PackedTerm, RankedSession
from services.context import RequestContext
from services.list_session import ListSession, ServedPage, totals
from services.post_catalog import PostCatalog
from services.ranked_lists import as_they_are, query_of
from services.trending_draws import IN_ONE_LIST
from services.viewpoint import Viewpoint

RECIPES: Final[Mapping[str, Recipe]] = {
    recipe.version: recipe
    for recipe in (EXPLORE, CATEGORY, RELATED, SEARCH, *TRENDING.values(), *IN_ONE_LIST.values())
}
SINGLE: Final = 4  # bytes of a packed value


class NothingToReplay(Exception):
    """What a replay needs is over or was never kept; the message says which."""


@dataclass(frozen=True, slots=True)
class ReplayedPost:
    place: int
    post_id: str
    source: CandidateSource
    account: ScoreExplanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A page as it comes out now, beside the ``served`` ids; times are epoch seconds."""

    operation: str
    recipe: str
    seed: int
    at: float
    posts: tuple[ReplayedPost, ...]
    served: tuple[str, ...]
    same_scores: bool

    @property
    def same_order(self) -> bool:
        return tuple(post.post_id for post in self.posts) == self.served


class Replays:
    def __init__(self, viewers: Viewers, catalog: PostCatalog) -> None:
        self._viewers = viewers
        self._catalog = catalog

    async def of(self, request_id: str) -> Sequence[Replay]:
        """Every page of a ranked list that the request served.

        Raises:
            NothingToReplay: it served none, or the session is over.
            Unavailable: a store did not answer.

        """
        names = await self._viewers.sessions_of(request_id)
        reads = await self._viewers.begin(None, None, names)
        sessions = [_decoded(packed) for packed in reads.sessions.values()]
        found = [
            await self._replay(session.ranked, page)
            for session in sessions
            if session is not None
            for page in session.pages
            if page.request == request_id
        ]
        if not found:
            raise NothingToReplay(
                f"Nothing is held of request {request_id}: it served no ranked list, "
                "or the session is over (15 minutes after its last page)"
            )
        return found

    async def _replay(self, session: RankedSession, page: ServedPage) -> Replay:
        recipe = RECIPES.get(session.recipe)
        if recipe is None:
            raise NothingToReplay(f"This code has no recipe {session.recipe}")
        served = tuple(session.posts[row] for row in page.rows)
        then = _as_it_was(session, page)
        await self._catalog.load(then.posts)
        candidates = as_they_are(self._catalog.table, then, recipe.surface)
        reads = await self._reads(session.viewer)
        context = RequestContext(session.viewer, reads, page.request, page.at)
        query = query_of(Viewpoint(context), self._catalog.table, then, candidates)
        places = page_at(then, candidates, query, recipe, page.asked).places
        rows = [then.order[place] for place in places]
        return Replay(
            operation=page.operation,
            recipe=session.recipe,
            seed=session.seed,
            at=page.at,
            posts=tuple(
                ReplayedPost(place, then.posts[row], then.source(row), explain(then, row, place))
                for place, row in zip(places, rows, strict=True)
            ),
            served=served,
            same_scores=totals(then, page.rows) == page.totals,
        )

    async def _reads(self, viewer_id: str | None) -> ViewerReads:
        return await self._viewers.begin(viewer_id, None, ())


def _decoded(packed: bytes) -> ListSession | None:
    try:
        return msgspec.msgpack.decode(packed, type=ListSession)
    except msgspec.MsgspecError:
        return None  # of another kind of list, or of a former form


def _as_it_was(session: RankedSession, page: ServedPage) -> RankedSession:
    """The session when the page was chosen, without the rows and pages that came later."""
    held = page.held
    return replace(
        session,
        posts=session.posts[:held],
        sources=session.sources[:held],
        ranks=session.ranks[: held * SINGLE],
        terms=tuple(
            PackedTerm(term.name, term.weight, term.values[: held * SINGLE])
            for term in session.terms
        ),
        factors=tuple(
            PackedFactor(factor.stage, factor.reason, factor.values[: held * SINGLE])
            for factor in session.factors
        ),
        fresh=page.fresh,
        order=session.order[: page.before],
    )
