"""ML-100K in the published 75/25 split of recommenders-team/recommenders.

The split is theirs: each person's rows are shuffled by a generator seeded with 42 and cut at
three quarters. SAR is computed beside the product; its published digits show that split and
metrics are the same.
"""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.accumulators import DAY
from domain.ranking.cooccurrence import find_neighbors
from evaluation.data import UnusableData
from evaluation.metrics import top_k_metrics
from evaluation.references import ItemKnn
from evaluation.tables import Row, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ML_100K: Final = "ml-100k.inter"
NAMED_BY: Final = "EXPLORE_ML_100K"
FETCHED: Final = Path(__file__).parents[1] / ".venv" / ML_100K
K: Final = 10
SEED: Final = 42
TRAIN_PART: Final = 0.75
SAR_HALF_LIFE: Final = 30 * DAY
ITEM_KNN_NEIGHBORS: Final = 100
EASE_REGULARIZATION: Final = 250.0


@dataclass(frozen=True, slots=True)
class Split:
    """Ratings as columns; ``train`` marks the known ones."""

    people: Ints
    items: Ints
    ratings: Floats
    times: Floats
    train: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        return int(self.people.max()) + 1, int(self.items.max()) + 1

    def matrix(self, values: Floats) -> Floats:
        """[people, items], the known ones' ``values``."""
        matrix = np.zeros(self.shape)
        matrix[self.people[self.train], self.items[self.train]] = values[self.train]
        return matrix


def evaluate(folder: Path) -> list[Table]:
    """The table, of the first file there is.

    Raises:
        UnusableData: there is none, or it cannot be read.

    """
    here = folder / "interactions" / ML_100K
    path = here if here.exists() else found()
    if path is None:
        raise UnusableData(
            f"{here} is not there, and {NAMED_BY} names none; `make evaluate` fetches it"
        )
    return [evaluate_split(path)]


def found(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The file that the environment names, else the one that ``make evaluate`` fetched."""
    named = environment.get(NAMED_BY)
    if named:
        return Path(named)
    return FETCHED if FETCHED.exists() else None


def evaluate_split(path: Path) -> Table:
    split = read_split(path)
    liked = split.matrix(np.ones(len(split.people)))
    known = split.train
    people, items = split.people[known], split.items[known]
    neighbors = find_neighbors(people, items, split.shape[1])
    item_knn = ItemKnn(people, items, split.shape[1], ITEM_KNN_NEIGHBORS)
    histories = [np.flatnonzero(row) for row in liked]
    scores = {
        "popularity": np.tile(liked.sum(axis=0), (len(liked), 1)),
        "SAR": sar(split),
        "item kNN": np.stack([item_knn.score(history) for history in histories]),
        "EASE": liked @ _ease(liked),
        "explore": np.stack(
            [neighbors.score(history, np.ones(len(history))) for history in histories]
        ),
    }
    rows = [
        Row(name, judged(split, score), product=name == "explore")
        for name, score in scores.items()
    ]
    return Table("movielens", rows, {"people": split.shape[0]}, set="ML-100K, published split")


def read_split(path: Path) -> Split:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                (int(user), int(item), float(rating), float(time))
                for user, item, rating, time in list(csv.reader(file, delimiter="\t"))[1:]
            ]
    except (OSError, ValueError) as error:
        raise UnusableData(f"{path}: {error}; expected user, item, rating, time") from error
    people = np.unique([row[0] for row in rows], return_inverse=True)[1]
    items = np.unique([row[1] for row in rows], return_inverse=True)[1]
    train = np.zeros(len(rows), dtype=np.bool_)
    for person in range(int(people.max()) + 1):
        mine = np.flatnonzero(people == person)
        shuffle = np.random.RandomState(SEED)  # noqa: TID251 - defines the published split
        train[mine[shuffle.permutation(len(mine))[: round(TRAIN_PART * len(mine))]]] = True
    ratings, times = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
    return Split(people, items, ratings, times, train)


def judged(split: Split, scores: Floats) -> dict[str, float]:
    """The metrics of ranking all that a person does not know yet; ties go by item."""
    known = np.zeros(split.shape, dtype=np.bool_)
    known[split.people[split.train], split.items[split.train]] = True
    relevant = np.zeros(split.shape, dtype=np.bool_)
    relevant[split.people[~split.train], split.items[~split.train]] = True
    top = np.argsort(-np.where(known, -np.inf, scores), axis=1, kind="stable")[:, :K]
    return top_k_metrics(top, relevant, K)


def sar(split: Split) -> Floats:
    """Smart Adaptive Recommendations: Jaccard, ratings that fade with a half-life of 30 days."""
    newest = split.times[split.train].max()
    affinity = split.matrix(split.ratings * np.exp2((split.times - newest) / SAR_HALF_LIFE))
    liked = split.matrix(np.ones(len(split.people)))
    together = liked.T @ liked
    sizes = np.diag(together)
    either = sizes[:, None] + sizes - together
    return affinity @ np.divide(together, either, out=np.zeros_like(together), where=either > 0.0)


def _ease(liked: Floats) -> Floats:
    """Embarrassingly shallow autoencoders (Steck 2019)."""
    gram = liked.T @ liked
    inverse = np.linalg.inv(gram + EASE_REGULARIZATION * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights
