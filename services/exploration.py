"""Which new posts get a chance on one page, and how likely that was."""

from typing import Final

import numpy as np

from domain.ranking.candidates import Codes, Floats
from domain.ranking.exploration import explore
from services.post_table import PostTable

CHANCES: Final = 20  # posts drawn for a session


def propensities(table: PostTable, new: Codes, rows: Codes, seed: int) -> Floats:
    """[n], for each of ``rows`` the chance that it had of being drawn, 0 where it was not.

    ``new`` are the posts that are drawn from. Views are the impressions.
    """
    held = table.columns
    new = new[held.recommendable[new]]
    engaged = (held.likes[new] + held.comments[new] + held.reposts[new]).astype(np.float64)
    seen = held.views[new].astype(np.float64)
    explored = explore(held.key[new], engaged, seen, seed=seed, count=CHANCES)
    chances = np.zeros(len(table))
    chances[new] = explored.propensity
    return chances[rows]
