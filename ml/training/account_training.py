"""Trains the model of accounts by their numbers."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.account_model import AccountModel, expand
from ml.training.data_sets import FAKE_ACCOUNTS, Part, UnreadableSet, read_table
from ml.training.regression import fit_columns

STRENGTH: Final = 1.0
COLUMNS: Final = (
    "userFollowerCount",
    "userFollowingCount",
    "userMediaCount",
    "userBiographyLength",
    "userHasProfilPic",
    "userIsPrivate",
    "usernameDigitCount",
    "usernameLength",
)


def read_accounts(folder: Path, part: Part) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The numbers, in the order of ``COLUMNS``, and 1 for a fake account."""
    path = FAKE_ACCOUNTS.path(folder, part)
    table = read_table(path)
    try:
        numbers = [[float(row[name]) for name in COLUMNS] for row in table]
        labels = [int(row[FAKE_ACCOUNTS.label]) for row in table]
    except (KeyError, ValueError, TypeError) as error:
        raise UnreadableSet(f"{path}: {error!r}") from error
    return np.array(numbers).reshape(-1, len(COLUMNS)), np.array(labels, np.int64)


def train_account_model(numbers: NDArray[np.float64], fake: NDArray[np.int64]) -> AccountModel:
    """The version is left empty. Both classes weigh the same."""
    weights = 1.0 / np.bincount(fake)[fake]
    weights *= len(fake) / weights.sum()
    columns = expand(numbers).astype(np.float32)
    by_class, bias = fit_columns(columns, fake, weights, STRENGTH)
    difference = by_class[:, 1] - by_class[:, 0]
    offset = np.array([bias[1] - bias[0]])
    means = np.expm1(np.log1p(numbers).mean(axis=0))  # as the model sees them: in logarithms
    return AccountModel(
        "",
        difference.astype(np.float32),
        offset.astype(np.float32),
        means.astype(np.float32),
    )
