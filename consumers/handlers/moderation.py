"""``moderation``: scores and decisions into PostgreSQL, then everything derived from the posts."""

from typing import Final

from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from consumers.post_changes import PostChanges
from domain.events import ModerationResult
from domain.ports.posts import PostProjection, StoredModeration

CHUNK: Final = 500  # posts of one transaction


class Moderation(Handler):
    def __init__(self, projection: PostProjection, changes: PostChanges) -> None:
        self._projection = projection
        self._changes = changes

    @override
    def check(self, received: Received) -> None:
        """Everything readable can be applied, before its post is known, too."""

    @override
    async def apply(self, batch: Batch) -> None:
        results = [
            StoredModeration(one.place.partition, one.sequence, one.at, one.event)
            for one in batch.received
            if isinstance(one.event, ModerationResult)
        ]
        for first in range(0, len(results), CHUNK):
            chunk = results[first : first + CHUNK]
            await self._changes.expect([one.event.post_id for one in chunk])
            ids = await self._projection.moderate(chunk)
            await self._changes.follow(ids)
