"""Full-text search: a query, its hits, suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """``text`` is taken literally; times are in epoch seconds."""

    text: str
    limit: int
    category: str | None = None
    hashtag: str | None = None
    language: str | None = None
    region: str | None = None
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """``highlights`` are escaped fragments with the matches between ``<mark>`` and ``</mark>``."""

    id: str
    score: float
    highlights: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SearchHits:
    hits: Sequence[SearchHit]
    total: int | None


class Suggestion(NamedTuple):
    """``kind`` is the name of a ``SearchType``; ``post_id`` says whose title the text is."""

    text: str
    kind: str
    post_id: str | None = None


class Search(Protocol):
    """Full-text search; OpenSearch and, for when it is away, PostgreSQL."""

    async def posts(self, query: SearchQuery) -> SearchHits: ...
    async def creators(self, query: SearchQuery) -> SearchHits: ...
    async def hashtags(self, query: SearchQuery) -> SearchHits: ...
    async def suggest(self, prefix: str, limit: int) -> Sequence[Suggestion]:
        """Best first."""
        ...
