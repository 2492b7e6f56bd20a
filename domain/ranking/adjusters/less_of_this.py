"""What the viewer asked to see less of sinks at once, also in sessions that are open already."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from domain.ranking.candidates import Candidates, Floats, Mask
from domain.ranking.features.topic_affinity import TopicAffinity
from domain.ranking.invalid_recipe import InvalidRecipe
from domain.ranking.membership import least_weights, weights_of
from domain.ranking.query import Query


@dataclass(frozen=True, slots=True)
class LessOfThis:
    """The factor ``1 + dislike * (1 - floor)``: down to ``floor`` for what is disliked most.

    ``dislike`` in [-1, 0] is the lowest of the topics' mean strength and of the strengths of the
    post's creator and hashtags.
    """

    lasting: ClassVar[bool] = True
    floor: float = 0.1
    stage: str = "less_of_this"
    reason: str = "You asked to see less of this kind"

    def __post_init__(self) -> None:
        if not 0.0 < self.floor <= 1.0:
            raise InvalidRecipe("floor must lie in (0, 1]")

    def __call__(self, candidates: Candidates, query: Query, total: Floats, kept: Mask) -> Floats:  # noqa: ARG002 - the form
        taste = query.taste
        dislike = np.zeros(len(candidates))
        if taste.topics.min() < 0.0:
            np.minimum(dislike, TopicAffinity()(candidates, query), out=dislike)
        if len(taste.creators) and taste.creator_weights.min() < 0.0:
            by_creator = weights_of(taste.creators, taste.creator_weights, candidates.author)
            np.minimum(dislike, by_creator, out=dislike)
        if len(taste.hashtags) and taste.hashtag_weights.min() < 0.0:
            by_tag = least_weights(taste.hashtags, taste.hashtag_weights, candidates.hashtags)
            np.minimum(dislike, by_tag, out=dislike)
        return 1.0 + dislike * (1.0 - self.floor)
