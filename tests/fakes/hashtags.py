"""Uses of hashtags in memory, over posts in memory."""

from collections.abc import Sequence

from domain.ports import HashtagCount, HashtagUse, Place
from domain.posts import PostRecord
from tests.fakes.posts import MemoryPosts


class MemoryHashtags:
    def __init__(self, posts: MemoryPosts) -> None:
        self._posts = posts
        self._uses: dict[tuple[str, str, str], HashtagUse] = {}

    async def use(self, batch: Sequence[HashtagUse]) -> None:
        for use in batch:
            key = (use.hashtag, use.post_id, use.person)
            if key not in self._uses or use.at > self._uses[key].at:
                self._uses[key] = use

    async def counts(
        self, *, since: float, until: float, baseline: float, region: str | None, least_people: int
    ) -> Sequence[HashtagCount]:
        uses = self._of_recommendable(region)
        recent = [use for use in uses if since < use.at <= until]
        earlier = [use.hashtag for use in uses if since - baseline < use.at <= since]
        counts: list[HashtagCount] = []
        for hashtag in {use.hashtag for use in recent}:
            own = [use for use in recent if use.hashtag == hashtag]
            people = len({use.person for use in own})
            if people >= least_people:
                posts = len({use.post_id for use in own})
                before = earlier.count(hashtag)
                counts.append(HashtagCount(hashtag, people, posts, len(own), before, baseline))
        return sorted(counts, key=lambda count: (-count.people, count.hashtag))[:500]

    async def post_counts(self, hashtags: Sequence[str]) -> Sequence[int]:
        recommendable = [record for record in self._posts.records if record.recommendable]
        return [sum(tag in record.hashtags for record in recommendable) for tag in hashtags]

    async def posts(
        self, hashtag: str, *, limit: int, before: Place | None = None
    ) -> Sequence[PostRecord]:
        return [
            record
            for record in self._posts.records
            if record.recommendable
            and hashtag in record.hashtags
            and (before is None or (record.created_at, record.id) < before)
        ][:limit]

    async def forget(self, before: float) -> int:
        old = [key for key, use in self._uses.items() if use.at < before]
        for key in old:
            del self._uses[key]
        return len(old)

    def _of_recommendable(self, region: str | None) -> list[HashtagUse]:
        eligible = {record.id for record in self._posts.records if record.recommendable}
        return [
            use
            for use in self._uses.values()
            if use.post_id in eligible and (region is None or use.region == region)
        ]
