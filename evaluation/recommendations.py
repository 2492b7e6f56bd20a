"""Recommendations on Stacker News: the post that a person comments on next.

For every first comment of a person on somebody else's post, the posts of the 48 hours before it,
less the person's own and those commented on before, are ranked by what was known at that moment:
engagement folded as the consumers fold it, the person's profile folded comment by comment, and the
explore recipe's score.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from domain.identifiers import stable_key
from domain.ranking.candidates import Floats, Ints
from domain.ranking.pipeline import rank
from domain.ranking.recipe import Recipe
from domain.ranking.recipes import BASELINE, EXPLORE
from evaluation.columns import Catalog, Names, hashtag_codes
from evaluation.community import Community
from evaluation.data import Comment, Span, Story, read_comments, read_stories
from evaluation.metrics import SingleTarget
from evaluation.progress import shown
from evaluation.references import chance
from evaluation.spans import NOTHING_ASKED, Asked, Default, span_of
from evaluation.tables import Row, Table

DEFAULT: Final = Default(Span(date(2023, 5, 1), date(2023, 6, 30)), days=61)
POOL_SECONDS: Final = 48 * 3_600.0
HOUR: Final = 3_600.0
AFFINITY_WEIGHT: Final = 0.3
ATOM: Final = 1e-9  # decides between equals only
PRODUCT: Final = "explore"


def evaluate(folder: Path, asked: Asked = NOTHING_ASKED) -> Table:
    posts = folder / "posts"
    stories = read_stories(posts / "stacker.posts.jsonl.gz")
    comments = read_comments(posts / "stacker.interactions.csv.gz")
    span = span_of(asked, DEFAULT, [comment.at for comment in comments], "comments")
    row_of = {story.id: row for row, story in enumerate(stories)}
    catalog, names = catalog_of(stories)
    community = Community(stories, catalog, names)
    results = {name: SingleTarget() for name in _RANKERS}
    cases = 0
    known = [comment for comment in comments if comment.post in row_of and comment.at < span.stop]
    for comment in shown(known, "recommendations: comments replayed"):
        row = row_of[comment.post]
        case = _case(comment, row, catalog, community, span)
        if case is not None:
            cases += 1
            for name, ranker in _RANKERS.items():
                results[name].add(ranker(case))
        community.comment(comment, row)
    rows = [Row(name, found.result(), product=name == PRODUCT) for name, found in results.items()]
    return Table(
        name="recommendations",
        rows=rows,
        cases={"events": cases},
        start=span.first.isoformat(),
        end=span.last.isoformat(),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A moment: who is about to comment ``target``, a row of ``pool``, and what is known."""

    user: str
    at: float
    pool: Ints
    target: int
    catalog: Catalog
    community: Community

    def place(self, best_first: Ints) -> int:
        """The target's place in an order of rows of the pool."""
        return int(np.flatnonzero(self.pool[best_first] == self.target)[0])


def _case(
    comment: Comment, row: int, catalog: Catalog, community: Community, span: Span
) -> Case | None:
    created = catalog.created_at
    fresh = comment.at - POOL_SECONDS <= created[row] <= comment.at
    author = community.author_code(comment.user)
    own = comment.own_post or catalog.author[row] == author
    if not span.start <= comment.at or own or not fresh:
        return None
    done = community.commented(comment.user)
    if row in done:
        return None
    first = np.searchsorted(created, comment.at - POOL_SECONDS)
    pool = np.arange(first, np.searchsorted(created, comment.at, side="right"))
    pool = pool[catalog.author[pool] != author]
    pool = np.array([other for other in pool.tolist() if other not in done], dtype=np.int64)
    return Case(comment.user, comment.at, pool, row, catalog, community)


def catalog_of(stories: Sequence[Story]) -> tuple[Catalog, tuple[Names, Names, Names]]:
    """Posts as columns, with the names of authors, categories and hashtags behind the codes."""
    authors, categories, hashtags = Names(), Names(), Names()
    tags = [hashtag_codes(story.tags, hashtags) for story in stories]
    catalog = Catalog(
        key=np.array([stable_key(story.id) for story in stories]),
        author=np.array([authors.add(story.author) for story in stories], dtype=np.int32),
        category=np.array(
            [categories.add(story.category) if story.category else -1 for story in stories],
            dtype=np.int32,
        ),
        hashtags=np.array(tags, dtype=np.int32).reshape(len(stories), 6),
        created_at=np.array([story.created_at for story in stories]),
    )
    return catalog, (authors, categories, hashtags)


Ranker = Callable[[Case], int]


def _by(score: Callable[[Case, Floats], Floats]) -> Ranker:
    """Highest first, the newest of equals, as the protocol has it; ``score`` gets hours of age."""

    def place(case: Case) -> int:
        ages = (case.at - case.catalog.created_at[case.pool]) / HOUR
        keys = case.catalog.key[case.pool]
        return case.place(np.lexsort((keys, ages, -score(case, ages))))

    return place


def _with(recipe: Recipe) -> Ranker:
    """The product's own ranking of the pool."""

    def place(case: Case) -> int:
        columns = case.community.columns(case.pool, case.at)
        candidates = case.catalog.candidates(case.pool, columns)
        taste = case.community.taste(case.user, case.at)
        ranking = rank(candidates, taste, recipe, now=case.at)
        return case.place(np.concatenate([ranking.order, np.flatnonzero(ranking.dropped)]))

    return place


def _gravity(case: Case, ages: Floats) -> Floats:
    comments = case.community.comments(case.pool)
    return (comments + 1.0) / (ages + 2.0) ** 1.8


def _affinity_first(case: Case, ages: Floats) -> Floats:
    affinity = case.community.affinity(case.user, case.pool, case.at)
    return affinity + ATOM * _gravity(case, ages)


def _gravity_and_affinity(case: Case, ages: Floats) -> Floats:
    affinity = case.community.affinity(case.user, case.pool, case.at)
    return np.log(_gravity(case, ages)) + AFFINITY_WEIGHT * np.log1p(affinity)


_RANKERS: Final[Mapping[str, Ranker]] = {
    "random": _by(lambda case, _ages: chance(case.catalog.key[case.pool], int(case.at))),
    "newest first": _by(lambda _case, ages: -ages),
    "comments so far": _by(lambda case, _ages: case.community.comments(case.pool)),
    "comments in the last 3 h": _by(
        lambda case, _ages: case.community.recent_comments(case.pool, case.at - 3 * HOUR)
    ),
    "author affinity, then decay": _by(_affinity_first),
    "(comments+1)/(age_h+2)^1.8": _by(_gravity),
    "log of that + 0.3 log(1+affinity)": _by(_gravity_and_affinity),
    "the original brief's formula": _with(BASELINE),
    PRODUCT: _with(EXPLORE),
}
