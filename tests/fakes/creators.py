"""The projection of creators in memory, counted from posts and follows in memory."""

from collections import Counter
from collections.abc import Sequence

from domain.creators import CreatorRecord
from domain.events import UserUpdated
from domain.identifiers import is_region
from domain.ports.creators import StoredUser
from tests.fakes.follows import MemoryFollows
from tests.fakes.posts import MemoryPosts


class MemoryCreators:
    def __init__(self, posts: MemoryPosts, follows: MemoryFollows | None = None) -> None:
        self._posts = posts
        self._follows = follows or MemoryFollows()
        self._users: dict[str, tuple[int, StoredUser]] = {}
        self._revision = 0
        posts.is_gone = self._is_gone

    async def get_many(self, ids: Sequence[str]) -> Sequence[CreatorRecord | None]:
        return [self._record(creator_id) for creator_id in ids]

    async def by_handle(self, handle: str) -> CreatorRecord | None:
        authors = {record.author_id for record in self._posts.records}
        known = [self._record(creator_id) for creator_id in sorted({*authors, *self._users})]
        for record in known:
            if record and not record.deleted and record.handle.lower() == handle.lower():
                return record
        return None

    async def update(self, batch: Sequence[StoredUser]) -> Sequence[str]:
        for stored in batch:
            user_id = stored.event.user_id
            if user_id not in self._users or stored.at > self._users[user_id][1].at:
                self._revision += 1
                self._users[user_id] = (self._revision, stored)
        return list(dict.fromkeys(stored.event.user_id for stored in batch))

    def _is_gone(self, user_id: str) -> bool:
        return user_id in self._users and self._users[user_id][1].event.deleted is True

    def _record(self, creator_id: str) -> CreatorRecord | None:
        own = [
            post
            for post in self._posts.records
            if post.author_id == creator_id and post.visible_to(None)
        ]
        known = {post.author_id for post in self._posts.records}
        if creator_id not in self._users and creator_id not in known:
            return None
        stub = UserUpdated(user_id=creator_id, handle=creator_id, display_name=creator_id)
        revision, stored = self._users.get(creator_id, (0, None))
        event = stub if stored is None or stored.event.deleted else stored.event
        slugs = Counter(category.slug for post in own for category in post.categories)
        top = sorted(slugs, key=lambda slug: (-slugs[slug], slug))
        followers = self._follows.followers(creator_id) or None
        return CreatorRecord(
            id=creator_id,
            revision=revision,
            handle=event.handle,
            display_name=event.display_name,
            avatar_url=event.avatar_url,
            follower_count=followers if event.follower_count is None else event.follower_count,
            region=event.region if event.region and is_region(event.region) else None,
            post_count=len(own),
            top_categories=tuple(top[:3]),
            deleted=stored is not None and stored.event.deleted is True,
        )
