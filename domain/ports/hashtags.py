"""Who used which hashtag, when and where, and how many did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.ports.posts import Place
from domain.posts import PostRecord


@dataclass(frozen=True, slots=True)
class HashtagUse:
    """A person used a hashtag by writing or reacting to a post; told again, the latest counts."""

    hashtag: str
    person: str
    post_id: str
    at: float
    region: str | None


@dataclass(frozen=True, slots=True)
class AwaitedUse:
    """A person reacted to a post of which nothing is known yet."""

    person: str
    post_id: str
    at: float
    region: str | None


@dataclass(frozen=True, slots=True)
class HashtagCount:
    """Use of a hashtag in recommendable posts between two times and in a span before.

    ``people`` and ``posts`` are distinct. ``baseline_people`` is the sum of the distinct people in
    each of the windows of the same length that make up the ``baseline_seconds`` before it.
    """

    hashtag: str
    people: int
    posts: int
    baseline_people: int
    baseline_seconds: float


class Hashtags(Protocol):
    """A use holds while its post has the hashtag and its person wrote it or has a reaction to it.

    What does not hold counts nowhere.
    """

    async def use(self, batch: Sequence[HashtagUse]) -> None: ...
    async def awaiting(self, batch: Sequence[AwaitedUse]) -> None:
        """Keep what people did to posts until those are known."""
        ...

    async def settle(self, post_ids: Sequence[str]) -> None:
        """Make what was kept of these posts uses of the hashtags that they have, where known."""
        ...

    async def counts(
        self, *, since: float, until: float, baseline: float, region: str | None, least_people: int
    ) -> Sequence[HashtagCount]:
        """Hashtags of at least so many people in the window, most people first, at most 500."""
        ...

    async def regions(self, *, since: float, limit: int) -> Sequence[str]:
        """Where hashtags were used since a time, most used first."""
        ...

    async def post_counts(self, hashtags: Sequence[str]) -> Sequence[int]:
        """Recommendable posts that have each hashtag."""
        ...

    async def posts(
        self, hashtag: str, *, limit: int, before: Place | None = None
    ) -> Sequence[PostRecord]:
        """Recommendable posts, newest first."""
        ...

    async def forget(self, before: float) -> int:
        """Delete the uses from before a time; how many there were."""
        ...
