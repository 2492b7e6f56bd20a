"""Which pools a trending list is made of, and the column that it is ranked by."""

from collections.abc import Mapping, Sequence

from domain import pools
from domain.feed import CandidateSource
from domain.ranking.candidates import Codes, Floats
from domain.trending import Window
from services.feed import Columns
from services.gathering import trend_column
from services.pool_cache import MEMBERS, PoolCache
from services.sources import Draw


def trending_draws(window: Window, scope: str) -> Sequence[Draw]:
    """The pool of the scope; a region's is mixed with the worldwide one."""
    pool = pools.trending(window, scope)
    if not _is_region(scope):
        return (Draw(CandidateSource.TRENDING, pool, MEMBERS),)
    worldwide = pools.trending_worldwide(window)
    return (
        Draw(CandidateSource.REGIONAL, pool, MEMBERS),
        Draw(CandidateSource.TRENDING, worldwide, MEMBERS),
    )


def trending_columns(cache: PoolCache, window: Window, scope: str, now: float) -> Columns:
    """The column ``trend``: decayed engagement in the scope; in a region its own, where it has."""
    names = [pools.trending_worldwide(window), pools.trending(window, scope)]

    def columns(rows: Codes) -> Mapping[str, Floats]:
        return {"trend": trend_column(cache, rows, names, window, now)}

    return columns


def _is_region(scope: str) -> bool:
    return scope.startswith(pools.region_scope(""))
