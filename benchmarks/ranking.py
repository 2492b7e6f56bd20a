"""What ranking costs: candidates to a slate of 20, with all that explanations need kept.

CPU time of this thread, the least of many runs. The control does the same arithmetic with an
object per candidate, without filters, shares and quotas of categories.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from domain import seen
from domain.ranking.blend import share_index
from domain.ranking.candidates import Candidates
from domain.ranking.explanation import explain
from domain.ranking.paging import choose_page
from domain.ranking.pipeline import Ranking, rank
from domain.ranking.query import Excluded, Query
from domain.ranking.recipes import EXPLORE
from domain.ranking.session import (
    RankedSession,
    decode_session,
    encode_session,
    open_session,
    session_rows,
)
from domain.ranking.slate import SlateRows, next_page
from domain.ranking.taste import Taste
from tests.domain.ranking.factories import DAY, NOW, fan_taste, make_candidates

RUNS: Final = 400
PAGE: Final = 20
PER_AUTHOR: Final = 2
SIZES: Final = (500, 1_000, 2_000)


def main() -> None:
    taste = _viewer()
    packed = b""
    for day in range(8):
        packed = seen.add(packed, [f"{day}.{n}" for n in range(90)], NOW - (7 - day) * DAY)
    for size in SIZES:
        candidates = make_candidates(1, size, authors=size // 4, tags=size * 4)
        plain = _least(partial(_slate, candidates, taste, Excluded()))
        with_seen = _least(partial(_slate, candidates, taste, Excluded(seen=packed)))
        served = _least(partial(_first_page, candidates, taste))
        control = _least(partial(_by_objects, candidates, taste), runs=RUNS // 8)
        print(f"{size:5} candidates to a slate of {PAGE} {plain:6.0f} us")
        print(f"{size:5} with the seen filter      {with_seen:6.0f} us")
        print(f"{size:5} with a session opened     {served:6.0f} us")
        print(f"{size:5} an object per candidate   {control:6.0f} us, {control / plain:.1f} times")
    _sessions(make_candidates(1, SIZES[0]), taste)


def _viewer() -> Taste:
    """A viewer who has liked much and muted some."""
    taste = fan_taste(3)
    return replace(
        taste,
        topics=np.abs(taste.topics),
        creator_weights=np.abs(taste.creator_weights),
        hashtag_weights=np.abs(taste.hashtag_weights),
    )


def _slate(candidates: Candidates, taste: Taste, excluded: Excluded) -> list[int]:
    ranking = rank(candidates, taste, EXPLORE, now=NOW, excluded=excluded)
    kept = ranking.order[session_rows(ranking)]
    rows = SlateRows(
        author=candidates.author[kept],
        category=candidates.category[kept],
        share=share_index(ranking.source[kept], ranking.shares),
        alive=np.ones(len(kept), dtype=np.bool_),
        fresh=len(kept),
    )
    return next_page(rows, [], PAGE, EXPLORE.rules, ranking.shares).rows


def _first_page(candidates: Candidates, taste: Taste) -> list[int]:
    """As the service makes it: with a session for the pages that follow."""
    ranking = rank(candidates, taste, EXPLORE, now=NOW)
    session = _open(ranking)
    kept = candidates.take(ranking.order[: len(session.posts)])
    return choose_page(session, kept, Query(taste, NOW), EXPLORE, PAGE).rows


def _open(ranking: Ranking) -> RankedSession:
    places = session_rows(ranking)
    return open_session(ranking, places, ["post:1234567"] * len(places), viewer="viewer:1")


def _sessions(candidates: Candidates, taste: Taste) -> None:
    ranking = rank(candidates, taste, EXPLORE, now=NOW)
    session = _open(ranking)
    kept = candidates.take(ranking.order[session_rows(ranking)])
    page = choose_page(session, kept, Query(taste, NOW), EXPLORE, PAGE).rows
    packed = encode_session(session)
    steps: dict[str, Callable[[], object]] = {
        "rank alone": lambda: rank(candidates, taste, EXPLORE, now=NOW),
        "open a session": lambda: _open(ranking),
        "choose a further page": lambda: _further(session, kept, taste),
        "encode a session": lambda: encode_session(session),
        "decode a session": lambda: decode_session(packed),
        "render 20 explanations": lambda: [explain(session, row, 0) for row in page],
    }
    for name, step in steps.items():
        print(f"      {name:25} {_least(step):6.0f} us")
    print(f"      {'a session of 300 rows':25} {len(packed):6} bytes")


def _further(session: RankedSession, kept: Candidates, taste: Taste) -> None:
    order = list(session.order)
    choose_page(session, kept, Query(taste, NOW), EXPLORE, PAGE)
    session.order = order


@dataclass
class _Scored:
    key: int
    author: int
    terms: dict[str, tuple[float, float, float]]
    total: float


def _by_objects(candidates: Candidates, taste: Taste) -> list[_Scored]:
    query = Query(taste, NOW)
    columns = {
        each.feature.name: (each.feature(candidates, query).tolist(), each.weight)
        for each in EXPLORE.features
    }
    keys, authors = candidates.key.tolist(), candidates.author.tolist()
    scored: list[_Scored] = []
    for row in range(len(candidates)):
        terms = {
            name: (values[row], weight, values[row] * weight)
            for name, (values, weight) in columns.items()
        }
        total = sum(contribution for _, _, contribution in terms.values())
        scored.append(_Scored(keys[row], authors[row], terms, total))
    scored.sort(key=lambda one: (-one.total, one.key))
    repeats: Counter[int] = Counter()
    for one in scored:
        one.total *= 0.25 + 0.75 * 0.5 ** repeats[one.author]
        repeats[one.author] += 1
    scored.sort(key=lambda one: (-one.total, one.key))
    shown: Counter[int] = Counter()
    page: list[_Scored] = []
    for one in scored:
        if shown[one.author] < PER_AUTHOR:
            shown[one.author] += 1
            page.append(one)
    return page[:PAGE]


def _least(step: Callable[[], object], runs: int = RUNS) -> float:
    """Microseconds of CPU, the least of ``runs``."""
    least = float("inf")
    for _ in range(runs):
        started = time.thread_time_ns()
        step()
        least = min(least, time.thread_time_ns() - started)
    return least / 1_000.0
