"""How interactions move a viewer's learned interests.

Signals, weights and half-lives are those of the original brief, section 6.1. Sums have a common
reference time, which moves on when it lies ``REBASE_AFTER`` back. How a profile is read is in
``domain.interest_reading``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from domain.accumulators import (
    DAY,
    DAYS_3,
    DAYS_7,
    DAYS_14,
    DAYS_30,
    FOREVER,
    HALF_LIVES,
    PRUNE_ABOVE,
    Accumulator,
    add,
    prune,
    rebase,
    settle,
)
from domain.events import Action, NotInterestedReason, UserInteraction
from domain.identifiers import stable_key
from domain.posts import PostRecord
from domain.viewer import InterestState, TargetKind, ViewerState

# What an action is worth and in which half-life class; negative signals are kept apart.
SIGNALS: Final = {
    Action.LIKE: (5.0, DAYS_7),
    Action.COMMENT: (8.0, DAYS_7),
    Action.SHARE: (10.0, DAYS_14),
    Action.SAVE: (8.0, DAYS_30),
    Action.DWELL: (1.0, DAYS_3),
    Action.PROFILE_VISIT: (3.0, DAYS_7),
    Action.NOT_INTERESTED: (-10.0, DAYS_30),
    Action.FOLLOW: (15.0, FOREVER),
    Action.HASHTAG_FOLLOW: (12.0, FOREVER),
}
UNDOES: Final = {
    Action.UNLIKE: Action.LIKE,
    Action.UNSAVE: Action.SAVE,
    Action.UNFOLLOW: Action.FOLLOW,
    Action.HASHTAG_UNFOLLOW: Action.HASHTAG_FOLLOW,
}
UNCOUNTED: Final = frozenset({Action.VIEW, *UNDOES})
DWELL_MS: Final = 5_000  # a longer view counts as DWELL too
MAX_REMEMBERED: Final = 50  # liked and saved posts
MAX_FOLLOWED: Final = 200
REBASE_AFTER: Final = 30 * DAY


class InterestProfile(msgspec.Struct, array_like=True, kw_only=True):
    """What was learned about a viewer; about 2 KB as packed by ``domain.profile_packing``.

    ``fence`` is the sequence of the last record applied (``domain.fences``); ``at`` the reference
    time of all accumulators. ``liked`` and ``saved`` map the latest posts, as stable keys, to the
    whole second of the action; ``followed`` are the creators followed at present, the latest last.
    Durable copies are msgpack by position: append with defaults.
    """

    fence: int = 0
    at: float = 0.0
    interactions: int = 0
    topics: dict[str, Accumulator] = {}
    creators: dict[str, Accumulator] = {}
    hashtags: dict[str, Accumulator] = {}
    liked: dict[int, float] = {}
    saved: dict[int, float] = {}
    followed: list[str] = []
    followed_hashtags: list[str] = []
    last_active: float = 0.0


@dataclass(frozen=True, slots=True)
class Interaction:
    """An action with what is known about its target; ``at`` is in epoch seconds."""

    action: Action
    at: float
    post: int | None = None
    topics: Sequence[str] = ()
    creator: str | None = None
    hashtags: Sequence[str] = ()
    duration_ms: int = 0
    because: NotInterestedReason | None = None


def interaction_of(event: UserInteraction, post: PostRecord | None, at: float) -> Interaction:
    """The event joined with the record of its post, where that is known.

    What people do with their own posts says nothing about whom they like.
    """
    on_post = post is not None
    own = post is not None and post.author_id == event.user_id
    return Interaction(
        action=event.action,
        at=at,
        post=stable_key(event.post_id) if event.post_id else None,
        topics=tuple(category.slug for category in post.categories) if on_post else (),
        creator=event.creator_id or (post.author_id if on_post and not own else None),
        hashtags=(event.hashtag,) if event.hashtag else post.hashtags if on_post else (),
        duration_ms=event.duration_ms or 0,
        because=event.because,
    )


def apply(profile: InterestProfile, interaction: Interaction) -> InterestProfile:
    """Fold one interaction into ``profile``, in place, and return it.

    What is set already, or undone without having been set, changes no sum.
    """
    _advance(profile, interaction.at)
    action = interaction.action
    dwelled = action is Action.VIEW and interaction.duration_ms > DWELL_MS
    profile.last_active = max(profile.last_active, interaction.at)
    if dwelled:
        profile.interactions += 1
        _add(profile, interaction, Action.DWELL, at=interaction.at, sign=1.0)
    elif action in UNDOES:
        undone = UNDOES[action]
        set_at = _take_back(profile, interaction, undone)
        if set_at is not None:
            _add(profile, interaction, undone, at=set_at, sign=-1.0)
    elif action not in UNCOUNTED and _set(profile, interaction):
        profile.interactions += 1
        _add(profile, interaction, action, at=interaction.at, sign=1.0)
    return profile


def keep(profile: InterestProfile, interaction: Interaction) -> InterestProfile:
    """Set or take back, in place, what a reset leaves: likes, saves and follows, not the taste."""
    undone = UNDOES.get(interaction.action)
    if undone is None:
        _set(profile, interaction)
    else:
        _take_back(profile, interaction, undone)
    return profile


def _advance(profile: InterestProfile, at: float) -> None:
    """Give the sums a reference time, or a new one where theirs lies far back."""
    if profile.at == 0.0:
        profile.at = at
    elif at - profile.at > REBASE_AFTER:
        for entries in (profile.topics, profile.creators, profile.hashtags):
            rebase(entries, profile.at, at)
        profile.at = at


def settled(profile: InterestProfile) -> InterestProfile:
    """A durable copy, changed in place to what folding keeps by now: it may be an older one."""
    for entries in (profile.topics, profile.creators, profile.hashtags):
        settle(entries)
    for times in (profile.liked, profile.saved):
        times.update({post: float(int(at)) for post, at in times.items()})
    return profile


def forget(profile: InterestProfile, state: ViewerState) -> InterestProfile:
    """Drop, in place, what the viewer asked to be forgotten; call it before folding events."""
    if profile.last_active <= max(state.reset_at, state.erased_at):
        profile.interactions = 0
        profile.topics, profile.creators, profile.hashtags = {}, {}, {}
        return profile
    entries = {
        TargetKind.CATEGORY: profile.topics,
        TargetKind.CREATOR: profile.creators,
        TargetKind.HASHTAG: profile.hashtags,
    }
    for statement in state.statements:
        if statement.state is InterestState.LEARNED and statement.kind in entries:
            known = entries[statement.kind].get(statement.target)
            if known is not None and known.last <= statement.at:
                del entries[statement.kind][statement.target]
    return profile


def _set(profile: InterestProfile, interaction: Interaction) -> bool:
    """Remember what can be undone; False where it is set already or has no target."""
    match interaction.action:
        case Action.LIKE:
            return _remember(profile.liked, interaction)
        case Action.SAVE:
            return _remember(profile.saved, interaction)
        case Action.FOLLOW:
            creator = (interaction.creator,) if interaction.creator else ()
            return _append(profile.followed, creator)
        case Action.HASHTAG_FOLLOW:
            return _append(profile.followed_hashtags, interaction.hashtags)
        case _:
            return True


def _remember(times: dict[int, float], interaction: Interaction) -> bool:
    if interaction.post is None or interaction.post in times:
        return False
    times[interaction.post] = float(int(interaction.at))
    if len(times) > MAX_REMEMBERED:
        del times[next(iter(times))]
    return True


def _append(names: list[str], new: Sequence[str]) -> bool:
    if not new or new[0] in names:
        return False
    names.append(new[0])
    if len(names) > MAX_FOLLOWED:
        del names[0]
    return True


def _take_back(profile: InterestProfile, interaction: Interaction, undone: Action) -> float | None:
    """The time of the action that is undone; None where it is not set."""
    if undone is Action.LIKE or undone is Action.SAVE:
        times = profile.liked if undone is Action.LIKE else profile.saved
        return None if interaction.post is None else times.pop(interaction.post, None)
    if undone is Action.FOLLOW:
        names, name = profile.followed, interaction.creator
    else:
        names, name = profile.followed_hashtags, next(iter(interaction.hashtags), None)
    if name is None or name not in names:
        return None
    names.remove(name)
    return interaction.at  # what does not decay needs no time


def _add(
    profile: InterestProfile, interaction: Interaction, action: Action, *, at: float, sign: float
) -> None:
    weight, decay_class = SIGNALS[action]
    fading = (int(at) - profile.at) / HALF_LIVES[decay_class]  # by whole seconds, as remembered
    amount = sign * abs(weight) * math.exp2(fading)
    negative = weight < 0.0
    because = interaction.because if negative else None
    last = int(interaction.at)
    # Mean, not sum, over a post's topics and hashtags, or stuffing a post with tags would pay.
    parts = (
        (profile.topics, interaction.topics, NotInterestedReason.TOPIC),
        (profile.creators, (interaction.creator,), NotInterestedReason.CREATOR),
        (profile.hashtags, interaction.hashtags, NotInterestedReason.HASHTAGS),
    )
    for entries, names, reason in parts:
        # Whoever says what it is about means nothing else: POST the post alone, which is hidden.
        if because not in (None, reason) or not names:
            continue
        if action in _ONLY and reason is not _ONLY[action]:
            continue
        share = amount / len(names)
        for name in names:
            if name:
                add(entries, name, decay_class, share, negative=negative, last=last)
        if len(entries) > PRUNE_ABOVE:
            prune(entries, profile.at, interaction.at)


# These say something about one kind of target only, also where a post came with them.
_ONLY: Final = {
    Action.FOLLOW: NotInterestedReason.CREATOR,
    Action.PROFILE_VISIT: NotInterestedReason.CREATOR,
    Action.HASHTAG_FOLLOW: NotInterestedReason.HASHTAGS,
}
