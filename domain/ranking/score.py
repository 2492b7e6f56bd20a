"""The score as columns that are its own account.

``total`` is the value x weight columns added in the listed order, times the factors in theirs,
never a matrix product: whoever adds up the account gets the same float. Values and factors are
rounded to float32 before they count, so that a session keeps them in half the space and still
reproduces the total to the last bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from domain.ranking.candidates import Candidates, Floats, Mask
from domain.ranking.query import Query

Singles = NDArray[np.float32]


class Feature(Protocol):
    """A column in [0, 1] or [-1, 1], non-finite where the row is broken."""

    @property
    def name(self) -> str: ...

    def __call__(self, candidates: Candidates, query: Query) -> Floats:
        """A column of n values."""
        ...


@dataclass(frozen=True, slots=True)
class WeightedFeature:
    feature: Feature
    weight: float


class Adjuster(Protocol):
    """A column of factors in (0, 1]; ``reason`` says in a few words what it does.

    ``lasting`` ones are applied again at every page of an open session.
    """

    lasting: ClassVar[bool]

    @property
    def stage(self) -> str: ...

    @property
    def reason(self) -> str: ...

    def __call__(self, candidates: Candidates, query: Query, total: Floats, kept: Mask) -> Floats:
        """A column of n values."""
        ...


@dataclass(frozen=True, slots=True)
class TermColumn:
    name: str
    weight: float
    values: Singles


@dataclass(frozen=True, slots=True)
class FactorColumn:
    stage: str
    reason: str
    values: Singles


@dataclass(frozen=True, slots=True)
class Score:
    """``broken`` [n] marks rows with a value that was not finite and counts as 0."""

    terms: tuple[TermColumn, ...]
    factors: tuple[FactorColumn, ...]
    total: Floats
    broken: Mask | None


def score(
    candidates: Candidates,
    query: Query,
    features: Sequence[WeightedFeature],
    adjusters: Sequence[Adjuster],
    kept: Mask,
) -> Score:
    """Score all rows; ``kept`` are those that adjusters may compare with each other."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # broken rows are mended
        columns = [single(each.feature(candidates, query)) for each in features]
    terms = tuple(
        TermColumn(each.feature.name, each.weight, values)
        for each, values in zip(features, columns, strict=True)
    )
    total = add_up(terms, (), len(candidates))
    broken = None
    if not np.isfinite(total).all():
        terms, broken = _mended(terms)
        total = add_up(terms, (), len(candidates))
    factors: list[FactorColumn] = []
    for adjust in adjusters:
        penalty = adjust(candidates, query, total, kept)
        values = penalized(total, penalty)
        factors.append(FactorColumn(adjust.stage, adjust.reason, values))
        total = total * values
    return Score(terms, tuple(factors), total, broken)


def add_up(terms: Sequence[TermColumn], factors: Sequence[FactorColumn], rows: int) -> Floats:
    """[rows], the totals that terms and factors give, in their order."""
    total = np.zeros(rows)
    for term in terms:
        total += np.multiply(term.values, term.weight, dtype=np.float64)
    for factor in factors:
        total *= factor.values
    return total


def penalized(total: Floats, penalty: Floats) -> Singles:
    """The factors that take ``penalty`` in (0, 1] off a score; negative ones fall, too."""
    return single(np.where(total < 0.0, 2.0 - penalty, penalty))


def single(values: Floats) -> Singles:
    """The values rounded to single precision."""
    return values.astype(np.float32)


def _mended(terms: Sequence[TermColumn]) -> tuple[tuple[TermColumn, ...], Mask]:
    sound = np.logical_and.reduce([np.isfinite(term.values) for term in terms])
    mended = tuple(
        TermColumn(
            term.name, term.weight, np.where(np.isfinite(term.values), term.values, np.float32())
        )
        for term in terms
    )
    return mended, np.logical_not(sound)
