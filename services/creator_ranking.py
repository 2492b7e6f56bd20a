"""Which creators are worth following for a viewer, and why.

What draws the viewer to a creator comes first, then creators who rise in topics the viewer likes,
then those who rise anywhere. Places in lists count, not scores: lists are never added up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from domain.feed import Reason, ReasonCode
from domain.interest_reading import Interest, Interests
from domain.viewer import InterestState

AFFINITY: Final = 0.5
TOPICAL: Final = 0.3
RISING: Final = 0.2
SAID: Final = (InterestState.CHOSEN, InterestState.PINNED)


class CreatorEntry(msgspec.Struct, frozen=True, array_like=True):
    """A creator in a session, with why; ``category`` is a slug where the reason names one."""

    creator_id: str
    reason: ReasonCode
    category: str | None = None


@dataclass(frozen=True, slots=True)
class RisingCreators:
    """Creator ids that rise, best first: anywhere, and by topic."""

    anywhere: Sequence[str]
    by_topic: Mapping[str, Sequence[str]]


def rank_creators(
    interests: Interests, rising: RisingCreators, left_out: Collection[str]
) -> list[CreatorEntry]:
    """Best first; ties go by id."""
    parts: dict[str, list[tuple[float, ReasonCode, str | None]]] = {}
    for creator_id, interest in interests.creators.items():
        if interest.strength > 0.0:
            weight = AFFINITY * interest.strength
            parts.setdefault(creator_id, []).append((weight, ReasonCode.CREATOR_YOU_LIKE, None))
    for slug, ids in rising.by_topic.items():
        interest = interests.topics.get(slug)
        strength = 1.0 if interest is None else interest.strength
        code = _topic_reason(interest)
        for creator_id, height in _heights(ids):
            parts.setdefault(creator_id, []).append((TOPICAL * strength * height, code, slug))
    for creator_id, height in _heights(rising.anywhere):
        parts.setdefault(creator_id, []).append((RISING * height, ReasonCode.TRENDING_NOW, None))
    disliked = {name for name, interest in interests.creators.items() if interest.strength < 0.0}
    unwanted = {*left_out, *disliked}
    ranked = sorted(
        (-sum(weight for weight, _, _ in found), creator_id, max(found, key=lambda p: p[0]))
        for creator_id, found in parts.items()
        if creator_id not in unwanted
    )
    return [CreatorEntry(creator_id, code, slug) for _, creator_id, (_, code, slug) in ranked]


def reason_of(entry: CreatorEntry, *, creator: str, category: str | None) -> Reason:
    """The reason in words; ``creator`` and ``category`` are display names."""
    match entry.reason:
        case ReasonCode.CREATOR_YOU_LIKE:
            message = f"Because you like posts by {creator}"
            return Reason(entry.reason, message, creator=entry.creator_id)
        case ReasonCode.CHOSEN_TOPIC:
            message = f"Rising in {category}, which you chose"
        case ReasonCode.TOPIC_YOU_LIKE:
            message = f"Rising in {category}, which you like"
        case ReasonCode.POPULAR:
            message = f"Popular in {category}"
        case _:
            message = "Rising now"
    return Reason(entry.reason, message, category=entry.category)


def _topic_reason(interest: Interest | None) -> ReasonCode:
    if interest is None:
        return ReasonCode.POPULAR
    return ReasonCode.CHOSEN_TOPIC if interest.state in SAID else ReasonCode.TOPIC_YOU_LIKE


def _heights(ids: Sequence[str]) -> list[tuple[str, float]]:
    """1 for the first, falling evenly towards 0."""
    return [(creator_id, 1.0 - place / len(ids)) for place, creator_id in enumerate(ids)]
