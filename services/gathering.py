"""Pools in memory made into candidates: rows of the table, the sources that found them, trends."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.policy import Surface
from domain.ranking.candidates import Bits, Candidates, Codes, Floats, Mask
from domain.trending import HALF_LIFE, WINDOWS, Window, current_scores
from services.pool_cache import PoolCache
from services.post_table import PostTable
from services.sources import Draw

NEVER: Final = -np.inf
SeededColumns = Callable[[Codes, int], Mapping[str, Floats]]
Only = Callable[[Codes], Mask]
Told = Callable[[Codes, Bits], Bits]


@dataclass(frozen=True, slots=True)
class Further:
    """What a list asks for besides its draws.

    ``columns`` makes further columns for rows and the seed, ``only`` tell which rows may come in,
    ``told`` makes the source bits of rows what they are called.
    """

    columns: SeededColumns | None = None
    seed: int = 0
    only: Sequence[Only] = ()
    told: Told | None = None


NOTHING: Final = Further()


def gather(
    cache: PoolCache,
    draws: Iterable[Draw],
    now: float,
    further: Further = NOTHING,
    surface: Surface = Surface.RECOMMENDATION,
) -> Candidates:
    """The candidates of all draws for a list, once each, in the order of their rows."""
    table = cache.catalog.table
    drawn: list[Codes] = []
    sources: list[int] = []
    for draw in draws:
        drawn.append(cache.pool(draw.pool).rows[draw.start : draw.stop])
        sources.append(1 << draw.source)
    bits: Bits = np.zeros(len(table), dtype=np.uint32)
    if drawn:
        by_draw = np.array(sources, dtype=np.uint32)
        found_by = by_draw.repeat([len(members) for members in drawn])
        np.bitwise_or.at(bits, np.concatenate(drawn), found_by)
    rows = bits.nonzero()[0].astype(np.int32)
    for may_come in further.only:
        rows = rows[may_come(rows)]
    columns = trend_columns(cache, rows, now)
    if further.columns is not None:
        columns |= further.columns(rows, further.seed)
    found = bits[rows] if further.told is None else further.told(rows, bits[rows])
    return describe(table, rows, found, columns, surface)


def describe(
    table: PostTable,
    rows: Codes,
    sources: Bits,
    columns: Mapping[str, Floats],
    surface: Surface = Surface.RECOMMENDATION,
) -> Candidates:
    """Rows as candidates for a list, with what is counted among the further columns."""
    held = table.columns
    counts = {
        "likes": held.likes[rows].astype(np.float64),
        "comments": held.comments[rows].astype(np.float64),
        "reposts": held.reposts[rows].astype(np.float64),
        "creator_usual": table.usual_engagement(rows),
        "cluster": held.cluster[rows],
    }
    return table.gather(rows, sources, {**counts, **columns}, surface)


def trend_columns(cache: PoolCache, rows: Codes, now: float) -> dict[str, Floats]:
    """Decayed engagement now per window, worldwide, 0 where a post does not trend."""
    return {
        f"trend.{window}": current_scores(cache.trend_scores(window)[rows], now, HALF_LIFE[window])
        for window in WINDOWS
    }


def trend_column(
    cache: PoolCache, rows: Codes, names: Iterable[str], window: Window, now: float
) -> Floats:
    """Decayed engagement now as the last of the pools that holds a post says; 0 in none."""
    scores = np.full(len(cache.catalog.table), NEVER)
    for name in names:
        pool = cache.pool(name)
        scores[pool.rows] = pool.scores
    return current_scores(scores[rows], now, HALF_LIFE[window])
