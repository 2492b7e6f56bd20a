"""A chance for posts that few have seen: Thompson sampling with a budget of impressions.

Each post's rate of engagement is drawn from what is known of it, a Beta posterior approximated by
its normal, and the highest draws are shown: much where little is known, then by what people make
of it. A draw hashes the request's seed with the post's key, so that it can be repeated.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.ranking.candidates import Floats, Ints, Mask
from domain.ranking.order import best_first

ENGAGED_PRIOR: Final = 1.0  # one of ten impressions of an average post engages somebody
IGNORED_PRIOR: Final = 9.0
BUDGET: Final = 200.0  # impressions after which a post has had its chance
SQRT_2: Final = math.sqrt(2.0)
Hashes = NDArray[np.uint64]
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Explored:
    """``chosen`` [n]; ``propensity`` [n] is the chance each chosen row had, 0 for the others.

    The chance is that of drawing more than the first one not chosen did, given all other draws:
    weights of 1 / propensity make sums over the chosen ones unbiased (priority sampling).
    """

    chosen: Mask
    propensity: Floats


def explore(keys: Ints, engaged: Floats, seen: Floats, *, seed: int, count: int) -> Explored:
    """Choose ``count`` of n posts by who engaged with them, of how many who have seen them."""
    impressions = np.maximum(seen, engaged)
    known = impressions + ENGAGED_PRIOR + IGNORED_PRIOR
    mean = (engaged + ENGAGED_PRIOR) / known
    deviation = np.sqrt(mean * (1.0 - mean) / (known + 1.0))
    draws = mean + deviation * _normal(keys, seed)
    draws[impressions >= BUDGET] = -np.inf
    drawn = np.isfinite(draws).nonzero()[0]
    best = drawn[best_first(draws[drawn], keys[drawn])]
    chosen = np.zeros(len(keys), dtype=np.bool_)
    chosen[best[:count]] = True
    propensity = chosen.astype(np.float64)
    if len(best) > count:
        first, least = best[:count], draws[best[count]]
        distances: list[float] = ((least - mean[first]) / deviation[first] / SQRT_2).tolist()
        propensity[first] = [0.5 * math.erfc(distance) for distance in distances]
    return Explored(chosen, propensity)


def _normal(keys: Ints, seed: int) -> Floats:
    """[n], a standard normal draw per key and seed (SplitMix64, Box and Muller)."""
    start = keys.view(np.uint64) ^ _mixed(np.array([seed & (2**64 - 1)], dtype=np.uint64))
    radial, turning = _unit(_mixed(np.stack([start, start + _GOLDEN])))
    return np.sqrt(-2.0 * np.log1p(-radial)) * np.cos(2.0 * np.pi * turning)


def _mixed(values: Hashes) -> Hashes:
    mixed = values + _GOLDEN
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _unit(values: Hashes) -> Floats:
    """In [0, 1)."""
    return (values >> np.uint64(11)).astype(np.float64) * 2.0**-53
