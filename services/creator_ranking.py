"""Which creators are worth following for a viewer, and why.

What draws the viewer to a creator comes first, then whom those follow who follow the same as the
viewer, creators who rise in topics the viewer likes, and those who rise anywhere. Places in lists
count, not scores: lists are never added up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from domain.feed import Reason, ReasonCode
from domain.interest_reading import Interest, Interests
from domain.viewer import InterestState

AFFINITY: Final = 0.5
TOGETHER: Final = 0.4
TOPICAL: Final = 0.3
RISING: Final = 0.2
SAID: Final = (InterestState.CHOSEN, InterestState.PINNED)


class CreatorEntry(msgspec.Struct, frozen=True, array_like=True):
    """A creator in a session, with why.

    ``category`` is a slug and ``followed`` a creator whom the viewer follows, where the reason
    names one.
    """

    creator_id: str
    reason: ReasonCode
    category: str | None = None
    followed: str | None = None


@dataclass(frozen=True, slots=True)
class KnownCreators:
    """Creator ids, best first: who rises anywhere, and by topic.

    ``together`` has by creator whom the viewer follows those whom the same people follow.
    """

    anywhere: Sequence[str]
    by_topic: Mapping[str, Sequence[str]]
    together: Mapping[str, Sequence[str]]


def unwanted_creators(interests: Interests) -> set[str]:
    """Whom no page recommends: followed already, blocked, hidden, muted or disliked."""
    disliked = {name for name, interest in interests.creators.items() if interest.strength < 0.0}
    return {*interests.followed, *interests.blocked, *interests.hidden_creators, *disliked}


def rank_creators(
    interests: Interests, known: KnownCreators, left_out: Collection[str]
) -> list[CreatorEntry]:
    """Best first; ties go by id."""
    parts: dict[str, list[tuple[float, CreatorEntry]]] = {}

    def add(weight: float, entry: CreatorEntry) -> None:
        parts.setdefault(entry.creator_id, []).append((weight, entry))

    for creator_id, interest in interests.creators.items():
        if interest.strength > 0.0:
            why = CreatorEntry(creator_id, ReasonCode.CREATOR_YOU_LIKE)
            add(AFFINITY * interest.strength, why)
    for creator_id, (height, followed) in _together(known.together).items():
        why = CreatorEntry(creator_id, ReasonCode.SIMILAR_TO_LIKED, followed=followed)
        add(TOGETHER * height, why)
    for slug, ids in known.by_topic.items():
        interest = interests.topics.get(slug)
        strength = 1.0 if interest is None else interest.strength
        for creator_id, height in _heights(ids):
            why = CreatorEntry(creator_id, _topic_reason(interest), category=slug)
            add(TOPICAL * strength * height, why)
    for creator_id, height in _heights(known.anywhere):
        add(RISING * height, CreatorEntry(creator_id, ReasonCode.TRENDING_NOW))
    totals = {
        creator_id: sum(weight for weight, _ in found)
        for creator_id, found in parts.items()
        if creator_id not in left_out
    }
    ranked = sorted(totals, key=lambda creator_id: (-totals[creator_id], creator_id))
    return [max(parts[creator_id], key=lambda part: part[0])[1] for creator_id in ranked]


def reason_of(
    entry: CreatorEntry, *, creator: str, category: str | None, followed: str | None
) -> Reason:
    """The reason in words; ``creator``, ``category`` and ``followed`` are display names."""
    match entry.reason:
        case ReasonCode.SIMILAR_TO_LIKED:
            message = f"Followed by people who follow {followed}"
            return Reason(entry.reason, message, creator=entry.followed)
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


def _together(lists: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[float, str]]:
    """By creator the greatest height in any of the lists, and whose list that is."""
    best: dict[str, tuple[float, str]] = {}
    for followed, ids in lists.items():
        for creator_id, height in _heights(ids):
            if creator_id not in best or height > best[creator_id][0]:
                best[creator_id] = height, followed
    return best


def _heights(ids: Sequence[str]) -> list[tuple[str, float]]:
    """1 for the first, falling evenly towards 0."""
    return [(creator_id, 1.0 - place / len(ids)) for place, creator_id in enumerate(ids)]
