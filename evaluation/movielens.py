"""MovieLens: a check of the maths of co-engagement, not of the product.

Leave-last-out on latest-small: each person's last rating is held out, all films without a rating
of this person are ranked. ``evaluation.ml100k`` has the published split of ML-100K.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.ranking.cooccurrence import find_neighbors
from evaluation.data import Rating, UnusableData, read_ratings
from evaluation.metrics import SingleTarget
from evaluation.progress import shown
from evaluation.references import ItemKnn, chance
from evaluation.tables import Row, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RATINGS: Final = "movielens_small.ratings.csv.gz"
LATEST_HALF_LIFE: Final = 5.0  # films: how fast the older part of a history fades
ITEM_KNN_NEIGHBORS: Final = 100
PRODUCT: Final = "explore"


def evaluate_latest(folder: Path) -> Table:
    return evaluate_last_out(read_ratings(folder / "interactions" / RATINGS))


def evaluate_last_out(ratings: Sequence[Rating]) -> Table:
    histories, count = _histories(ratings)
    if not histories:
        raise UnusableData(f"{RATINGS}: nobody has rated two films")
    people = np.repeat(np.arange(len(histories)), [len(films) - 1 for films in histories])
    films_seen = np.concatenate([films[:-1] for films in histories])
    popularity = np.bincount(films_seen, minlength=count).astype(np.float64)
    item_knn = ItemKnn(people, films_seen, count, ITEM_KNN_NEIGHBORS)
    neighbors = find_neighbors(people, films_seen, count)
    results = {name: SingleTarget() for name in ("random", "popularity", "item kNN", PRODUCT)}
    for person, films in enumerate(shown(histories, "movielens: people")):
        history, target = films[:-1], int(films[-1])
        newest_first = np.arange(len(history))[::-1]
        scores = {
            "random": chance(np.arange(count), person),
            "popularity": popularity,
            "item kNN": item_knn.score(history),
            PRODUCT: neighbors.score(history, np.exp2(-newest_first / LATEST_HALF_LIFE)),
        }
        for name, score in scores.items():
            results[name].add(_place(score, history, target))
    rows = [Row(name, found.result(), product=name == PRODUCT) for name, found in results.items()]
    return Table("movielens", rows, {"people": len(histories)}, set="latest-small, leave-last-out")


def _histories(ratings: Sequence[Rating]) -> tuple[list[Ints], int]:
    """Each person's films as codes, oldest first, of those with two at least; how many films."""
    codes = {item: code for code, item in enumerate(sorted({one.item for one in ratings}))}
    by_person: dict[int, list[Rating]] = {}
    for rating in ratings:
        by_person.setdefault(rating.user, []).append(rating)
    histories = [
        np.array([codes[one.item] for one in sorted(mine, key=lambda one: one.at)])
        for _, mine in sorted(by_person.items())
        if len(mine) > 1
    ]
    return histories, len(codes)


def _place(score: Floats, history: Ints, target: int) -> int:
    """The target's place among all that is not in the history; ties go by code."""
    score = score.copy()
    score[history] = -np.inf
    return int(np.count_nonzero(score > score[target])) + int(
        np.count_nonzero(score[:target] == score[target])
    )
