"""What viewers say about their taste, as changes of their state."""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from domain.viewer import (
    MAX_STATEMENTS,
    Hidden,
    InterestState,
    Statement,
    TargetKind,
    ViewerState,
)
from services.inputs import InterestChange

MAX_HIDDEN: Final = 500
LASTING: Final = (InterestState.PINNED, InterestState.MUTED, InterestState.CHOSEN)
_STATES: Final = {
    InterestChange.PIN: InterestState.PINNED,
    InterestChange.MUTE: InterestState.MUTED,
    InterestChange.FORGET: InterestState.LEARNED,
}


def is_full(state: ViewerState, kind: TargetKind, target: str) -> bool:
    """Whether a lasting statement about a further target would be one too many."""
    lasting = [said for said in state.statements if said.state in LASTING]
    known = any((said.kind, said.target) == (kind, target) for said in lasting)
    return not known and len(lasting) >= MAX_STATEMENTS


def with_statement(
    state: ViewerState, kind: TargetKind, target: str, change: InterestChange, now: float
) -> ViewerState:
    """The state with one statement in the place of any earlier one about the target."""
    others = [said for said in state.statements if (said.kind, said.target) != (kind, target)]
    hidden = state.hidden
    if change is not InterestChange.MUTE:
        hidden = tuple(h for h in hidden if (h.kind, h.target) != (kind, target))
    said = Statement(kind, target, _STATES[change], now)
    return replace(state, statements=_bounded([*others, said]), hidden=hidden)


def with_choice(state: ViewerState, slugs: Sequence[str], now: float) -> ViewerState:
    """The state with these topics chosen, instead of those chosen before."""
    chosen = set(slugs)
    others = [
        said
        for said in state.statements
        if said.state is not InterestState.CHOSEN
        and not (said.kind is TargetKind.CATEGORY and said.target in chosen)
    ]
    new = [Statement(TargetKind.CATEGORY, s, InterestState.CHOSEN, now) for s in slugs]
    return replace(state, statements=_bounded([*others, *new]))


def without_taste(state: ViewerState, now: float) -> ViewerState:
    """The state of a viewer who starts anew: mutes, settings and hidden posts stay."""
    return replace(
        state,
        statements=tuple(s for s in state.statements if s.state is InterestState.MUTED),
        hidden=tuple(h for h in state.hidden if h.kind is TargetKind.POST),
        reset_at=now,
    )


def with_hidden(
    state: ViewerState, targets: Iterable[tuple[TargetKind, str]], now: float
) -> ViewerState:
    """The state with these hidden since now; beyond ``MAX_HIDDEN`` the oldest are given up."""
    new = dict.fromkeys(targets)
    kept = [h for h in state.hidden if (h.kind, h.target) not in new]
    kept += [Hidden(kind, target, now) for kind, target in new]
    return replace(state, hidden=tuple(kept[-MAX_HIDDEN:]))


def _bounded(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """All lasting ones, and the latest of those that only forget."""
    room = max(0, 2 * MAX_STATEMENTS - sum(said.state in LASTING for said in statements))
    fleeting = [said for said in statements if said.state not in LASTING]
    dropped = {id(said) for said in fleeting[: max(0, len(fleeting) - room)]}
    return tuple(said for said in statements if id(said) not in dropped)
