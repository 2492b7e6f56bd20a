"""Upstream's word about two people, as the projection keeps it."""

from consumers.batches import Received
from domain.events import UserBlocked, UserFollowed
from domain.ports.follows import StoredRelation


def relation_of(one: Received, event: UserFollowed | UserBlocked) -> StoredRelation:
    return StoredRelation(
        partition=one.place.partition,
        sequence=one.sequence,
        at=one.at,
        user_id=event.user_id,
        target_id=event.target_id,
        active=event.active,
    )
