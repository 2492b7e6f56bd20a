"""Sessions that ran out of rows go on with those of a new ranking."""

from typing import Final

from domain.ranking.session import PackedFactor, PackedTerm, RankedSession

MAX_GROWN: Final = 1_500  # rows; nobody scrolls further


def grown(session: RankedSession, further: RankedSession) -> RankedSession:
    """The session with the rows of a ranking by the same recipe, without its posts, behind it.

    Call it when no row is left that may be shown, so that the old ones are all behind, or while
    none of them was served before the session: the new ones may stand among those, never before.
    """
    if [term.name for term in session.terms] != [term.name for term in further.terms]:
        raise ValueError("sessions of different recipes do not grow together")
    return RankedSession(
        posts=session.posts + further.posts,
        sources=session.sources + further.sources,
        ranks=session.ranks + further.ranks,
        terms=tuple(
            PackedTerm(old.name, old.weight, old.values + new.values)
            for old, new in zip(session.terms, further.terms, strict=True)
        ),
        factors=tuple(
            PackedFactor(old.stage, old.reason, old.values + new.values)
            for old, new in zip(session.factors, further.factors, strict=True)
        ),
        fresh=len(session.posts) + further.fresh,
        recipe=session.recipe,
        created_at=session.created_at,
        interactions=session.interactions,
        seed=session.seed,
        viewer=session.viewer,
        order=session.order,
    )
