"""Pages of ranked lists: opened by a ranking, gone through by signed cursors, safe at each page.

A session holds the ranked rows and the order in which they were served. A page that was served
before is that part of the order; what may no longer be shown is left out and the page filled up.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import msgspec
import numpy as np
import structlog

from domain.cursors import Argument, SessionCursor, SessionCursors, scope_of
from domain.errors import Unavailable
from domain.identifiers import stable_key
from domain.policy import Surface
from domain.ranking.candidates import Candidates, Codes, Ints, Mask
from domain.ranking.paging import choose_page, still_allowed
from domain.ranking.pipeline import rank
from domain.ranking.query import Query
from domain.ranking.recipe import Recipe
from domain.ranking.session import RankedSession, open_session, session_rows
from domain.served import all_keys
from runtime.metrics import Metrics
from runtime.tracing import span
from services.gathering import describe
from services.post_catalog import PostCatalog
from services.post_table import PostTable
from services.session_growth import MAX_GROWN, grown
from services.session_store import SessionStore
from services.viewpoint import Viewpoint

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class ListSession(msgspec.Struct, array_like=True):
    """``extra`` is what a kind of list keeps per row, packed by its service.

    ``more`` tells that the ranking had more rows than the session keeps.
    """

    ranked: RankedSession
    more: bool = False
    extra: bytes = b""


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
        ranked = session.ranked
        places, alive = self._select(ask, ranked, candidates, cursor.offset, first, new=new)
        if len(places) < first and session.more:
            session, candidates = await self._grow(ask, session)
            ranked = session.ranked
            places, alive = self._select(ask, ranked, candidates, cursor.offset, first)
        rows = [ranked.order[place] for place in places]
        alive[ranked.order[: places[-1] + 1] if places else ranked.order] = False
        return ListPage(
            session=session,
            session_id=cursor.session,
            scope=scope,
            places=tuple(places),
            rows=tuple(rows),
            table_rows=candidates.row[rows],
            keys=candidates.key[rows],
            has_next=bool(alive.any()) or session.more,
            is_first=cursor.offset == 0,
        )

    def keep(self, ask: Ask, page: ListPage, *, served: bytes | None = None) -> None:
        """Write the page's session behind the response."""
        packed = self._encoder.encode(page.session)
        self._sessions.keep(ask.viewpoint.context, page.session_id, packed, served=served)

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
        return _as_they_are(self._catalog.table, ranked, ask.recipe.surface)

    async def _grow(self, ask: Ask, session: ListSession) -> tuple[ListSession, Candidates]:
        """The session with what a new ranking has besides its posts."""
        old = session.ranked
        if ask.pack is not None or len(old.posts) >= MAX_GROWN:
            return ListSession(old, more=False, extra=session.extra), await self._present(ask, old)
        keys = np.array(sorted(map(stable_key, old.posts)), dtype=np.int64)
        further, _, more = await self._rank(ask, old.seed, in_session=keys)
        longer = grown(old, further)
        return ListSession(longer, more and bool(further.posts)), await self._present(ask, longer)

    def _select(
        self,
        ask: Ask,
        ranked: RankedSession,
        candidates: Candidates,
        offset: int,
        first: int,
        *,
        new: bool = False,
    ) -> tuple[list[int], Mask]:
        """Places of the order to show, the order lengthened where it ends, and what is alive.

        ``new`` where the session was ranked for this very page.
        """
        table = self._catalog.table
        query = Query(
            ask.viewpoint.taste(table),
            ask.viewpoint.context.now,
            ranked.seed,
            ask.viewpoint.still_excluded(table, candidates.row),
        )
        if new:  # all filters have just been applied
            alive = np.ones(len(candidates), dtype=np.bool_)
        else:
            alive = still_allowed(candidates, query, ask.recipe)
        choose = partial(choose_page, ranked, candidates, query, ask.recipe, alive=alive)
        if offset > len(ranked.order):  # the last write of the session was lost
            choose(offset - len(ranked.order))
        places = [
            place for place in range(offset, len(ranked.order)) if alive[ranked.order[place]]
        ][:first]
        if len(places) < first:
            start = len(ranked.order)
            choose(first - len(places))
            places += range(start, len(ranked.order))
        return places, alive


def _as_they_are(table: PostTable, ranked: RankedSession, surface: Surface) -> Candidates:
    """A post that is gone stands as a row that is not recommendable."""
    rows = table.rows(ranked.posts)
    gone = rows < 0
    sources = np.zeros(len(rows), dtype=np.uint32)
    candidates = describe(table, np.where(gone, 0, rows).astype(np.int32), sources, {}, surface)
    candidates.recommendable[gone] = False
    candidates.author[gone] = -1
    candidates.category[gone] = -1
    return candidates
