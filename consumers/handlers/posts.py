"""``posts``: posts, creators and relations into PostgreSQL, then everything derived from posts."""

from typing import Final, TypeVar

from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from consumers.creator_changes import CreatorChanges
from consumers.post_changes import PostChanges
from consumers.relations import relation_of
from domain.events import Event, PostIngested, UserBlocked, UserFollowed, UserUpdated
from domain.ports.creators import StoredUser
from domain.ports.follows import Follows
from domain.ports.posts import PostProjection, StoredIngestion

CHUNK: Final = 500  # posts of one transaction

E = TypeVar("E", bound=Event)


class Posts(Handler):
    def __init__(
        self,
        projection: PostProjection,
        changes: PostChanges,
        creators: CreatorChanges,
        follows: Follows,
    ) -> None:
        self._projection = projection
        self._changes = changes
        self._creators = creators
        self._follows = follows

    @override
    def check(self, received: Received) -> None:
        """Everything readable can be applied: what is odd in a post is dropped, not the post."""

    @override
    async def apply(self, batch: Batch) -> None:
        users = _of(batch, UserUpdated)
        await self._creators.update(
            [StoredUser(one.place.partition, one.sequence, one.at, event) for one, event in users]
        )
        posts = [
            StoredIngestion(one.place.partition, one.sequence, one.at, event)
            for one, event in _of(batch, PostIngested)
        ]
        for first in range(0, len(posts), CHUNK):
            chunk = posts[first : first + CHUNK]
            await self._changes.expect([one.event.post_id for one in chunk])
            ids = await self._projection.ingest(chunk)
            await self._changes.follow(ids)
        # After the posts of the same batch: what a deleted author wrote is deleted, too.
        gone = {event.user_id: one.at for one, event in users if event.deleted}
        withdrawn = await self._projection.withdraw(gone) if gone else ()
        for first in range(0, len(withdrawn), CHUNK):
            await self._changes.follow(withdrawn[first : first + CHUNK])
        follows = [relation_of(one, event) for one, event in _of(batch, UserFollowed)]
        if follows:
            await self._follows.follow(follows)
        blocks = [relation_of(one, event) for one, event in _of(batch, UserBlocked)]
        if blocks:
            await self._follows.block(blocks)


def _of(batch: Batch, kind: type[E]) -> list[tuple[Received, E]]:
    return [(one, one.event) for one in batch.received if isinstance(one.event, kind)]
