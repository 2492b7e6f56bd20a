"""Pages of ranked lists: opened by a ranking, gone through by signed cursors, safe at each page.

A session holds the ranked rows and the order in which they were served. A page that was served
before is that part of the order; what may no longer be shown is left out and the page filled up.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

import msgspec
import numpy as np
import structlog

from domain.cursors import Argument, SessionCursor, SessionCursors, scope_of
from domain.errors import Unavailable
from domain.identifiers import stable_key
from domain.policy import Surface
from domain.ranking.candidates import Candidates, Codes, Ints
from domain.ranking.paging import PageAsked, PageOfOrder, page_at
from domain.ranking.pipeline import rank
from domain.ranking.query import Query
from domain.ranking.recipe import Recipe
from domain.ranking.session import RankedSession, open_session, session_rows
from domain.served import all_keys
from runtime.metrics import Metrics
from runtime.tracing import span
from services.gathering import describe
from services.list_session import ListSession, PageMade
from services.post_catalog import PostCatalog
from services.post_table import PostTable
from services.session_growth import MAX_GROWN, grown
from services.session_store import SessionStore
from services.source_counts import SourceCounts
from services.viewpoint import Viewpoint

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Which list is asked for; ``operation`` and ``arguments`` bind its cursors.

    ``gather`` brings the candidates of a new ranking with a seed, as rows of the present table;
    ``pack`` makes the session's ``extra`` of those it keeps. ``served`` are the posts lately
    served, where the list cares. A list that packs extras must keep all its ``rows``.
    """

    operation: str
    arguments: Mapping[str, Argument]
    viewpoint: Viewpoint
    recipe: Recipe
    gather: Callable[[int], Awaitable[Candidates]]
    pack: Callable[[Candidates], bytes] | None = None
    served: bytes = b""
    rows: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """The posts at ``places`` of a session's order, with their rows in the session and the table.

    ``is_first`` where no cursor led here, or one whose session was over.
    """

    session: ListSession
    session_id: str
    scope: bytes
    places: tuple[int, ...]
    rows: tuple[int, ...]
    table_rows: Codes
    keys: Ints
    has_next: bool
    is_first: bool
    made: PageMade


