"""What the policy costs: candidates judged for a page, as columns, and a record as it comes in.

CPU time of this thread, the least of many runs. The control looks each candidate up in the table.
"""

import random
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from domain.moderation import SafetyScores, automatic_status
from domain.policy import Policy, Setting, Surface
from domain.policy_columns import Verdicts, flagged, list_bits, shown
from domain.policy_table import RULES

CANDIDATES: Final = 500
RUNS: Final = 2_000
GOAL: Final = 100.0  # microseconds


def main() -> None:
    draw = random.Random(7)
    scores = [_scores(draw) for _ in range(CANDIDATES)]
    statuses = [automatic_status(one, None) for one in scores]
    policy = Policy(RULES)
    bits = [list_bits(policy, *one) for one in zip(statuses, scores, strict=True)]
    verdicts: Verdicts = np.array(bits, dtype=np.uint16)

    def by_columns() -> None:
        shown(verdicts, Surface.RECOMMENDATION, Setting.OPTED_IN)
        shown(verdicts, Surface.RECOMMENDATION, Setting.OPTED_OUT)
        flagged(verdicts, Surface.RECOMMENDATION, Setting.OPTED_IN)

    def by_table() -> None:
        for status, one in zip(statuses, scores, strict=True):
            policy.verdict(status, one, Surface.RECOMMENDATION)

    def incoming() -> None:
        for status, one in zip(statuses, scores, strict=True):
            list_bits(policy, status, one)

    columns, table = _least(by_columns, RUNS), _least(by_table, RUNS // 20)
    print(f"{CANDIDATES} candidates as columns      {columns:7.1f} us (goal {GOAL:.0f})")
    print(f"{CANDIDATES} candidates by the table    {table:7.1f} us, {table / columns:.0f} times")
    print(f"one post that comes in        {_least(incoming, RUNS // 20) / CANDIDATES:7.1f} us")


def _scores(draw: random.Random) -> SafetyScores:
    spam, nsfw, toxicity, bot = (draw.random() ** 3 for _ in range(4))
    return SafetyScores(spam, nsfw, toxicity, bot, draw.random())


def _least(work: Callable[[], None], runs: int) -> float:
    """Microseconds."""
    best = float("inf")
    for _ in range(runs):
        began = time.thread_time()
        work()
        best = min(best, time.thread_time() - began)
    return best * 1e6
