"""Ranking metrics over full lists, as recommenders-team/recommenders defines them.

Ties never help: rankers here return a total order. The published digits of SAR on ML-100K are
reproduced by a test, to six places.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def discounts(count: int) -> Floats:
    """[count], 1 / log2(place + 1) for places from 1."""
    return 1.0 / np.log2(np.arange(2.0, count + 2.0))


def ndcg(gains: Floats, order: Ints, k: int) -> float | None:
    """Discounted gain of the first k of ``order`` against the best order's; None without gain."""
    positive = np.maximum(gains, 0.0)
    ideal = np.sort(positive)[::-1][:k]
    best = float(ideal @ discounts(len(ideal)))
    if best == 0.0:
        return None
    first = positive[order[:k]]
    return float(first @ discounts(len(first))) / best


def precision_of_top(gains: Floats, order: Ints, k: int) -> float:
    """The part of the first k of ``order`` that is among the k with the largest gains."""
    top = np.lexsort((np.arange(len(gains)), -gains))[:k]
    return len(set(top.tolist()) & set(order[:k].tolist())) / k


class SingleTarget:
    """HR@k, NDCG@k and MRR where each case has one right answer."""

    def __init__(self, k: int = 10) -> None:
        self._k = k
        self._cases = 0
        self._hits = 0
        self._gain = 0.0
        self._reciprocal = 0.0

    def add(self, place: int) -> None:
        """``place`` of the right answer, 0 for the first."""
        self._cases += 1
        self._reciprocal += 1.0 / (place + 1)
        if place < self._k:
            self._hits += 1
            self._gain += float(1.0 / np.log2(place + 2.0))

    def result(self) -> dict[str, float]:
        cases = max(self._cases, 1)
        return {
            f"hr@{self._k}": self._hits / cases,
            f"ndcg@{self._k}": self._gain / cases,
            "mrr": self._reciprocal / cases,
        }


class Average:
    """A running mean that leaves out undefined values."""

    def __init__(self) -> None:
        self._total = 0.0
        self._count = 0

    def add(self, value: float | None) -> None:
        if value is not None:
            self._total += value
            self._count += 1

    def result(self) -> float:
        return self._total / max(self._count, 1)


def top_k_metrics(top: Ints, relevant: NDArray[np.bool_], k: int) -> dict[str, float]:
    """MAP, nDCG, precision and recall at k; ``top`` [people, k], ``relevant`` [people, items].

    People without a relevant item are left out.
    """
    counts: Ints = relevant.sum(axis=1)
    people = np.flatnonzero(counts)
    hits: NDArray[np.bool_] = np.take_along_axis(relevant[people], top[people], axis=1)
    wanted = counts[people]
    ideal = np.cumsum(discounts(k))[np.minimum(wanted, k) - 1]
    so_far: Floats = np.cumsum(hits, axis=1) / np.arange(1.0, k + 1.0)
    found: Ints = hits.sum(axis=1)
    average_precision: Floats = (hits * so_far).sum(axis=1) / wanted
    return {
        f"map@{k}": float(np.mean(average_precision)),
        f"ndcg@{k}": float(np.mean((hits @ discounts(k)) / ideal)),
        f"precision@{k}": float(np.mean(found / k)),
        f"recall@{k}": float(np.mean(found / wanted)),
    }