class RankedLists:
    def __init__(
        self,
        catalog: PostCatalog,
        sessions: SessionStore,
        cursors: SessionCursors,
        metrics: Metrics,
    ) -> None:
        self._catalog = catalog
        self._metrics = metrics
        self._counts = SourceCounts(metrics)
        self._sessions = sessions
        self._cursors = cursors
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(ListSession)

    async def page(self, ask: Ask, first: int, after: str | None) -> ListPage:
        """The page behind ``after``, or the first one of a new session.

        Raises:
            MalformedCursor: the cursor was issued for something else, or not by us.

        """
        scope = scope_of(ask.operation, ask.arguments, ask.viewpoint.context.viewer_id)
        cursor = None if after is None else self._cursors.decode(after, scope)
        session, shown = (None, None) if cursor is None else await self._find(ask, cursor.session)
        new = cursor is None or session is None
        if cursor is None or session is None:
            # A session that is over is ranked anew, without what it showed; where nobody knows
            # what that was, the new one is gone on with at the same place.
            offset = 0 if cursor is None or shown is not None else cursor.offset
            cursor = SessionCursor(uuid4().hex, offset)
            session, candidates = await self._open(ask, cursor.session, shown)
        else:
            candidates = await self._present(ask, session.ranked)
        asked = PageAsked(cursor.offset, first, new)
        chosen = await self._choose(ask, session, candidates, asked)
        order, places, alive = chosen.session.ranked.order, chosen.page.places, chosen.page.alive
        rows = [order[place] for place in places]
        alive[order[: places[-1] + 1] if places else order] = False
        return ListPage(
            session=chosen.session,
            session_id=cursor.session,
            scope=scope,
            places=tuple(places),
            rows=tuple(rows),
            table_rows=chosen.candidates.row[rows],
            keys=chosen.candidates.key[rows],
            has_next=bool(alive.any()) or chosen.session.more,
            is_first=cursor.offset == 0,
            made=chosen.made,
        )

    def keep(self, ask: Ask, page: ListPage, *, served: bytes | None = None) -> None:
        """Write the page's session behind the response, with what a replay of it needs."""
        context = ask.viewpoint.context
        sources = page.session.ranked.sources
        self._counts.placed(ask.operation, [sources[row] for row in page.rows])
        page.session.note(context.request_id, ask.operation, context.now, page.made, page.rows)
        packed = self._encoder.encode(page.session)
        self._sessions.keep(context, page.session_id, packed, served=served, replayable=True)

    def cursor(self, page: ListPage, place: int) -> str:
        """The cursor behind the item at a place of the order."""
        return self._cursors.encode(SessionCursor(page.session_id, place + 1), page.scope)

    async def _find(self, ask: Ask, session_id: str) -> tuple[ListSession | None, Ints | None]:
        """The session; where it is over, sorted keys of what it showed, None where unknown."""
        context = ask.viewpoint.context
        lately = all_keys(ask.served, context.now) if ask.served else None
        packed = await self._sessions.find(context, session_id)
        if packed is None:
            return None, lately
        try:
            session = self._decoder.decode(packed)
        except msgspec.MsgspecError:
            return None, lately  # of a former form
        ranked = session.ranked
        if ranked.recipe == ask.recipe.version:
            return session, None
        return None, np.sort([stable_key(ranked.posts[row]) for row in ranked.order])

    async def _open(
        self, ask: Ask, session_id: str, shown: Ints | None
    ) -> tuple[ListSession, Candidates]:
        seed = int(session_id[:15], 16)
        ranked, candidates, more = await self._rank(ask, seed, in_session=shown)
        extra = b"" if ask.pack is None else ask.pack(candidates)
        return ListSession(ranked, more, extra), candidates

    async def _rank(
        self, ask: Ask, seed: int, *, in_session: Ints | None
    ) -> tuple[RankedSession, Candidates, bool]:
        """A new ranking as a session with its candidates, row by row; whether it had more."""
        with span("list.gather", {"list": ask.operation}):
            candidates = await ask.gather(seed)
        with (
            span("list.rank", {"list": ask.operation, "candidates": len(candidates)}),
            self._metrics.ranking_seconds.labels(ask.operation).time(),
        ):
            return self._ranked(ask, candidates, seed, in_session)

    def _ranked(
        self, ask: Ask, candidates: Candidates, seed: int, in_session: Ints | None
    ) -> tuple[RankedSession, Candidates, bool]:
        table = self._catalog.table
        excluded = ask.viewpoint.excluded(
            table, candidates.row, served=ask.served, in_session=in_session
        )
        ranking = rank(
            candidates,
            ask.viewpoint.taste(table),
            ask.recipe,
            now=ask.viewpoint.context.now,
            seed=seed,
            excluded=excluded,
        )
        self._counts.found(ask.operation, ranking.source)
        places = session_rows(ranking, ask.rows)
        kept = candidates.take(ranking.order[places])
        posts = table.ids(kept.row)
        viewer = ask.viewpoint.context.viewer_id
        ranked = open_session(ranking, places, posts, viewer=viewer)
        return ranked, kept, len(ranking.order) > len(places)

    async def _present(self, ask: Ask, ranked: RankedSession) -> Candidates:
        """The session's posts as they are now, row by row."""
        try:
            await self._catalog.load(ranked.posts)
        except Unavailable as failure:
            log.warning("session.incomplete", failure=str(failure))
        return as_they_are(self._catalog.table, ranked, ask.recipe.surface)

    async def _grow(self, ask: Ask, session: ListSession) -> tuple[ListSession, Candidates]:
        """The session with what a new ranking has besides its posts."""
        old = session.ranked
        if ask.pack is not None or len(old.posts) >= MAX_GROWN:
            session.more = False
            return session, await self._present(ask, old)
        keys = np.array(sorted(map(stable_key, old.posts)), dtype=np.int64)
        further, _, more = await self._rank(ask, old.seed, in_session=keys)
        session.ranked = grown(old, further)
        session.more = more and bool(further.posts)
        return session, await self._present(ask, session.ranked)

    async def _choose(
        self,
        ask: Ask,
        session: ListSession,
        candidates: Candidates,
        asked: PageAsked,
    ) -> "_Chosen":
        """A page; where rows are missing or rules gave way, of all that the ranking has."""
        order = list(session.ranked.order)
        chosen = self._select(ask, session, candidates, asked)
        # What was served before the session began stays behind all others: only a page that
        # takes all of it may be filled up with new rows, every other one is chosen again.
        only_fresh = session.ranked.fresh == len(session.ranked.posts)
        short = len(chosen.page.places) < asked.size
        if not session.more or not (short or (chosen.page.relaxed and only_fresh)):
            return chosen
        if only_fresh:
            session.ranked.order = order
        session, candidates = await self._grow(ask, session)
        return self._select(ask, session, candidates, asked._replace(new=False))

    def _select(
        self,
        ask: Ask,
        session: ListSession,
        candidates: Candidates,
        asked: PageAsked,
    ) -> "_Chosen":
        """The page as the session has it, its order lengthened where it ends."""
        ranked = session.ranked
        query = query_of(ask.viewpoint, self._catalog.table, ranked, candidates)
        made = PageMade(asked, len(ranked.order))
        page = page_at(ranked, candidates, query, ask.recipe, asked)
        return _Chosen(session, candidates, made, page)


class _Chosen(NamedTuple):
    session: ListSession
    candidates: Candidates
    made: PageMade
    page: PageOfOrder


def query_of(
    viewpoint: Viewpoint, table: PostTable, ranked: RankedSession, candidates: Candidates
) -> Query:
    """What every page of an open session is chosen for."""
    return Query(
        viewpoint.taste(table),
        viewpoint.context.now,
        ranked.seed,
        viewpoint.still_excluded(table, candidates.row),
    )


def as_they_are(table: PostTable, ranked: RankedSession, surface: Surface) -> Candidates:
    """A post that is gone stands as a row that is not recommendable."""
    rows = table.rows(ranked.posts)
    gone = rows < 0
    sources = np.zeros(len(rows), dtype=np.uint32)
    candidates = describe(table, np.where(gone, 0, rows).astype(np.int32), sources, {}, surface)
    candidates.recommendable[gone] = False
    candidates.author[gone] = -1
    candidates.category[gone] = -1
    return candidates
