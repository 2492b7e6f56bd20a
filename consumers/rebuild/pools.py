"""Lists from what they are made of: counters know their posts' trends, PostgreSQL their times.

Each list is replaced as a whole, in one command, by members and scores computed as their owners
compute them. What moved while that was done is looked at again by its owner.
"""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Final, Protocol

import msgspec

from consumers.rebuild.shown import Shown
from consumers.trending_lists import writes
from consumers.trimming import kept
from domain import pools
from domain.engagement import EngagementState
from domain.events import MILLISECONDS, EngagementType, EngagementUpdated
from domain.ports.categories import Categories
from domain.ports.checkpoints import CheckpointSource
from domain.ports.event_publisher import EventPublisher
from domain.ports.pools import Pools
from domain.ports.posts import PostProjection
from runtime.clock import Clock

AT_ONCE: Final = 2_000  # members of lists that are replaced in one round trip
PAGE: Final = 500  # posts read from PostgreSQL
AUTHORS: Final = 5_000  # posts of a page by author
CHUNK: Final = 500  # events
TRENDING: Final = "trending:"

Scan = Mapping[str, bytes]
Members = dict[str, dict[str, float]]


class AuthorPosts(Protocol):
    async def page(self, after: tuple[str, str], limit: int) -> Sequence[tuple[str, str, float]]:
        """Authors, ids and times of public posts, by author and id, behind a place."""
        ...


class ListWriter(Protocol):
    async def replace_many(self, pools: Mapping[str, Mapping[str, float]]) -> None:
        """Each as a whole, at once."""
        ...


class PoolRebuild:
    def __init__(  # noqa: PLR0913 - its ports
        self,
        *,
        source: CheckpointSource,
        reader: Pools,
        writer: ListWriter,
        posts: PostProjection,
        authors: AuthorPosts,
        categories: Categories,
        publisher: EventPublisher,
        clock: Clock,
        shown: Shown,
    ) -> None:
        self._source = source
        self._reader = reader
        self._writer = writer
        self._posts = posts
        self._authors = authors
        self._categories = categories
        self._publisher = publisher
        self._clock = clock
        self._shown = shown
        self._unpack = msgspec.msgpack.Decoder(EngagementState).decode

    async def run(self, partitions: Sequence[int]) -> None:
        """Safe to repeat, whenever it ends."""
        await self._trending(partitions)
        await self._fresh()
        await self._by_author()

    async def _trending(self, partitions: Sequence[int]) -> None:
        before = await self._scan(partitions)
        members: Members = {}
        for scan in before.values():
            states = {post_id: self._unpack(packed) for post_id, packed in scan.items()}
            for write in writes(states, {}):
                members.setdefault(write.name, {}).update(write.put)
        for name in (await self._reader.news("")).versions:
            if name.startswith(TRENDING):
                members.setdefault(name, {})
        await self._replace("trending lists", members)
        after = await self._scan(partitions)
        moved = [
            post_id
            for partition, scan in after.items()
            for post_id, packed in scan.items()
            if before[partition].get(post_id) != packed
        ]
        await self._look_again(moved)

    async def _scan(self, partitions: Sequence[int]) -> dict[int, Scan]:
        self._shown.begin("counters", len(partitions))
        found: dict[int, Scan] = {}
        for partition in partitions:
            found[partition] = await self._source.scan(partition)
            self._shown.advance()
        self._shown.end()
        return found

    async def _fresh(self) -> None:
        categories = await self._categories.all()
        wanted = [None, *(category.slug for category in categories)]
        members: Members = {}
        for slug in wanted:
            name = pools.fresh() if slug is None else pools.fresh(slug)
            members[name] = await self._newest(slug, kept(name))
        await self._replace("new posts", members)
        # Those that came while the lists were made.
        for slug in wanted:
            name = pools.fresh() if slug is None else pools.fresh(slug)
            came = await self._newest(slug, PAGE)
            new = {post_id: at for post_id, at in came.items() if post_id not in members[name]}
            if new:
                await self._writer.replace_many({name: {**members[name], **new}})

    async def _newest(self, slug: str | None, limit: int) -> dict[str, float]:
        found: dict[str, float] = {}
        before = None
        while len(found) < limit:
            page = await self._posts.newest(
                limit=min(PAGE, limit - len(found)), before=before, category=slug
            )
            if not page:
                break
            found |= {record.id: record.created_at for record in page}
            before = (page[-1].created_at, page[-1].id)
        return found

    async def _by_author(self) -> None:
        members: Members = {}
        place = ("", "")
        while page := await self._authors.page(place, AUTHORS):
            for author, post_id, at in page:
                members.setdefault(pools.by_author(author), {})[post_id] = at
            author, post_id, _ = page[-1]
            place = (author, post_id)
            # The last author's posts may go on.
            last = members.pop(pools.by_author(author))
            await self._replace("posts by author", members)
            members = {pools.by_author(author): last}
        await self._replace("posts by author", members)

    async def _replace(self, part: str, members: Members) -> None:
        if not members:
            return
        self._shown.begin(part, len(members))
        waiting: Members = {}
        size = 0
        for name, scores in members.items():
            best = nlargest(kept(name), scores, key=lambda one: (scores[one], one))
            waiting[name] = {one: scores[one] for one in best}
            size += len(best) + 1
            if size >= AT_ONCE:
                await self._writer.replace_many(waiting)
                self._shown.advance(len(waiting))
                waiting, size = {}, 0
        await self._writer.replace_many(waiting)
        self._shown.advance(len(waiting))
        self._shown.end()

    async def _look_again(self, post_ids: Sequence[str]) -> None:
        now = round(self._clock.now() * MILLISECONDS)
        for first in range(0, len(post_ids), CHUNK):
            await self._publisher.publish(
                [
                    EngagementUpdated(
                        post_id=post_id, type=EngagementType.VIEW, delta=0, timestamp=now
                    )
                    for post_id in post_ids[first : first + CHUNK]
                ]
            )
