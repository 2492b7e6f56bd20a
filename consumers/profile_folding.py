"""Interactions into profiles and seen filters: pure, per viewer, in the order of the log."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from consumers.batches import Received
from consumers.rekeying import MARK
from domain import seen
from domain.events import Action, UserInteraction
from domain.interests import InterestProfile, apply, forget, interaction_of, keep
from domain.ports.interactions import InteractionRow
from domain.posts import PostRecord
from domain.viewer import ViewerState

SEEN_BY: Final = frozenset(
    {Action.VIEW, Action.DWELL, Action.LIKE, Action.COMMENT, Action.SHARE, Action.SAVE}
)


class Done(NamedTuple):
    """What a viewer did."""

    received: Received
    event: UserInteraction


def by_viewer(done: Iterable[Done]) -> dict[str, list[Done]]:
    found: dict[str, list[Done]] = {}
    for one in done:
        found.setdefault(one.event.user_id, []).append(one)
    return found


def fold_profile(
    profile: InterestProfile,
    state: ViewerState,
    done: Sequence[Done],
    records: Mapping[str, PostRecord | None],
) -> InterestProfile:
    """Apply, in place, what lies behind the profile's fence.

    What was done before the viewer's last reset teaches nothing; of what was done before an
    erasure nothing is left.
    """
    forget(profile, state)
    for received, event in done:
        if received.sequence <= profile.fence:
            continue
        profile.fence = received.sequence
        if state.erased_at and received.at <= state.erased_at:
            continue
        post = records.get(event.post_id) if event.post_id else None
        fold = apply if received.at > state.reset_at else keep
        fold(profile, interaction_of(event, post, received.at))
    return profile


def fold_seen(packed: bytes, done: Sequence[Done]) -> bytes:
    """The filter with what was seen; adding a post again changes nothing."""
    marking = [one for one in done if one.event.action in SEEN_BY and one.event.post_id]
    for _, same_day in groupby(marking, key=lambda one: one.received.at // seen.DAY):
        of_day = list(same_day)
        posts = [one.event.post_id for one in of_day if one.event.post_id]
        packed = seen.add(packed, posts, of_day[0].received.at)
    return packed


def row(one: Done) -> InteractionRow:
    """The interaction for the history; ``counted``: it counted for a post as well."""
    received, event = one
    return InteractionRow(
        partition=received.place.partition,
        sequence=received.sequence,
        at=received.at,
        user_id=event.user_id,
        action=event.action,
        post_id=event.post_id,
        creator_id=event.creator_id,
        hashtag=event.hashtag,
        counted=event.attribution is not None or event.event_id.startswith(f"{MARK}e:"),
        propensity=None if event.attribution is None else event.attribution.propensity,
    )
