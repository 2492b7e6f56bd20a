"""The search index from PostgreSQL, as a new generation; then the aliases move."""

from collections.abc import Sequence
from typing import Final, Protocol

from consumers.rebuild.shown import Shown
from domain.ports.creators import CreatorRecords
from domain.ports.hashtags import Hashtags
from domain.ports.posts import Place, PostProjection
from domain.ports.search_index import SearchIndex
from domain.posts import PostRecord

PAGE: Final = 500


class Generations(Protocol):
    @property
    def next(self) -> SearchIndex: ...
    async def begin(self) -> None: ...
    async def switch(self) -> None: ...


class IndexRebuild:
    """``capacity``: of the index, in posts; None where it is unbounded.

    ``live``: as readers and the index consumer see it, after the switch the new generation.
    """

    def __init__(  # noqa: PLR0913 - its ports
        self,
        *,
        generations: Generations,
        live: SearchIndex,
        posts: PostProjection,
        creators: CreatorRecords,
        hashtags: Hashtags,
        capacity: int | None,
        shown: Shown,
    ) -> None:
        self._generations = generations
        self._live = live
        self._posts = posts
        self._creators = creators
        self._hashtags = hashtags
        self._capacity = capacity
        self._shown = shown

    async def run(self) -> None:
        """Safe to repeat, whenever it ends: until the switch nobody sees what it does."""
        await self._generations.begin()
        indexed = await self._fill()
        await self._generations.switch()
        # The consumer wrote to the old generation meanwhile: the records tell what.
        await self._catch_up(indexed)

    async def _fill(self) -> dict[str, int]:
        """The revisions of the posts that were indexed."""
        self._shown.begin("search index", self._capacity or 0)
        indexed: dict[str, int] = {}
        before: Place | None = None
        while self._capacity is None or len(indexed) < self._capacity:
            page = await self._posts.newest(limit=PAGE, before=before)
            if not page:
                break
            await self._index(self._generations.next, page)
            indexed |= {record.id: record.revision for record in page}
            before = (page[-1].created_at, page[-1].id)
            self._shown.advance(len(page))
        self._shown.end()
        return indexed

    async def _index(self, index: SearchIndex, records: Sequence[PostRecord]) -> None:
        await index.index_posts(records)
        hashtags = list({tag: None for record in records for tag in record.hashtags})
        counts = await self._hashtags.post_counts(hashtags) if hashtags else ()
        await index.index_hashtags(dict(zip(hashtags, counts, strict=True)))
        authors = list({record.author_id: None for record in records})
        found = await self._creators.get_many(authors)
        await index.index_creators([creator for creator in found if creator is not None])

    async def _catch_up(self, indexed: dict[str, int]) -> None:
        ids = list(indexed)
        for first in range(0, len(ids), PAGE):
            found = await self._posts.get_many(ids[first : first + PAGE])
            changed = [one for one in found if one and one.revision > indexed[one.id]]
            if changed:
                await self._index(self._live, changed)
        new = await self._posts.newest(limit=PAGE)
        await self._index(self._live, [one for one in new if one.id not in indexed])
