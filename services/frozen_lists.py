"""Pages of lists of other things than posts: frozen when they begin, gone through by cursors."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import uuid4

import msgspec

from domain.cursors import Argument, SessionCursor, SessionCursors, scope_of
from services.context import RequestContext
from services.session_store import SessionStore

LONGEST: Final = 500

E = TypeVar("E")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenAsk(Generic[E]):
    """Which list is asked for; ``operation`` and ``arguments`` bind its cursors.

    ``bring`` makes the entries of a new session, ``entry`` is their type, ``keep`` tells whether
    an entry may still be shown. ``load`` brings here what ``keep`` asks about the entries of a
    session that was found: another process may have begun it.
    """

    operation: str
    arguments: Mapping[str, Argument]
    entry: type[E]
    bring: Callable[[], Awaitable[Sequence[E]]]
    keep: Callable[[E], bool]
    load: Callable[[Sequence[E]], Awaitable[object]] | None = None


@dataclass(frozen=True, slots=True)
class FrozenPage(Generic[E]):
    """``entries`` go with ``places`` in the session, which count from 0, and ``cursors``."""

    entries: tuple[E, ...]
    places: tuple[int, ...]
    cursors: tuple[str, ...]
    has_next: bool
    is_first: bool

    @property
    def has_previous(self) -> bool:
        return bool(self.places) and self.places[0] > 0


class FrozenLists:
    def __init__(self, sessions: SessionStore, cursors: SessionCursors) -> None:
        self._sessions = sessions
        self._cursors = cursors

    async def page(
        self, context: RequestContext, ask: FrozenAsk[E], first: int, after: str | None
    ) -> FrozenPage[E]:
        """The page behind ``after``, or the first one of a new session.

        Raises:
            MalformedCursor: the cursor was issued for something else, or not by us.

        """
        scope = scope_of(ask.operation, ask.arguments, context.viewer_id)
        cursor = None if after is None else self._cursors.decode(after, scope)
        entries = None if cursor is None else await self._find(context, ask, cursor.session)
        if cursor is None or entries is None:
            # A list that is over is made anew and gone on with at the same place.
            cursor = SessionCursor(uuid4().hex, 0 if cursor is None else cursor.offset)
            entries = list(await ask.bring())[:LONGEST]
        elif ask.load is not None:
            await ask.load(entries[cursor.offset :])
        self._sessions.keep(context, cursor.session, msgspec.msgpack.encode(entries))
        found = [
            (place, entry)
            for place, entry in enumerate(entries[cursor.offset :], cursor.offset)
            if ask.keep(entry)
        ]
        page = found[:first]
        return FrozenPage(
            entries=tuple(entry for _, entry in page),
            places=tuple(place for place, _ in page),
            cursors=tuple(
                self._cursors.encode(SessionCursor(cursor.session, place + 1), scope)
                for place, _ in page
            ),
            has_next=len(found) > len(page),
            is_first=cursor.offset == 0,
        )

    async def _find(
        self, context: RequestContext, ask: FrozenAsk[E], session_id: str
    ) -> list[E] | None:
        packed = await self._sessions.find(context, session_id)
        if packed is None:
            return None
        try:
            return msgspec.msgpack.decode(packed, type=list[ask.entry])
        except msgspec.MsgspecError:
            return None  # of a former form
