"""Slots per source: scores of different sources are never added up, their shares are interleaved.

A post found by several sources belongs to the first of them in the order of the shares. The slots
of a session follow the shares evenly at every point (the divisor method of Webster), so that
40/30/20/10 gives exactly 8, 6, 4 and 2 of each 20.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.feed import CandidateSource
from domain.ranking.candidates import Bits
from domain.ranking.invalid_recipe import InvalidRecipe

SourceCodes = NDArray[np.int8]
EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the slots for one source, or for several that are one to the viewer.

    What a share cannot fill goes to the others of its kind (personal or not) in their order, then
    to those of the other kind.
    """

    sources: tuple[CandidateSource, ...]
    weight: float
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Blend:
    """Personal shares take ``most_personal * m`` of the slots by the viewer's maturity m.

    Below ``personal_from`` interactions they take none. ``kept`` are the shares that do not
    shrink in favor of personal ones. Weights of each kind add up to 1.
    """

    shares: tuple[Share, ...]
    most_personal: float = 0.0
    personal_from: int = 0
    kept: tuple[CandidateSource, ...] = ()

    def __post_init__(self) -> None:
        for kind in {share.personal for share in self.shares}:
            total = sum(share.weight for share in self.shares if share.personal is kind)
            if abs(total - 1.0) > EXACT:
                raise InvalidRecipe(f"shares add up to {total}, not 1")
        if any(share.weight <= 0.0 for share in self.shares):
            raise InvalidRecipe("a share must be positive")
        sources = [source for share in self.shares for source in share.sources]
        if len(set(sources)) != len(sources):
            raise InvalidRecipe("a source has two shares")

    def effective(self, interactions: int, maturity: float) -> tuple[Share, ...]:
        """The shares for a viewer, those with slots first; their weights add up to 1."""
        personal = self.most_personal * maturity if interactions >= self.personal_from else 0.0
        kept = sum(share.weight for share in self.shares if self._keeps(share))
        shares: list[Share] = []
        for share in self.shares:
            if share.personal:
                weight = share.weight * personal
            elif self._keeps(share):
                weight = share.weight
            else:
                weight = share.weight * (1.0 - kept - personal) / (1.0 - kept)
            shares.append(Share(share.sources, weight, share.personal))
        return tuple(sorted(shares, key=lambda share: share.weight <= 0.0))

    def _keeps(self, share: Share) -> bool:
        return any(source in self.kept for source in share.sources)


def slots(shares: Sequence[Share], start: int, stop: int) -> list[int]:
    """The index of the share for each slot of a session from ``start`` to ``stop``."""
    times: list[tuple[float, int]] = []
    for index, share in enumerate(shares):
        if share.weight > 0.0:
            count = int(share.weight * stop) + 2
            times += [((turn + 0.5) / share.weight, index) for turn in range(count)]
    times.sort()
    return [index for _, index in times[start:stop]]


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


def share_index(labels: SourceCodes, shares: Sequence[Share]) -> NDArray[np.int64]:
    """[n], the index of each row's share; ``len(shares)`` for sources without one."""
    table = np.full(len(CandidateSource) + 1, len(shares))
    for index, share in enumerate(shares):
        for source in share.sources:
            table[source] = index
    return table[labels]


def order_of(shares: Sequence[Share]) -> tuple[CandidateSource, ...]:
    """The sources of all shares, in their order."""
    return tuple(source for share in shares for source in share.sources)
