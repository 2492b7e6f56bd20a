"""What pages of 20 are like on the last day of Stacker News: coverage, diversity, novelty.

Every hour of the day each person who commented in the week before opens a first page, ranked and
chosen by the product's own functions from the posts of 48 hours, as in ``recommendations``.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from domain.ranking.candidates import Candidates, Ints
from domain.ranking.paging import choose_page
from domain.ranking.pipeline import rank
from domain.ranking.query import Query
from domain.ranking.recipe import Recipe
from domain.ranking.recipes import BASELINE, EXPLORE
from domain.ranking.session import open_session, session_rows
from domain.ranking.taste import Taste
from evaluation.columns import Catalog
from evaluation.community import Community
from evaluation.data import DAY, read_comments, read_stories
from evaluation.progress import shown
from evaluation.recommendations import DEFAULT, HOUR, POOL_SECONDS, PRODUCT, catalog_of
from evaluation.spans import NOTHING_ASKED, Asked, span_of
from evaluation.tables import Row, Table

PAGE: Final = 20
HOURS: Final = 24
PEOPLE: Final = 40  # who open a page each hour
NEW: Final = 6 * HOUR

Ranker = Callable[[Candidates, Taste, float], Sequence[int]]


@dataclass(slots=True)
class _Pages:
    """What the pages of one ranking showed."""

    shown: Counter[int] = field(default_factory=Counter[int])
    pages: int = 0
    authors: float = 0.0
    categories: float = 0.0
    novelty: float = 0.0
    new: float = 0.0

    def add(
        self, page: Sequence[int], catalog: Catalog, popularity: Mapping[int, float], at: float
    ) -> None:
        rows = np.array(page, dtype=np.int64)
        self.pages += 1
        self.shown.update(page)
        self.authors += len(set(catalog.author[rows].tolist())) / len(page)
        self.categories += _effective(catalog.category[rows].tolist())
        self.novelty += sum(-math.log2(popularity[row]) for row in page) / len(page)
        self.new += float(np.mean(at - catalog.created_at[rows] < NEW))

    def result(self, available: int) -> dict[str, float]:
        pages = max(self.pages, 1)
        return {
            "coverage": len(self.shown) / max(available, 1),
            "authors": self.authors / pages,
            "categories": self.categories / pages,
            "novelty": self.novelty / pages,
            "new": self.new / pages,
        }


def evaluate(folder: Path, asked: Asked = NOTHING_ASKED) -> Table:
    """``authors``: distinct ones per post; ``categories``: how many equally frequent ones vary so.

    ``coverage``: the part of all posts that anybody was shown; ``novelty``: bits of surprise, by
    each post's part of the comments so far; ``new``: the part of a page younger than six hours.
    """
    posts = folder / "posts"
    stories = read_stories(posts / "stacker.posts.jsonl.gz")
    row_of = {story.id: row for row, story in enumerate(stories)}
    catalog, names = catalog_of(stories)
    community = Community(stories, catalog, names)
    results = {name: _Pages() for name in _RANKERS}
    available: set[int] = set()
    lately: dict[str, float] = {}
    read = read_comments(posts / "stacker.interactions.csv.gz")
    span = span_of(asked, DEFAULT, [comment.at for comment in read], "comments")
    comments = [comment for comment in read if comment.post in row_of and comment.at < span.stop]
    told = iter(shown(comments, "discovery: comments replayed"))
    comment = next(told, None)
    for hour in range(HOURS):
        now = span.stop - DAY + hour * HOUR
        while comment is not None and comment.at <= now:
            community.comment(comment, row_of[comment.post])
            lately.pop(comment.user, None)
            lately[comment.user] = comment.at
            comment = next(told, None)
        people = [who for who, at in lately.items() if at > now - 7 * DAY][-PEOPLE:]
        available |= _open_pages(people, now, catalog, community, results)
    rows = [
        Row(name, pages.result(len(available)), product=name == PRODUCT)
        for name, pages in results.items()
    ]
    return Table(
        name="discovery",
        rows=rows,
        cases={"pages": results[PRODUCT].pages, "posts": len(available)},
        start=span.last.isoformat(),
        end=span.last.isoformat(),
    )


def _open_pages(
    people: Sequence[str],
    at: float,
    catalog: Catalog,
    community: Community,
    results: Mapping[str, _Pages],
) -> set[int]:
    """Let each of the people open a page of each ranking; the posts there were."""
    first, last = np.searchsorted(catalog.created_at, [at - POOL_SECONDS, at])
    pool: Ints = np.arange(int(first), int(last), dtype=np.int64)
    members: list[int] = pool.tolist()
    if len(pool) < PAGE:
        return set()
    counts = community.comments(pool) + 1.0
    parts: list[float] = (counts / counts.sum()).tolist()
    popularity = dict(zip(members, parts, strict=True))
    candidates = catalog.candidates(pool, community.columns(pool, at))
    for person in people:
        taste = community.taste(person, at)
        for name, ranker in _RANKERS.items():
            page = [members[place] for place in ranker(candidates, taste, at)]
            results[name].add(page, catalog, popularity, at)
    return set(members)


def _effective(categories: Sequence[int]) -> float:
    """The number of equally frequent categories with the same entropy."""
    parts = [count / len(categories) for count in Counter(categories).values()]
    return 2.0 ** -sum(part * math.log2(part) for part in parts)


def _with(recipe: Recipe) -> Ranker:
    def page(candidates: Candidates, taste: Taste, at: float) -> Sequence[int]:
        ranking = rank(candidates, taste, recipe, now=at)
        places = session_rows(ranking)
        session = open_session(ranking, places, [str(place) for place in places.tolist()])
        kept = candidates.take(ranking.order[places])
        chosen = choose_page(session, kept, Query(taste, at), recipe, PAGE).rows
        return ranking.order[places[chosen]].tolist()

    return page


def _newest(candidates: Candidates, _taste: Taste, _at: float) -> Sequence[int]:
    return np.lexsort((candidates.key, -candidates.created_at))[:PAGE].tolist()


def _most_commented(candidates: Candidates, _taste: Taste, _at: float) -> Sequence[int]:
    return np.lexsort((candidates.key, -candidates.columns["comments"]))[:PAGE].tolist()


_RANKERS: Final[Mapping[str, Ranker]] = {
    "newest first": _newest,
    "comments so far": _most_commented,
    "the original brief's formula": _with(BASELINE),
    PRODUCT: _with(EXPLORE),
}
