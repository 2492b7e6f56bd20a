"""Search in OpenSearch (port ``Search``).

Engagement moves too fast for an index: whoever ranks the hits has it at hand.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from domain.ports.search import SearchHit, SearchHits, SearchQuery, Suggestion
from stores.opensearch_answers import Hits
from stores.opensearch_client import OpenSearchClient
from stores.opensearch_mappings import CREATORS, HASHTAGS, POSTS
from stores.opensearch_queries import creators_search, hashtags_search, posts_search, titles_search
from stores.suggestions import interleave


class OpenSearchSearch:
    """``now`` (epoch seconds) is what recency is measured from."""

    def __init__(
        self, client: OpenSearchClient, now: Callable[[], float], *, prefix: str = "explore"
    ) -> None:
        self._client = client
        self._now = now
        self._prefix = prefix

    async def posts(self, query: SearchQuery) -> SearchHits:
        text = query.text.strip()
        if not text:
            return SearchHits((), 0)
        body = posts_search(text, query, self._now())
        return _hits(await self._client.search(POSTS.alias(self._prefix), body))

    async def creators(self, query: SearchQuery) -> SearchHits:
        return _hits(
            await self._client.search(
                CREATORS.alias(self._prefix), creators_search(query.text, query.limit)
            )
        )

    async def hashtags(self, query: SearchQuery) -> SearchHits:
        return _hits(
            await self._client.search(
                HASHTAGS.alias(self._prefix), hashtags_search(query.text, query.limit)
            )
        )

    async def suggest(self, prefix: str, limit: int) -> Sequence[Suggestion]:
        text = prefix.strip()
        if not text:
            return []
        hashtags, creators, posts = await self._client.search_many(
            (
                (HASHTAGS.alias(self._prefix), hashtags_search(text, limit, forgiving=False)),
                (CREATORS.alias(self._prefix), creators_search(text, limit, forgiving=False)),
                (POSTS.alias(self._prefix), titles_search(text, limit)),
            )
        )
        kinds = (
            [Suggestion(hit.id, "HASHTAGS") for hit in hashtags.hits],
            [Suggestion(str(hit.source["handle"]), "CREATORS") for hit in creators.hits],
            [Suggestion(str(hit.source["title"]), "POSTS", hit.id) for hit in posts.hits],
        )
        return interleave(kinds, limit)


def _hits(found: Hits) -> SearchHits:
    total = found.total
    return SearchHits(
        [SearchHit(hit.id, hit.score or 0.0, _highlights(hit.highlight)) for hit in found.hits],
        total.value if total is not None and total.relation == "eq" else None,
    )


def _highlights(found: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Of a field as stems and as words, what has more marks."""
    fields = (
        max(found.get(field, ()), found.get(f"{field}.plain", ()), key=_marks)
        for field in ("title", "text")
    )
    return tuple(chain.from_iterable(fields))


def _marks(fragments: Sequence[str]) -> int:
    return sum(fragment.count("<mark>") for fragment in fragments)
