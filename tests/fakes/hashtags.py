"""Uses of hashtags in memory, over posts in memory."""

from collections import Counter
from collections.abc import Sequence

from domain.ports.hashtags import AwaitedUse, HashtagCount, HashtagUse
from domain.ports.posts import Place
from domain.posts import PostRecord
from tests.fakes.posts import MemoryPosts
from tests.fakes.reactions import MemoryReactions


class MemoryHashtags:
    def __init__(self, posts: MemoryPosts, reactions: MemoryReactions | None = None) -> None:
        self._posts = posts
        self._reactions = reactions or MemoryReactions()
        self._awaited: list[AwaitedUse] = []
        self._uses: dict[tuple[str, str, str], HashtagUse] = {}

    async def use(self, batch: Sequence[HashtagUse]) -> None:
        for use in batch:
            key = (use.hashtag, use.post_id, use.person)
            if key not in self._uses or use.at > self._uses[key].at:
                self._uses[key] = use

    async def awaiting(self, batch: Sequence[AwaitedUse]) -> None:
        self._awaited += batch

    async def settle(self, post_ids: Sequence[str]) -> None:
        known = {record.id: record for record in self._posts.records if record.id in post_ids}
        for one in self._awaited:
            if (post := known.get(one.post_id)) is not None:
                region = one.region or post.region
                await self.use(
                    [HashtagUse(a, one.person, post.id, one.at, region) for a in post.hashtags]
                )
        self._awaited = [one for one in self._awaited if one.post_id not in known]

    async def counts(
        self, *, since: float, until: float, baseline: float, region: str | None, least_people: int
    ) -> Sequence[HashtagCount]:
        uses = self._eligible(region)
        recent = [use for use in uses if since < use.at <= until and self._holds(use)]
        earlier = {
            (use.hashtag, use.person, int((since - use.at) // (until - since)))
            for use in uses
            if since - baseline < use.at <= since
        }
        counts: list[HashtagCount] = []
        for hashtag in {use.hashtag for use in recent}:
            own = [use for use in recent if use.hashtag == hashtag]
            people = len({use.person for use in own})
            if people >= least_people:
                posts = len({use.post_id for use in own})
                before = sum(one == hashtag for one, _, _ in earlier)
                counts.append(HashtagCount(hashtag, people, posts, before, baseline))
        return sorted(counts, key=lambda count: (-count.people, count.hashtag))[:500]

    async def regions(self, *, since: float, limit: int) -> Sequence[str]:
        used = Counter(use.region for use in self._uses.values() if use.region and use.at > since)
        return sorted(used, key=lambda region: (-used[region], region))[:limit]

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

    def _eligible(self, region: str | None) -> list[HashtagUse]:
        tags = {
            record.id: record.hashtags for record in self._posts.records if record.recommendable
        }
        return [
            use
            for use in self._uses.values()
            if use.hashtag in tags.get(use.post_id, ())
            and (region is None or use.region == region)
        ]

    def _holds(self, use: HashtagUse) -> bool:
        content = self._posts.state(use.post_id).content
        return (content is not None and content.author_id == use.person) or any(
            state.count and (person, post_id) == (use.person, use.post_id)
            for (person, post_id, _), state in self._reactions.states.items()
        )
