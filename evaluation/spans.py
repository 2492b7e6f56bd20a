"""The span that a table tests: the days asked for, the protocol's, or the data's own."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from evaluation.data import Span, UnusableData


@dataclass(frozen=True, slots=True)
class Asked:
    """``--from`` and ``--to`` of the command line, None where not given."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise UnusableData(f"--from {self.first} lies after --to {self.last}")


@dataclass(frozen=True, slots=True)
class Default:
    """The protocol's span.

    Data of other times are tested on all their days or, with ``days``, on the last ones, at most
    the later half, so that something is known before.
    """

    span: Span
    days: int | None = None

    def within(self, own: Span) -> Span:
        """The part of the data's own days that stands in for the protocol's."""
        if self.days is None:
            return own
        half = own.first + (own.last - own.first) / 2
        return Span(max(own.last - timedelta(days=self.days - 1), half), own.last)


NOTHING_ASKED: Final = Asked()


def span_of(asked: Asked, default: Default, times: Sequence[float], what: str) -> Span:
    """The span to test; ``times`` are those of ``what`` is counted, in epoch seconds, any order.

    Where the data have nothing in it, a line on standard error says so.
    """
    own = Span(_day(min(times)), _day(max(times))) if times else default.span
    if asked.first is None and asked.last is None:
        if not times or _any_in(default.span, times):
            return default.span
        span = default.within(own)
        part = (
            f", their last {default.days} days, at most their later half" if default.days else ""
        )
        _tell(f"no {what} from {_days(default.span)}: testing the data's {_days(span)}{part}")
        return span
    span = _completed(asked, default.span, own)
    if not _any_in(span, times):
        _tell(f"no {what} from {_days(span)}; the data have {_days(own) if times else 'none'}")
    return span


def _completed(asked: Asked, default: Span, own: Span) -> Span:
    """The missing end is the protocol's or, where that lies on the wrong side, the data's."""
    if asked.first is None:
        last = asked.last or default.last
        return Span(default.first if default.first <= last else min(own.first, last), last)
    if asked.last is None:
        first = asked.first
        return Span(first, default.last if default.last >= first else max(own.last, first))
    return Span(asked.first, asked.last)


def _any_in(span: Span, times: Sequence[float]) -> bool:
    return any(span.start <= at < span.stop for at in times)


def _days(span: Span) -> str:
    return f"{span.first} to {span.last}"


def _day(at: float) -> date:
    return datetime.fromtimestamp(at, UTC).date()


def _tell(fact: str) -> None:
    sys.stderr.write(f"{fact}\n")
