"""The scores and categories that machines, or people, gave a post, each as of its time."""

from operator import attrgetter
from typing import Final

import msgspec

from domain.events import ModerationResult
from domain.moderation import SafetyScores
from domain.post_categories import post_categories
from domain.posts import PostCategory

NEVER: Final = float("-inf")

Times = tuple[float, float, float, float, float]
_GIVEN: Final = attrgetter(
    "spam_score", "nsfw_score", "toxicity_score", "bot_score", "quality_score"
)


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """``score_times`` are in the order of the scores; ``NEVER`` where none was given."""

    scores: SafetyScores = SafetyScores()
    score_times: Times = (NEVER, NEVER, NEVER, NEVER, NEVER)
    categories: tuple[PostCategory, ...] | None = None
    categories_at: float = NEVER

    def with_word(self, event: ModerationResult, at: float) -> "Findings":
        """With what the event says, but for what is older than what is held."""
        scores, times = list(msgspec.structs.astuple(self.scores)), list(self.score_times)
        for place, score in enumerate(_GIVEN(event)):
            if score is not None and at >= times[place]:
                scores[place], times[place] = score, at
        categories, categories_at = self.categories, self.categories_at
        if event.categories is not None and at >= categories_at:
            categories, categories_at = post_categories(event.categories), at
        return findings(scores, times, categories, categories_at)

    def after(self, at: float) -> "Findings":
        """Without what was given at that time or before."""
        kept = [time > at for time in self.score_times]
        scores = msgspec.structs.astuple(self.scores)
        return findings(
            [score if keep else None for score, keep in zip(scores, kept, strict=True)],
            [time if keep else NEVER for time, keep in zip(self.score_times, kept, strict=True)],
            self.categories if self.categories_at > at else None,
            self.categories_at if self.categories_at > at else NEVER,
        )

    def scores_over(self, others: SafetyScores) -> SafetyScores:
        """These scores, and the others where there is none."""
        pairs = zip(
            msgspec.structs.astuple(self.scores), msgspec.structs.astuple(others), strict=True
        )
        return SafetyScores(*(other if own is None else own for own, other in pairs))


def findings(
    scores: list[float | None],
    times: list[float],
    categories: tuple[PostCategory, ...] | None,
    categories_at: float,
) -> Findings:
    spam, nsfw, toxicity, bot, quality = times
    return Findings(
        scores=SafetyScores(*scores),
        score_times=(spam, nsfw, toxicity, bot, quality),
        categories=categories,
        categories_at=categories_at,
    )


NOTHING_FOUND: Final = Findings()
