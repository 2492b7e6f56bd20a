"""The further columns that features may read, and what is read where a caller has none."""

from typing import Final

import numpy as np

from domain.ranking.candidates import Candidates, Floats
from domain.ranking.invalid_recipe import InvalidRecipe

# trend.* decayed engagement now, by window; trend: the same in the window and scope of the list
# that is ranked; likes, comments, reposts: totals; co_engaged in [0, 1]: how much those who liked
# what the viewer liked like this; creator_usual: engagement that the creator's posts usually have;
# pinned: 1 for the editors' picks; propensity: the chance that exploration gave a new post;
# relevance in [0, 1]: a search engine's score, as a part of the best one's.
KNOWN_COLUMNS: Final = frozenset(
    {
        "trend",
        "trend.HOUR",
        "trend.DAY",
        "trend.WEEK",
        "likes",
        "comments",
        "reposts",
        "co_engaged",
        "creator_usual",
        "relevance",
        "pinned",
        "propensity",
    }
)


def checked_column(name: str) -> str:
    """``name`` if it is one of ``KNOWN_COLUMNS``, else ``InvalidRecipe``."""
    if name not in KNOWN_COLUMNS:
        raise InvalidRecipe(f"no column is called {name!r}")
    return name


def column(candidates: Candidates, name: str) -> Floats:
    """[n], the named column, zeros where the caller has none."""
    found = candidates.columns.get(name)
    return np.zeros(len(candidates)) if found is None else found
