"""The projection of posts in memory, folded by the same rules as PostgreSQL's."""

from collections.abc import Callable, Collection, Mapping, Sequence

from domain.moderation import ReviewStatus
from domain.ports.moderation import Review
from domain.ports.posts import Place, StoredIngestion, StoredModeration
from domain.post_content import content_of, deleted, written_at
from domain.post_state import UNHEARD_OF, PostState
from domain.posts import PostRecord
from tests.fakes.categories import MemoryCategories


class MemoryPosts:
    def __init__(self, categories: MemoryCategories | None = None) -> None:
        self._categories = categories or MemoryCategories()
        self._categories.in_use = lambda: {
            category.slug for record in self.records for category in record.categories
        }
        self._states: dict[str, PostState] = {}
        self._revisions: dict[str, int] = {}
        self._revision = 0
        self.is_gone: Callable[[str], bool] = lambda _: False  # told by the creators in memory
        self.decisions: dict[str, list[Review]] = {}  # on record, by post

    @property
    def records(self) -> Sequence[PostRecord]:
        """All posts, newest first, deleted ones too."""
        found = [self._record(post_id) for post_id in self._states]
        known = [record for record in found if record is not None]
        return sorted(known, key=lambda record: (record.created_at, record.id), reverse=True)

    def state(self, post_id: str) -> PostState:
        return self._states.get(post_id, UNHEARD_OF)

    async def get_many(self, ids: Sequence[str]) -> Sequence[PostRecord | None]:
        return [self._record(post_id) for post_id in ids]

    async def ingest(self, batch: Sequence[StoredIngestion]) -> Sequence[str]:
        for stored in batch:
            event = stored.event
            content = content_of(event, written_at(event, stored.at))
            if self.is_gone(event.author_id):
                content = deleted(content)
            await self._change(
                event.post_id,
                lambda state, s=stored, c=content: state.told(c, s.at, nsfw=s.event.nsfw is True),
            )
        return list(dict.fromkeys(stored.event.post_id for stored in batch))

    async def withdraw(self, authors: Mapping[str, float]) -> Sequence[str]:
        written = {
            post_id: state.content
            for post_id, state in sorted(self._states.items())
            if state.content is not None and state.content.author_id in authors
        }
        for post_id, content in written.items():
            at = authors[content.author_id]
            if self.is_gone(content.author_id):
                at = max(at, self.state(post_id).told_at)
            await self._change(post_id, lambda state, c=content, t=at: state.told(deleted(c), t))
        return list(written)

    async def moderate(self, batch: Sequence[StoredModeration]) -> Sequence[str]:
        for stored in batch:
            post_id = stored.event.post_id
            held = self.state(post_id).judgment.human
            await self._change(post_id, lambda state, s=stored: state.judged(s.event, s.at))
            if (ruling := self.state(post_id).judgment.human) != held:
                self.record(post_id, Review(ruling.at, ruling.actor, ruling.decision, None, None))
        return list(dict.fromkeys(stored.event.post_id for stored in batch))

    def record(self, post_id: str, review: Review) -> None:
        """Put a decision on record unless it is there."""
        held = self.decisions.setdefault(post_id, [])
        if not any(
            (one.actor, one.decision) == (review.actor, review.decision)
            and abs(one.at - review.at) <= 0.001
            for one in held
        ):
            held.append(review)

    async def newest(
        self, *, limit: int, before: Place | None = None, category: str | None = None
    ) -> Sequence[PostRecord]:
        return self._page(
            lambda record: (
                record.recommendable
                and (category is None or category in {held.slug for held in record.categories})
            ),
            limit,
            before,
        )

    async def time_of_newest(self, number: int) -> float | None:
        newest = await self.newest(limit=number)
        return newest[number - 1].created_at if len(newest) == number else None

    async def of_creator(
        self,
        creator_id: str,
        *,
        limit: int,
        before: Place | None = None,
        statuses: Collection[ReviewStatus] = tuple(ReviewStatus),
    ) -> Sequence[PostRecord]:
        return self._page(
            lambda record: (
                record.author_id == creator_id and not record.deleted and record.status in statuses
            ),
            limit,
            before,
        )

    def _page(
        self, wanted: Callable[[PostRecord], bool], limit: int, before: Place | None
    ) -> Sequence[PostRecord]:
        return [
            record
            for record in self.records
            if wanted(record) and (before is None or (record.created_at, record.id) < before)
        ][:limit]

    async def _change(self, post_id: str, change: Callable[[PostState], PostState]) -> None:
        before = self.state(post_id)
        after = self._states[post_id] = change(before)
        record = after.record(post_id)
        if record is not None and record != before.record(post_id):
            await self._categories.ensure([category.slug for category in record.categories])
            self._revision += 1
            self._revisions[post_id] = self._revision

    def _record(self, post_id: str) -> PostRecord | None:
        return self.state(post_id).record(post_id, self._revisions.get(post_id, 0))
