"""The exact account of a served post's score, for analysts."""

from domain.feed import ScoreAdjustment, ScoreExplanation, ScoreTerm
from domain.ranking.session import RankedSession


def explain(session: RankedSession, row: int, place: int) -> ScoreExplanation:
    """The account of a session's row that is served at ``place``; it adds up to the last bit."""
    total = 0.0
    terms: list[ScoreTerm] = []
    for term in session.terms:
        value = term.value(row)
        terms.append(ScoreTerm(term.name, value, term.weight, value * term.weight))
        total += terms[-1].contribution
    adjustments: list[ScoreAdjustment] = []
    for factor in session.factors:
        value = factor.value(row)
        total *= value
        if value != 1.0:
            adjustments.append(ScoreAdjustment(factor.stage, value, factor.reason))
    return ScoreExplanation(
        total=total,
        terms=tuple(terms),
        adjustments=tuple(adjustments),
        rank_by_score=session.rank(row),
        rank_after_diversity=place,
        recipe=session.recipe,
    )
