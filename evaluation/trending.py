"""Trending on Hacker News: what stands on the front page and gains most in two hours.

Every two hours on the clock the stories of the page seen last that are still on the one seen last
two hours later are ordered by what is known when the former was seen; the gain is the votes that
each one wins meanwhile. Votes are what is
replayed, as counter steps, through the engagement fold of the consumers and the trending recipe
of the last hour. A second row counts comments, too, as the service does with full events.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from domain.engagement import WORLDWIDE, EngagementState, contribution_of_step, fold
from domain.events import EngagementType
from domain.identifiers import stable_key
from domain.ranking.candidates import Floats, Ints
from domain.ranking.pipeline import rank
from domain.ranking.recipes import TRENDING
from domain.trending import HALF_LIFE, WINDOWS, Window, decayed
from evaluation.columns import Catalog, nobody
from evaluation.data import Observation, Span, read_observations, read_stories
from evaluation.metrics import Average, ndcg, precision_of_top
from evaluation.progress import shown
from evaluation.spans import NOTHING_ASKED, Asked, Default, span_of
from evaluation.tables import Row, Table

DEFAULT: Final = Default(Span(date(2021, 5, 1), date(2022, 4, 30)))
STEP: Final = 7_200.0  # seconds between moments, and from a moment to its outcome
TOLERANCE: Final = 1_800.0  # how old the page seen last may be
LEAST_STORIES: Final = 2  # of one there is no order
HOUR: Final = 3_600.0
LEAST_AGE: Final = 600.0
YOUNGEST: Final = 0.5  # hours that a story is taken to be older than it is
K: Final = 10
TOP: Final = 5
RECIPE: Final = TRENDING[Window.HOUR]
PLACE: Final = WINDOWS.index(Window.HOUR)


@dataclass(slots=True)
class Known:
    """What is known about a story so far; ``history`` are its (time, points), oldest first."""

    created_at: float
    key: int
    likes: int = 0
    comments: int = 0
    votes: EngagementState = field(default_factory=EngagementState)
    all: EngagementState = field(default_factory=EngagementState)
    history: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])

    def observe(self, seen: Observation) -> None:
        """Fold what has been added since the last observation, dated at this one."""
        steps = (
            (EngagementType.LIKE, seen.likes - self.likes),
            (EngagementType.COMMENT, seen.comments - self.comments),
        )
        for kind, delta in steps:
            if delta:
                step = contribution_of_step(kind, delta, seen.at, None)
                fold(self.all, step)
                if kind is EngagementType.LIKE:
                    fold(self.votes, step)
        self.likes, self.comments = seen.likes, seen.comments
        self.history.append((seen.at, seen.likes))

    def velocity(self, at: float) -> float:
        """Points per second since the last observation that is an hour old, else since birth."""
        for then, points in reversed(self.history):
            if then <= at - HOUR:
                return (self.likes - points) / (at - then)
        return self.likes / max(at - self.created_at, LEAST_AGE)


def evaluate(folder: Path, asked: Asked = NOTHING_ASKED) -> Table:
    posts = folder / "posts"
    created = {story.id: story.created_at for story in read_stories(posts / "hn.posts.jsonl.gz")}
    observations = read_observations(posts / "hn.observations.csv.gz")
    pages = [(at, list(page)) for at, page in groupby(observations, key=lambda seen: seen.at)]
    times = [at for at, _ in pages]
    span = span_of(asked, DEFAULT, times, "observations")
    moments = _moments(times, span)
    known: dict[str, Known] = {}
    results = {name: (Average(), Average()) for name in _RANKERS}
    cases = 0
    for index, (at, page) in enumerate(shown(pages, "trending: snapshots replayed")):
        for seen in page:
            if seen.post not in known:
                known[seen.post] = Known(created.get(seen.post, at), stable_key(seen.post))
            known[seen.post].observe(seen)
        if index not in moments:
            continue
        later = {seen.post: seen.likes for seen in pages[moments[index]][1]}
        still = [seen for seen in page if seen.post in later]
        if len(still) < LEAST_STORIES:
            continue
        cases += 1
        gains = np.array([float(later[seen.post] - seen.likes) for seen in still])
        stories = [known[seen.post] for seen in still]
        for name, ranker in _RANKERS.items():
            order = ranker(stories, still, at)
            results[name][0].add(ndcg(gains, order, K))
            results[name][1].add(precision_of_top(gains, order, TOP))
    rows = [
        Row(
            name,
            {f"ndcg@{K}": gain.result(), f"precision@{TOP}": precision.result()},
            product=name == PRODUCT,
        )
        for name, (gain, precision) in results.items()
    ]
    return Table(
        name="trending",
        rows=rows,
        cases={"moments": cases},
        start=span.first.isoformat(),
        end=span.last.isoformat(),
    )


def _moments(times: Sequence[float], span: Span) -> Mapping[int, int]:
    """By index of the snapshot seen last at a moment, that of the one seen last at its outcome."""
    ats = np.array(times)

    def seen_last(at: float) -> int | None:
        index = int(np.searchsorted(ats, at, side="right")) - 1
        return index if index >= 0 and at - ats[index] <= TOLERANCE else None

    found: dict[int, int] = {}
    for at in np.arange(span.start, span.stop, STEP).tolist():
        index, outcome = seen_last(at), seen_last(at + STEP)
        if index is not None and outcome is not None and outcome > index:
            found[index] = outcome
    return found


Ranker = Callable[[Sequence[Known], Sequence[Observation], float], Ints]


def _by(score: Callable[[Known, Observation, float], float]) -> Ranker:
    """Highest first, ties by key, which tells nothing."""

    def order(stories: Sequence[Known], page: Sequence[Observation], at: float) -> Ints:
        values = [score(story, seen, at) for story, seen in zip(stories, page, strict=True)]
        return np.lexsort((np.array([story.key for story in stories]), -np.array(values)))

    return order


def _product(states: Callable[[Known], EngagementState]) -> Ranker:
    """The trending recipe of the last hour over the decayed sums."""
    viewer = nobody()

    def order(stories: Sequence[Known], page: Sequence[Observation], at: float) -> Ints:  # noqa: ARG001 - a ranker's form
        rows = np.arange(len(stories))
        trend = np.array([_left(states(story), at) for story in stories])
        candidates = _catalog(stories).candidates(rows, {"trend": trend})
        ranking = rank(candidates, viewer, RECIPE, now=at)
        dropped = np.flatnonzero(ranking.dropped)
        return np.concatenate([ranking.order, dropped])

    return order


def _left(state: EngagementState, at: float) -> float:
    sums = state.sums.get(WORLDWIDE)
    return 0.0 if sums is None else decayed(sums[PLACE], at - state.at, HALF_LIFE[Window.HOUR])


def _catalog(stories: Sequence[Known]) -> Catalog:
    nothing = np.full(len(stories), -1, dtype=np.int32)
    created: Floats = np.array([story.created_at for story in stories])
    return Catalog(
        key=np.array([story.key for story in stories]),
        author=nothing,
        category=nothing,
        hashtags=np.full((len(stories), 6), -1, dtype=np.int32),
        created_at=created,
    )


def _hours(story: Known, at: float) -> float:
    return max(at - story.created_at, 0.0) / HOUR


PRODUCT: Final = "explore"
_RANKERS: Final[Mapping[str, Ranker]] = {
    "points": _by(lambda story, _seen, _at: story.likes),
    "newest": _by(lambda story, _seen, _at: story.created_at),
    "the site's own page": _by(lambda _story, seen, _at: -seen.rank),
    "points per hour since birth": _by(
        lambda story, _seen, at: story.likes / (_hours(story, at) + YOUNGEST)
    ),
    "points per hour, 10 minutes at least": _by(
        lambda story, _seen, at: story.likes / max(_hours(story, at), LEAST_AGE / HOUR)
    ),
    "(points-1)/(age_h+2)^1.8": _by(
        lambda story, _seen, at: (story.likes - 1) / (_hours(story, at) + 2.0) ** 1.8
    ),
    "velocity over the last hour": _by(lambda story, _seen, at: story.velocity(at)),
    "explore, comments counted too": _product(lambda story: story.all),
    PRODUCT: _product(lambda story: story.votes),
}
