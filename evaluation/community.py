"""What is known about posts and people at a moment of a replay, and nothing of later.

Engagement and profiles are folded by the product's own functions; a few plain counts serve the
reference rankings.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from domain.accumulators import DAY
from domain.engagement import (
    WORLDWIDE,
    EngagementState,
    contribution_of_person,
    fold,
    person_key,
)
from domain.events import Action, EngagementType
from domain.interest_reading import read_interests
from domain.interests import Interaction, InterestProfile, apply
from domain.ranking.candidates import Floats, Ints
from domain.ranking.features.creator_standing import usual_engagement
from domain.ranking.taste import UNKNOWN, Taste, Vocabulary, code_taste
from domain.trending import HALF_LIFE, WEIGHT, WINDOWS, Window, decayed
from domain.viewer import ViewerState
from evaluation.columns import Catalog, Names
from evaluation.data import Comment, Story

AFFINITY_HALF_LIFE: Final = 30 * DAY
HOUR_PLACE: Final = WINDOWS.index(Window.HOUR)
COMMENT_WEIGHT: Final = WEIGHT[EngagementType.COMMENT]
STANDING_SECONDS: Final = 30 * DAY  # whose posts tell what a creator's posts usually have


class Community:
    """``names`` are the catalog's authors, categories and hashtags."""

    def __init__(
        self, stories: Sequence[Story], catalog: Catalog, names: tuple[Names, Names, Names]
    ) -> None:
        self._stories = stories
        self._catalog = catalog
        self._authors, categories, hashtags = names
        self._vocabulary = Vocabulary(
            category=categories.find,
            creator=self._authors.find,
            hashtag=hashtags.find,
            languages=(),
            region=_unknown,
            categories=len(categories),
        )
        self._engagement: list[EngagementState] = [EngagementState() for _ in stories]
        self._profiles: defaultdict[str, InterestProfile] = defaultdict(InterestProfile)
        self._commented: defaultdict[str, set[int]] = defaultdict(set)
        self._counts = np.zeros(len(stories))
        self._times: defaultdict[int, list[float]] = defaultdict(list)
        self._affinities: defaultdict[str, dict[int, tuple[float, float]]] = defaultdict(dict)

    def comment(self, comment: Comment, row: int) -> None:
        """Fold one comment, as the consumers would."""
        story, at = self._stories[row], comment.at
        person = person_key(comment.user)
        contribution = contribution_of_person(EngagementType.COMMENT, 1, 1, at, person, None)
        fold(self._engagement[row], contribution)
        interaction = Interaction(
            action=Action.COMMENT,
            at=at,
            topics=(story.category,) if story.category else (),
            creator=None if comment.own_post else story.author,
            hashtags=story.tags,
        )
        apply(self._profiles[comment.user], interaction)
        self._counts[row] += 1.0
        self._times[row].append(at)
        if not comment.own_post:
            self._commented[comment.user].add(row)
            author = int(self._catalog.author[row])
            value, then = self._affinities[comment.user].get(author, (0.0, at))
            faded = decayed(value, at - then, AFFINITY_HALF_LIFE)
            self._affinities[comment.user][author] = (faded + 1.0, at)

    def columns(self, rows: Ints, at: float) -> Mapping[str, Floats]:
        """The columns that the explore recipe reads, as of ``at``."""
        places: list[int] = rows.tolist()
        states = [self._engagement[row] for row in places]
        hour = [
            decayed(state.sums[WORLDWIDE][HOUR_PLACE], at - state.at, HALF_LIFE[Window.HOUR])
            if WORLDWIDE in state.sums
            else 0.0
            for state in states
        ]
        return {
            "trend.HOUR": np.array(hour),
            "comments": np.array([float(state.comments) for state in states]),
            "creator_usual": self._usual(rows, at),
        }

    def taste(self, user: str, at: float) -> Taste:
        interests = read_interests(self._profiles[user], ViewerState(), at)
        return code_taste(interests, self._vocabulary, viewer=user)

    def author_code(self, user: str) -> int:
        return self._authors.find(user)

    def commented(self, user: str) -> set[int]:
        return self._commented[user]

    def comments(self, rows: Ints) -> Floats:
        return self._counts[rows]

    def recent_comments(self, rows: Ints, since: float) -> Floats:
        counts = [sum(time > since for time in self._times[row]) for row in rows.tolist()]
        return np.array(counts, dtype=np.float64)

    def affinity(self, user: str, rows: Ints, at: float) -> Floats:
        """Comments on each author's posts before, less by half every 30 days."""
        known = self._affinities[user]
        nothing = (0.0, at)
        past = [known.get(author, nothing) for author in self._catalog.author[rows].tolist()]
        return np.array([decayed(value, at - then, AFFINITY_HALF_LIFE) for value, then in past])

    def _usual(self, rows: Ints, at: float) -> Floats:
        created = self._catalog.created_at
        first, last = np.searchsorted(created, [at - STANDING_SECONDS, at])
        engagement = COMMENT_WEIGHT * self._counts[first:last]
        usual = usual_engagement(self._catalog.author[first:last], engagement, len(self._authors))
        return usual[self._catalog.author[rows]]


def _unknown(name: str) -> int:  # noqa: ARG001 - a vocabulary without names
    return UNKNOWN
