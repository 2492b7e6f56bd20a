"""What a viewer likes now: what was learned and what the viewer said, read as one.

A strength lies in (-1, 1) where it was learned. Liking is relative to the viewer's strongest
interest of its kind and shrunk while little is known; disliking is judged by itself, so that one
clear "not interested" counts with a viewer of thousands of likes, too. Statements outrank both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from domain.accumulators import Accumulator, fading_since
from domain.identifiers import stable_key
from domain.interests import InterestProfile
from domain.viewer import Hidden, InterestState, TargetKind, ViewerState

SHRINKAGE: Final = 20.0  # the weight of signals at which the strongest interest is half sure
DISLIKE_SHRINKAGE: Final = 10.0
CHOSEN_STRENGTH: Final = 0.5  # the least strength of a topic that was chosen at the start
WARMING_FROM: Final = 5  # interactions
ESTABLISHED_FROM: Final = 50
LEAST_STRENGTH: Final = 0.001  # weaker interests are left out
DAY: Final = 86_400.0
HIDDEN_CREATOR_SECONDS: Final = 30 * DAY
HIDDEN_HALF_LIFE: Final = 30 * DAY
LIKED_SECONDS: Final = 8 * DAY


class Maturity(StrEnum):
    COLD = "COLD"
    WARMING = "WARMING"
    ESTABLISHED = "ESTABLISHED"


class Interest(NamedTuple):
    """``strength`` lies in [-1, 1]; exactly 1 is pinned, exactly -1 muted."""

    strength: float
    state: InterestState


@dataclass(frozen=True, slots=True)
class Interests:
    """By slug, creator id and hashtag, strongest first; post keys are ``stable_key`` values."""

    interactions: int
    topics: Mapping[str, Interest]
    creators: Mapping[str, Interest]
    hashtags: Mapping[str, Interest]
    followed: Sequence[str]
    hidden_creators: Sequence[str]
    hidden_posts: Sequence[int]
    liked_posts: Sequence[int]
    blocked: Sequence[str]
    languages: Sequence[str]
    region: str | None
    show_sensitive: bool
    updated_at: float | None

    @property
    def maturity(self) -> Maturity:
        return maturity(self.interactions)


def maturity(interactions: int) -> Maturity:
    if interactions < WARMING_FROM:
        return Maturity.COLD
    return Maturity.WARMING if interactions < ESTABLISHED_FROM else Maturity.ESTABLISHED


def read_interests(profile: InterestProfile, state: ViewerState, now: float) -> Interests:
    """Profile and statements as of ``now``; what the viewer had forgotten is left out."""
    fading = fading_since(profile.at, now)
    reset = profile.last_active <= max(state.reset_at, state.erased_at)
    return Interests(
        interactions=0 if reset else profile.interactions,
        topics=_read({} if reset else profile.topics, TargetKind.CATEGORY, state, fading, now),
        creators=_read({} if reset else profile.creators, TargetKind.CREATOR, state, fading, now),
        hashtags=_read({} if reset else profile.hashtags, TargetKind.HASHTAG, state, fading, now),
        followed=profile.followed,
        hidden_creators=[
            hidden.target
            for hidden in state.hidden
            if hidden.kind is TargetKind.CREATOR and now - hidden.at < HIDDEN_CREATOR_SECONDS
        ],
        hidden_posts=[
            stable_key(hidden.target) for hidden in state.hidden if hidden.kind is TargetKind.POST
        ],
        liked_posts=[key for key, at in profile.liked.items() if now - at < LIKED_SECONDS],
        blocked=state.blocked,
        languages=state.settings.languages,
        region=state.settings.region,
        show_sensitive=state.settings.show_sensitive,
        updated_at=profile.last_active or None,
    )


def _read(
    entries: Mapping[str, Accumulator],
    kind: TargetKind,
    state: ViewerState,
    fading: tuple[float, ...],
    now: float,
) -> Mapping[str, Interest]:
    statements = {said.target: said for said in state.statements if said.kind is kind}
    forgotten = {
        name
        for name, said in statements.items()
        if said.state is InterestState.LEARNED
        and (entry := entries.get(name))
        and entry.last <= said.at
    }
    if forgotten:
        entries = {name: entry for name, entry in entries.items() if name not in forgotten}
    strengths = _learned(entries, fading)
    for hidden in state.hidden:
        if hidden.kind is kind:
            strengths[hidden.target] = min(
                strengths.get(hidden.target, 0.0), _dislike(hidden, now)
            )
    learned = InterestState.LEARNED
    found = {
        name: Interest(strength, learned)
        for name, strength in strengths.items()
        if not -LEAST_STRENGTH < strength < LEAST_STRENGTH
    }
    for name, said in statements.items():
        if said.state is not learned:
            found[name] = Interest(_said(said.state, strengths.get(name, 0.0)), said.state)
    return dict(sorted(found.items(), key=lambda item: (-item[1].strength, item[0])))


def _said(state: InterestState, strength: float) -> float:
    """The strength of what was said, where so much was learned besides."""
    if state is InterestState.PINNED:
        return 1.0
    if state is InterestState.MUTED:
        return -1.0
    # Chosen at the start; a later dislike outranks that.
    return strength if strength < 0.0 else max(strength, CHOSEN_STRENGTH)


def _learned(entries: Mapping[str, Accumulator], fading: tuple[float, ...]) -> dict[str, float]:
    likings = {name: _faded(entry.positive, fading) for name, entry in entries.items()}
    scale = SHRINKAGE + max(likings.values(), default=0.0)
    strengths = {name: liking / scale for name, liking in likings.items()}
    for name, entry in entries.items():
        if entry.negative:
            dislike = _faded(entry.negative, fading)
            strengths[name] -= dislike / (DISLIKE_SHRINKAGE + dislike)
    return strengths


def _faded(sums: Mapping[int, float], fading: tuple[float, ...]) -> float:
    total = 0.0
    for kind, value in sums.items():
        total += value * fading[kind]
    return total


def _dislike(hidden: Hidden, now: float) -> float:
    """Half at first, as one signal of 10 weighs, then less by half every 30 days."""
    age = max(now - hidden.at, 0.0)
    return -0.5 * 2.0 ** (-age / HIDDEN_HALF_LIFE)
