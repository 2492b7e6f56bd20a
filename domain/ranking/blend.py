"""Slots per source: scores of different sources are never added up, their shares are interleaved.

A post found by several sources belongs to the first of them in the order of the shares. The slots
of a session follow the shares evenly at every point (the divisor method of Webster), so that
40/30/20/10 gives exactly 8, 6, 4 and 2 of each 20.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.feed import CandidateSource
from domain.ranking.candidates import Bits
from domain.ranking.invalid_recipe import InvalidRecipe

SourceCodes = NDArray[np.int8]
ShareIndices = NDArray[np.int8]  # by the byte, which sorts fast
EXACT: Final = 1e-9
MATURITY_SHRINKAGE: Final = 7.0  # interactions at which half of what can be known is known
MANY: Final = 1_000  # interactions beyond which one more changes no share


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the slots for one source, or for several that are one to the viewer.

    What a share cannot fill goes to the others of its kind (personal or not) in their order, then
    to those of the other kind. ``constant`` ones do not shrink in favor of personal ones.
    ``varied`` ones bring what nobody asked for, spread over topics (``SlateRules.varied_share``).
    """

    sources: tuple[CandidateSource, ...]
    weight: float
    personal: bool = False
    constant: bool = False
    varied: bool = False


@dataclass(frozen=True)
class Blend:
    """Personal shares grow with n interactions to ``most_personal * n / (n + 7)`` of the slots.

    Below ``personal_from`` interactions they take none. Weights of each kind add up to 1.
    """

    shares: tuple[Share, ...]
    most_personal: float = 0.0
    personal_from: int = 0

    def __post_init__(self) -> None:
        for kind in {share.personal for share in self.shares}:
            total = sum(share.weight for share in self.shares if share.personal is kind)
            if not abs(total - 1.0) <= EXACT:  # which NaN is not either
                raise InvalidRecipe(f"shares add up to {total}, not 1")
        if not all(share.weight > 0.0 for share in self.shares):
            raise InvalidRecipe("a share must be positive")
        sources = [source for share in self.shares for source in share.sources]
        if len(set(sources)) != len(sources):
            raise InvalidRecipe("a source has two shares")
        constant = sum(share.weight for share in self.shares if share.constant)
        if not 0.0 <= self.most_personal <= 1.0 - constant:
            raise InvalidRecipe("personal shares leave no room for constant ones")

    def effective(self, interactions: int) -> tuple[Share, ...]:
        """The shares for a viewer, those with slots first; their weights add up to 1."""
        known = min(interactions, MANY)
        found = self._effective.get(known)
        if found is None:
            found = self._effective[known] = self._made(known)
        return found

    @cached_property
    def _effective(self) -> dict[int, tuple[Share, ...]]:
        return {}

    def _made(self, interactions: int) -> tuple[Share, ...]:
        maturity = interactions / (interactions + MATURITY_SHRINKAGE)
        personal = self.most_personal * maturity if interactions >= self.personal_from else 0.0
        constant = sum([share.weight for share in self.shares if share.constant])
        shrunk = (1.0 - constant - personal) / (1.0 - constant) if personal else 1.0
        with_slots: list[Share] = []
        without: list[Share] = []
        for share in self.shares:
            factor = personal if share.personal else 1.0 if share.constant else shrunk
            weight = share.weight * factor
            fitted = replace(share, weight=weight)
            (with_slots if weight > 0.0 else without).append(fitted)
        return (*with_slots, *without)


def slots(shares: Sequence[Share], start: int, stop: int) -> Sequence[int]:
    """The index of the share for each slot of a session from ``start`` to ``stop``."""
    return _slots(tuple([share.weight for share in shares]), start, stop)


@lru_cache(maxsize=1_024)
def _slots(weights: tuple[float, ...], start: int, stop: int) -> Sequence[int]:
    times: list[tuple[float, int]] = []
    for index, weight in enumerate(weights):
        if weight > 0.0:
            count = int(weight * stop) + 2
            times += [((turn + 0.5) / weight, index) for turn in range(count)]
    times.sort()
    return tuple([index for _, index in times[start:stop]])


def label(bits: Bits, order: tuple[CandidateSource, ...]) -> SourceCodes:
    """[n], the first source in ``order`` that found each row; others follow by their code."""
    return _labels(order)[bits]


@lru_cache(maxsize=32)
def _labels(order: tuple[CandidateSource, ...]) -> SourceCodes:
    everything = (*order, *(source for source in CandidateSource if source not in order))
    bits = np.arange(1 << len(CandidateSource))
    labels = np.full(len(bits), -1, dtype=np.int8)
    for source in reversed(everything):
        labels[(bits >> source) & 1 == 1] = source
    return labels


def share_index(labels: SourceCodes, shares: Sequence[Share]) -> ShareIndices:
    """[n], the index of each row's share; ``len(shares)`` for sources without one."""
    table = np.full(len(CandidateSource) + 1, len(shares), dtype=np.int8)
    for index, share in enumerate(shares):
        for source in share.sources:
            table[source] = index
    return table[labels]


def order_of(shares: Sequence[Share]) -> tuple[CandidateSource, ...]:
    """The sources of all shares, in their order, the editors' picks first."""
    sources = [source for share in shares for source in share.sources]
    return tuple(sorted(sources, key=lambda source: source is not CandidateSource.EDITORIAL))
