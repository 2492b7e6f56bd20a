"""What is kept of an open list: its ranked rows, and how each page of it came about."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from domain.ranking.paging import PageAsked
from domain.ranking.score import add_up
from domain.ranking.session import RankedSession

MAX_PAGES: Final = 50  # whose requests can be replayed, the latest


class PageMade(NamedTuple):
    """A page that was asked for, chosen when the session's order had ``before`` rows."""

    asked: PageAsked
    before: int


class ServedPage(msgspec.Struct, array_like=True, frozen=True, kw_only=True):
    """A page as it was served: rows of the session, and their totals as packed doubles.

    When it was chosen the order had ``before`` rows; ``held`` and ``fresh`` are the rows that the
    session had, which only grows at its end.
    """

    request: str
    operation: str
    at: float
    asked: PageAsked
    before: int
    held: int
    fresh: int
    rows: tuple[int, ...]
    totals: bytes


class ListSession(msgspec.Struct, array_like=True):
    """``extra`` is what a kind of list keeps per row, packed by its service.

    ``more`` tells that the ranking had more rows than the session keeps. ``pages`` are the latest
    ones, for who wants to replay a request.
    """

    ranked: RankedSession
    more: bool = False
    extra: bytes = b""
    pages: tuple[ServedPage, ...] = ()

    def note(
        self, request: str, operation: str, at: float, made: PageMade, rows: Sequence[int]
    ) -> None:
        """Keep how a page came about."""
        page = ServedPage(
            request=request,
            operation=operation,
            at=at,
            asked=made.asked,
            before=made.before,
            held=len(self.ranked.posts),
            fresh=self.ranked.fresh,
            rows=tuple(rows),
            totals=totals(self.ranked, rows),
        )
        self.pages = (*self.pages, page)[-MAX_PAGES:]


def totals(ranked: RankedSession, rows: Sequence[int]) -> bytes:
    """The totals of some rows, as packed doubles; terms and factors give them to the last bit."""
    terms = [term.column() for term in ranked.terms]
    factors = [factor.column() for factor in ranked.factors]
    every = add_up(terms, factors, len(ranked.posts))
    return every[np.array(rows, dtype=np.int64)].astype("<f8").tobytes()
