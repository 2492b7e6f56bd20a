"""Events of one key told again under another, with ids made of their origin.

What belongs to a user but arrives keyed by a post goes onto the interactions' topic, and the
reverse onto the engagement topic. An id that begins with ``>`` says that the event was told again
already: it goes no further.
"""

from typing import Final

from consumers.batches import Received
from domain.events import Action, EngagementType, EngagementUpdated, UserFollowed, UserInteraction

MARK: Final = ">"
_ATTRIBUTED: Final = f"{MARK}i:"
_ACTIONS: Final = {
    (EngagementType.LIKE, 1): Action.LIKE,
    (EngagementType.LIKE, -1): Action.UNLIKE,
    (EngagementType.COMMENT, 1): Action.COMMENT,
    (EngagementType.REPOST, 1): Action.SHARE,
    (EngagementType.SHARE, 1): Action.SHARE,
    (EngagementType.SAVE, 1): Action.SAVE,
    (EngagementType.SAVE, -1): Action.UNSAVE,
    (EngagementType.VIEW, 1): Action.VIEW,
}
_REACTIONS: Final = {
    action: reaction
    for reaction, action in _ACTIONS.items()
    if reaction != (EngagementType.REPOST, 1)
}


def told_again(event_id: str | None) -> bool:
    return event_id is not None and event_id.startswith(MARK)


def is_attributed(event: EngagementUpdated) -> bool:
    """Whether it tells again what a viewer did to a post that we served."""
    return event.event_id is not None and event.event_id.startswith(_ATTRIBUTED)


def interaction_of(received: Received, event: EngagementUpdated) -> UserInteraction | None:
    """An upstream reaction as what its person did; None where it tells nothing about one."""
    action = _ACTIONS.get((event.type, event.delta))
    if action is None or event.user_id is None or told_again(event.event_id):
        return None
    return UserInteraction(
        event_id=_origin("e", received),
        user_id=event.user_id,
        action=action,
        timestamp=event.timestamp,
        post_id=event.post_id,
        region=event.region,
    )


def engagement_of(received: Received, event: UserInteraction) -> EngagementUpdated | None:
    """A viewer's action as what happened to the post; None where it does not count for one.

    Only what was served by us counts: the API has checked the proof and set ``attribution``. What
    is taken back needs no proof: it ends what counted, and nothing where nothing did.
    """
    reaction = _REACTIONS.get(event.action)
    if reaction is None or event.post_id is None or told_again(event.event_id):
        return None
    kind, delta = reaction
    if event.attribution is None and delta > 0:
        return None
    return EngagementUpdated(
        post_id=event.post_id,
        type=kind,
        delta=delta,
        timestamp=event.timestamp,
        user_id=event.user_id,
        event_id=_origin("i", received),
        region=event.region,
    )


def following_of(received: Received, event: UserFollowed) -> UserInteraction:
    """An upstream follow, or its end, as what its person did."""
    return UserInteraction(
        event_id=_origin("f", received),
        user_id=event.user_id,
        action=Action.FOLLOW if event.active else Action.UNFOLLOW,
        timestamp=event.timestamp,
        creator_id=event.target_id,
    )


def _origin(topic: str, received: Received) -> str:
    return f"{MARK}{topic}:{received.place.partition}:{received.sequence}"
