"""What is searched in OpenSearch (port ``SearchIndex``).

The version of a document is its record's revision, so that a late write never replaces a newer
one. What may not be recommended is not in the index at all.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog

from domain.creators import CreatorRecord
from domain.posts import PostRecord
from stores.opensearch_answers import Written
from stores.opensearch_client import Body, OpenSearchClient
from stores.opensearch_mappings import CREATORS, HASHTAGS, INDICES, POSTS, Index
from stores.opensearch_room import Room

MAX_TEXT: Final = 20_000  # characters of a post's text that are searched
SPARE: Final = 0.1  # of the capacity: between two trimmings
HARMLESS: Final = frozenset({404, 409})  # nothing to delete; a newer one is there
log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class OpenSearchIndex:
    """With a ``capacity`` only so many are kept: of posts the newest, of others the first ones."""

    def __init__(
        self, client: OpenSearchClient, *, prefix: str = "explore", capacity: int | None = None
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._oldest_kept = float("-inf")
        self._room = 0
        self._creators = Room(client, CREATORS.alias(prefix), capacity)
        self._hashtags = Room(client, HASHTAGS.alias(prefix), capacity)
        self._is_bound_told = False
        self.capacity = capacity

    async def ensure(self) -> None:
        """Create the indices that are not there; the first call says where they are bounded."""
        for index in INDICES:
            if not await self._client.has_alias(index.alias(self._prefix)):
                await self._client.create_index(
                    index.index(self._prefix), index.body(self._prefix)
                )
                self._oldest_kept, self._room = float("-inf"), 0
        for room in (self._creators, self._hashtags):  # others may have changed what is in
            room.forget()
        if self.capacity is not None and not self._is_bound_told:
            self._is_bound_told = True
            log.warning("index.bounded", newest_posts_kept=self.capacity, rest="postgresql")

    async def is_empty(self) -> bool:
        return await self._client.count(POSTS.alias(self._prefix)) == 0

    async def index_posts(self, records: Sequence[PostRecord]) -> None:
        wanted = [record for record in records if self._fits(record)]
        removed = [record for record in records if not record.recommendable]
        lines: list[Body] = []
        for record in wanted:
            lines += (self._line("index", POSTS, record.id, record.revision), _post(record))
        lines += [self._line("delete", POSTS, record.id, record.revision) for record in removed]
        used = list(dict.fromkeys(tag for record in wanted for tag in record.hashtags))
        for hashtag in await self._hashtags.admitted(used):
            # Found from the first post on; `index_hashtags` brings the count.
            lines += (self._line("create", HASHTAGS, hashtag), {"name": hashtag, "posts": 1})
        await self._write(lines)
        await self._trim(len(wanted))

    async def leave_out(self, records: Sequence[PostRecord]) -> None:
        await self._write([self._line("delete", POSTS, one.id, one.revision) for one in records])

    async def index_creators(self, records: Sequence[CreatorRecord]) -> None:
        gone = [record for record in records if record.deleted]
        self._creators.leave(record.id for record in gone)
        admitted = await self._creators.admitted([one.id for one in records if not one.deleted])
        lines = [self._line("delete", CREATORS, record.id, record.revision) for record in gone]
        for record in records:
            if not record.deleted and record.id in admitted:
                lines += (
                    # The counts of a record may change within a revision.
                    self._line("index", CREATORS, record.id, record.revision, "external_gte"),
                    _creator(record),
                )
        await self._write(lines)

    async def index_hashtags(self, post_counts: Mapping[str, int]) -> None:
        """Those without posts are removed."""
        unused = [hashtag for hashtag, posts in post_counts.items() if not posts]
        self._hashtags.leave(unused)
        used = [hashtag for hashtag, posts in post_counts.items() if posts]
        lines = [self._line("delete", HASHTAGS, hashtag) for hashtag in unused]
        for hashtag in await self._hashtags.admitted(used):
            lines += (
                self._line("index", HASHTAGS, hashtag),
                {"name": hashtag, "posts": post_counts[hashtag]},
            )
        await self._write(lines)

    async def refresh(self) -> None:
        """Let searches see all that was written, at once."""
        await self._client.refresh(f"{self._prefix}-*")

    def _line(
        self,
        operation: str,
        index: Index,
        identifier: str,
        revision: int | None = None,
        version_type: str = "external",
    ) -> Body:
        target: dict[str, Any] = {"_index": index.alias(self._prefix), "_id": identifier}
        if revision is not None:
            target |= {"version": revision, "version_type": version_type}
        return {operation: target}

    async def _write(self, lines: Sequence[Body]) -> None:
        if not lines:
            return
        for outcome in await self._client.bulk(lines):
            if _refused(outcome):
                # One document that cannot be indexed must not keep out all others.
                log.error("index.refused", id=outcome.id, error=outcome.error)

    def _fits(self, record: PostRecord) -> bool:
        return record.recommendable and record.created_at >= self._oldest_kept

    async def _trim(self, added: int) -> None:
        """Drop the oldest posts beyond the capacity, in steps of a tenth of it."""
        if self.capacity is None or added == 0:
            return
        self._room -= added
        if self._room > 0:
            return
        alias = POSTS.alias(self._prefix)
        await self._client.refresh(alias)
        count = await self._client.count(alias)
        if count >= self.capacity:
            oldest = await self._client.search(
                alias,
                {
                    "from": self.capacity - 1,
                    "size": 1,
                    "sort": [{"created_at": "desc"}],
                    "_source": ["created_at"],
                },
            )
            for hit in oldest.hits:
                milliseconds = hit.source["created_at"]
                self._oldest_kept = milliseconds / 1_000
                await self._client.delete_matching(
                    alias, {"range": {"created_at": {"lt": milliseconds}}}
                )
        self._room = max(1, round(self.capacity * (1 + SPARE)) - min(count, self.capacity))


def _refused(outcome: Written) -> bool:
    return outcome.error is not None and outcome.status not in HARMLESS


def _post(record: PostRecord) -> Body:
    document: Body = {
        "title": record.title,
        "text": record.text[:MAX_TEXT],
        "hashtags": list(record.hashtags),
        "categories": [category.slug for category in record.categories],
        "author_id": record.author_id,
        "language": record.language,
        "region": record.region,
        "created_at": round(record.created_at * 1_000),
        "quality": record.scores.quality,
    }
    return {name: value for name, value in document.items() if value is not None}


def _creator(record: CreatorRecord) -> Body:
    document: Body = {
        "handle": record.handle,
        "display_name": record.display_name,
        "region": record.region,
        "followers": record.follower_count or 0,
        "posts": record.post_count,
    }
    return {name: value for name, value in document.items() if value is not None}
