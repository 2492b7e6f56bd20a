"""How a score came about, for analysts: terms and adjustments reproduce the total exactly."""

from typing import Self

import strawberry

from domain import feed


@strawberry.type(description="What one feature added to a score.")
class ScoreTerm:
    feature: str = strawberry.field(description="The feature's name.")
    value: float = strawberry.field(description="The feature's value for this post and caller.")
    weight: float = strawberry.field(description="What the configuration multiplies it by.")
    contribution: float = strawberry.field(description="`value` times `weight`.")

    @classmethod
    def of(cls, term: feed.ScoreTerm) -> Self:
        return cls(
            feature=term.feature,
            value=term.value,
            weight=term.weight,
            contribution=term.contribution,
        )


@strawberry.type(description="A factor that a score was multiplied by.")
class ScoreAdjustment:
    stage: str = strawberry.field(description="The stage that applied it.")
    factor: float = strawberry.field(description="The factor.")
    reason: str = strawberry.field(description="Why.")

    @classmethod
    def of(cls, adjustment: feed.ScoreAdjustment) -> Self:
        return cls(stage=adjustment.stage, factor=adjustment.factor, reason=adjustment.reason)


@strawberry.type(description="How a post's score came about, exactly as it was ranked.")
class ScoreExplanation:
    total: float = strawberry.field(
        description="The sum of the contributions in their order, times the factors in theirs."
    )
    terms: list[ScoreTerm] = strawberry.field(description="What features added.")
    adjustments: list[ScoreAdjustment] = strawberry.field(description="What was multiplied in.")
    rank_by_score: int = strawberry.field(description="Its place by score alone, from 1.")
    rank_after_diversity: int = strawberry.field(
        description="Its place on the list as served, from 1."
    )
    recipe: str = strawberry.field(description="The ranking configuration that was in force.")

    @classmethod
    def of(cls, explanation: feed.ScoreExplanation) -> Self:
        return cls(
            total=explanation.total,
            terms=[ScoreTerm.of(term) for term in explanation.terms],
            adjustments=[ScoreAdjustment.of(factor) for factor in explanation.adjustments],
            rank_by_score=explanation.rank_by_score,
            rank_after_diversity=explanation.rank_after_diversity,
            recipe=explanation.recipe,
        )
