"""Item to item: what the same people engaged with, corrected for popularity.

Each person has one vote per item, shared among all that the person engaged with, so that the very
active do not decide alone. An item keeps the items that lead to it most strongly:

    strength(i -> j) = sum over people of both (1 / their items) / (size_i ** damping
                       * size_j ** (1 - damping)),  size_i = the same sum over people of i

``damping`` 1/2 is the cosine; above it, popular items lead to others less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.ranking.candidates import Codes, Floats, Ints
from domain.ranking.invalid_recipe import InvalidRecipe

NEIGHBORS: Final = 50
LEAST_PEOPLE: Final = 2
STRENGTH_DIGITS: Final = 6
DAMPING: Final = 0.7  # measured: docs/ranking.md


@dataclass(frozen=True, slots=True)
class Neighbors:
    """``items`` [n, k] lead to each of n items, -1 for none; ``strengths`` go with them."""

    items: Codes
    strengths: Floats

    def score(self, history: Ints, weights: Floats) -> Floats:
        """[n], how strongly a history of distinct items leads to each item."""
        present = np.zeros(len(self.items) + 1)  # the last one stands for "none"
        present[history] = weights
        scores = np.zeros(len(self.items))
        for place in range(self.items.shape[1]):
            scores += present[self.items[:, place]] * self.strengths[:, place]
        return scores


def find_neighbors(
    people: Ints,
    items: Ints,
    count: int,
    *,
    keep: int = NEIGHBORS,
    damping: float = DAMPING,
    least_people: int = 1,
) -> Neighbors:
    """Neighbors among ``count`` items, of distinct pairs (person, item) as codes from 0.

    Items that fewer than ``least_people`` have in common are no neighbors.
    """
    if not 0.0 <= damping <= 1.0 or keep < 1:
        raise InvalidRecipe("damping must lie in [0, 1], and one neighbor be kept at least")
    by_person = np.argsort(people, kind="stable")
    of_person = items[by_person]
    bounds = np.searchsorted(people[by_person], np.arange(int(people.max(initial=-1)) + 2))
    shares = 1.0 / np.maximum(np.diff(bounds), 1)
    sizes = np.bincount(items, weights=shares[people], minlength=count)
    by_item = np.argsort(items, kind="stable")
    of_item = people[by_item]
    item_bounds = np.searchsorted(items[by_item], np.arange(count + 1))
    damped = np.maximum(sizes, np.finfo(np.float64).tiny) ** damping
    own = np.maximum(sizes, np.finfo(np.float64).tiny) ** (1.0 - damping)
    found = np.full((count, keep), -1, dtype=np.int32)
    strengths = np.zeros((count, keep))
    for item in range(count):
        fans = of_item[item_bounds[item] : item_bounds[item + 1]]
        if len(fans) == 0:
            continue
        together = np.concatenate([of_person[bounds[fan] : bounds[fan + 1]] for fan in fans])
        votes = np.repeat(shares[fans], bounds[fans + 1] - bounds[fans])
        strength = np.bincount(together, weights=votes, minlength=count) / damped
        if least_people > 1:
            strength[np.bincount(together, minlength=count) < least_people] = 0.0
        strength[item] = 0.0
        best = _best(strength, keep)
        found[item, : len(best)] = best
        strengths[item, : len(best)] = strength[best] / own[item]
    return Neighbors(found, strengths)


def similar_items(pairs: Sequence[tuple[str, str]]) -> dict[str, Mapping[str, float]]:
    """By item the neighbors that it leads to with their strengths, of distinct (person, item).

    Two people must have engaged with both: one alone tells more about herself than about them.
    """
    people_codes: dict[str, int] = {}
    item_codes: dict[str, int] = {}
    people = [people_codes.setdefault(person, len(people_codes)) for person, _ in pairs]
    items = [item_codes.setdefault(item, len(item_codes)) for _, item in pairs]
    found = find_neighbors(
        np.array(people, dtype=np.int64),
        np.array(items, dtype=np.int64),
        len(item_codes),
        least_people=LEAST_PEOPLE,
    )
    names = list(item_codes)
    lists: dict[str, dict[str, float]] = {}
    for to, place in zip(*(axis.tolist() for axis in (found.items >= 0).nonzero()), strict=True):
        leading = names[found.items[to, place]]
        strength = round(float(found.strengths[to, place]), STRENGTH_DIGITS)
        lists.setdefault(leading, {})[names[to]] = strength
    return {name: _strongest(members) for name, members in lists.items()}


def _strongest(members: Mapping[str, float]) -> Mapping[str, float]:
    best = sorted(members, key=lambda name: (-members[name], name))[:NEIGHBORS]
    return {name: members[name] for name in best}


def _best(strength: Floats, keep: int) -> NDArray[np.int64]:
    """The ``keep`` strongest rows above 0, strongest first, ties by row."""
    rows = np.flatnonzero(strength)
    if len(rows) > keep:
        least = np.partition(strength[rows], -keep)[-keep]
        rows = rows[strength[rows] >= least]
    return rows[np.lexsort((rows, -strength[rows]))][:keep]
