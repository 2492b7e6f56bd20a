"""A ranked session: what later pages need to be chosen, shown and explained, packed.

Columns are float32, which is how they counted (``domain.ranking.score``), so that totals come out
of them to the last bit. How pages are chosen from it is in ``domain.ranking.paging``.
"""

from collections.abc import Sequence
from itertools import pairwise
from struct import Struct
from typing import Final

import msgspec
import numpy as np

from domain.feed import CandidateSource
from domain.ranking.blend import SourceCodes, share_index
from domain.ranking.candidates import Floats, Ints
from domain.ranking.pipeline import Ranking
from domain.ranking.score import FactorColumn, Singles, TermColumn

MAX_ROWS: Final = 300
_FLOAT: Final = Struct("<f")
_RANK: Final = Struct("<I")


class PackedTerm(msgspec.Struct, frozen=True, array_like=True):
    name: str
    weight: float
    values: bytes

    def value(self, row: int) -> float:
        return _FLOAT.unpack_from(self.values, row * _FLOAT.size)[0]

    def column(self) -> TermColumn:
        return TermColumn(self.name, self.weight, unpacked(self.values))


class PackedFactor(msgspec.Struct, frozen=True, array_like=True):
    stage: str
    reason: str
    values: bytes

    def value(self, row: int) -> float:
        return _FLOAT.unpack_from(self.values, row * _FLOAT.size)[0]

    def column(self) -> FactorColumn:
        return FactorColumn(self.stage, self.reason, unpacked(self.values))


class RankedSession(msgspec.Struct, array_like=True, kw_only=True):
    """``posts``, ``sources`` (``CandidateSource`` codes), ``ranks`` and the columns go together.

    ``order`` lists the rows served so far, page after page. ``ranks`` are places by score alone.
    Rows from ``fresh`` on had been served minutes before the session began. ``recipe`` is its
    version, ``created_at`` in epoch seconds, ``interactions`` how many the viewer had then, which
    decided the blend.
    """

    posts: list[str]
    sources: bytes
    ranks: bytes
    terms: tuple[PackedTerm, ...]
    factors: tuple[PackedFactor, ...]
    fresh: int
    recipe: str
    created_at: float
    interactions: int
    seed: int = 0
    viewer: str | None = None
    order: list[int] = []

    def source(self, row: int) -> CandidateSource:
        return CandidateSource(self.sources[row])

    def rank(self, row: int) -> int:
        """The row's place by score alone, 0 for the best of all candidates."""
        return _RANK.unpack_from(self.ranks, row * _RANK.size)[0]

    def values(self, name: str, rows: Sequence[int]) -> list[float]:
        """The rows' values of a feature, 0 where the recipe has none of this name."""
        for term in self.terms:
            if term.name == name:
                return [term.value(row) for row in rows]
        return [0.0] * len(rows)

    def source_codes(self) -> SourceCodes:
        return np.frombuffer(self.sources, dtype=np.int8)


def session_rows(ranking: Ranking, limit: int = MAX_ROWS) -> Ints:
    """Places in ``ranking.order`` of the rows that a session keeps, best first.

    The best of each share, as many as its part of ``limit``, then the best of all.
    """
    size = len(ranking.order)
    if size <= limit:
        return np.arange(size)
    shares = share_index(ranking.source[ranking.order], ranking.shares)
    kept = np.zeros(size, dtype=np.bool_)
    by_share = np.argsort(shares, kind="stable")
    every = np.arange(len(ranking.shares) + 1)  # the last one: rows of no share
    bounds = np.searchsorted(shares, every, sorter=by_share).tolist()
    for share, (start, stop) in zip(ranking.shares, pairwise(bounds), strict=True):
        kept[by_share[start : min(stop, start + int(share.weight * limit))]] = True
    kept[(~kept).nonzero()[0][: limit - int(np.count_nonzero(kept))]] = True
    return kept.nonzero()[0]


def open_session(
    ranking: Ranking,
    places: Ints,
    posts: Sequence[str],
    *,
    viewer: str | None = None,
) -> RankedSession:
    """The session of the rows at ``places`` of the order (``session_rows``) with their ids."""
    rows = ranking.order[places]
    query = ranking.query
    return RankedSession(
        posts=list(posts),
        sources=ranking.source[rows].tobytes(),
        ranks=places.astype("<u4").tobytes(),
        terms=tuple(
            PackedTerm(term.name, term.weight, packed(term.values[rows])) for term in ranking.terms
        ),
        factors=tuple(
            PackedFactor(factor.stage, factor.reason, packed(factor.values[rows]))
            for factor in ranking.factors
        ),
        fresh=int(np.count_nonzero(places < ranking.fresh)),
        recipe=ranking.recipe.version,
        created_at=query.now,
        interactions=query.taste.interactions,
        seed=query.seed,
        viewer=viewer,
    )


def encode_session(session: RankedSession) -> bytes:
    return msgspec.msgpack.encode(session)


def decode_session(data: bytes) -> RankedSession | None:
    """The session, None where the bytes are none or of a former form."""
    try:
        return msgspec.msgpack.decode(data, type=RankedSession)
    except msgspec.MsgspecError:
        return None


def packed(values: Singles | Floats) -> bytes:
    return values.astype("<f4", copy=False).tobytes()


def unpacked(data: bytes) -> Singles:
    return np.frombuffer(data, dtype="<f4")
