"""Tells fake accounts by their numbers: a logistic regression on logarithms and their products.

Made for the columns of Akyon and Kalfaoglu 2019 ("Instagram Fake and Automated Account Detection",
arXiv 1910.03090). None is shipped: that set states no license. An operator trains it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.classification import AccountFacts
from ml.text_model import logistic

BASE_COLUMNS: Final = 8
RATIOS: Final = 4
EXPANDED_COLUMNS: Final = (BASE_COLUMNS + RATIOS) * (BASE_COLUMNS + RATIOS + 3) // 2
LABELS: Final = ("fake",)
NEEDED: Final = (0, 1, 2, 6, 7)
"""Columns without which there is no answer; the others may be unknown, as two are here."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AccountModel:
    """``means`` stand for what is not known of an account: those of the training rows."""

    version: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    means: NDArray[np.float32]

    def score(self, accounts: Sequence[AccountFacts | None]) -> Sequence[float | None]:
        """None for an account of which a number that is needed is not known."""
        known = [numbers_of(account) if account else None for account in accounts]
        columns = np.array([row for row in known if row is not None]).reshape(-1, BASE_COLUMNS)
        scores = iter(self.score_numbers(columns))
        return [None if row is None else float(next(scores)) for row in known]

    def score_numbers(self, numbers: Numbers) -> Numbers:
        """``numbers`` that are not known are NaN."""
        known = np.where(np.isnan(numbers), self.means, numbers)
        return logistic(expand(known) @ self.weights + float(self.bias[0]))


def numbers_of(account: AccountFacts) -> Sequence[float] | None:
    """Followers, following, posts, length of the biography, avatar, private, digits, handle.

    NaN for what is not known; None where too much is not.
    """
    handle = account.handle
    row = (
        account.followers,
        account.following,
        account.posts,
        account.biography_length,
        account.has_avatar,
        account.is_private,
        None if handle is None else sum(map(str.isdigit, handle)),
        None if handle is None else len(handle),
    )
    if any(row[column] is None for column in NEEDED):
        return None
    return [np.nan if value is None else float(value) for value in row]


def expand(numbers: Numbers) -> Numbers:
    """Logarithms, the ratios that tell fakes, and the products of each two of all these."""
    logs = np.log1p(np.maximum(numbers, 0.0))
    followers, following, posts = logs[:, 0], logs[:, 1], logs[:, 2]
    ratios = (
        followers - following,
        posts - following,
        numbers[:, 6] / np.maximum(1.0, numbers[:, 7]),
        followers - posts,
    )
    base = np.column_stack([logs, *ratios])
    first, second = np.triu_indices(base.shape[1])
    return np.column_stack([base, base[:, first] * base[:, second]])


def account_fingerprint() -> str:
    """Changes with every change of ``expand``."""
    probe = np.arange(2.0 * BASE_COLUMNS).reshape(2, BASE_COLUMNS)
    return sha256(np.round(expand(probe), 6).tobytes()).hexdigest()[:16]
