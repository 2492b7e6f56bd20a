"""Search over posts, creators and hashtags, and completions for a search box."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

import msgspec

from domain.errors import Unavailable
from domain.feed import CandidateSource
from domain.ports.search import SearchHits, SearchQuery
from services.arguments import SEARCH_MOST, SUGGEST_MOST, check_first, check_text
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.creator_cache import CreatorCache
from services.freshness import feed_info
from services.frozen_lists import FrozenAsk, FrozenLists
from services.hashtags import HashtagService
from services.inputs import SearchFilter
from services.lack import Lack
from services.pages import CreatorCard, HashtagCard, Page, SearchItem, SearchType, SuggestionItem
from services.pool_cache import PoolCache
from services.post_search import PostSearch
from services.posts import PostReader
from services.search_engines import SearchEngines
from services.search_queries import search_query

LONGEST_PREFIX: Final = 100


class SearchEntry(msgspec.Struct, frozen=True, array_like=True):
    """A creator or hashtag in a session; ``total`` is that of the whole search."""

    name: str
    highlights: tuple[str, ...]
    total: int | None


class SearchService:
    def __init__(  # noqa: PLR0913 - what it reads
        self,
        *,
        engines: SearchEngines,
        posts: PostSearch,
        reader: PostReader,
        creators: CreatorCache,
        hashtags: HashtagService,
        categories: CategoryCatalog,
        cache: PoolCache,
        lists: FrozenLists,
    ) -> None:
        self._engines = engines
        self._posts = posts
        self._reader = reader
        self._creators = creators
        self._hashtags = hashtags
        self._categories = categories
        self._cache = cache
        self._lists = lists

    async def search(
        self,
        context: RequestContext,
        *,
        query: str,
        type: SearchType,  # noqa: A002 - the argument's name in the schema
        first: int,
        after: str | None,
        filter: SearchFilter,  # noqa: A002 - as above
    ) -> Page[SearchItem]:
        """One page of what matches, best first.

        Raises:
            InvalidInput: a text, filter or page size is malformed.

        """
        check_first(first, SEARCH_MOST)
        wanted = search_query(query, filter, self._categories)
        if type is SearchType.POSTS:
            return await self._posts.page(context, wanted, first, after)
        return await self._named(context, wanted, type, first, after)

    async def suggest(
        self,
        context: RequestContext,
        *,
        prefix: str,
        first: int,
    ) -> Sequence[SuggestionItem]:
        """Completions, best first; titles only of posts that this caller may find."""
        check_first(first, SUGGEST_MOST)
        text = check_text(prefix, "prefix", LONGEST_PREFIX)
        found = await self._engines.suggest(text, SUGGEST_MOST)
        titled = [one.post_id for one in found if one.post_id is not None]
        shown = await self._posts.findable(context, titled) if titled else set[str]()
        items = [
            SuggestionItem(one.text, SearchType(one.kind))
            for one in found
            if one.post_id is None or one.post_id in shown
        ]
        return tuple(dict.fromkeys(items))[:first]

    async def _named(
        self,
        context: RequestContext,
        query: SearchQuery,
        kind: SearchType,
        first: int,
        after: str | None,
    ) -> Page[SearchItem]:
        lack: Lack | None = None

        async def bring() -> Sequence[SearchEntry]:
            nonlocal lack
            hits, lack = await self._look(query, kind)
            return [SearchEntry(hit.id, tuple(hit.highlights), hits.total) for hit in hits.hits]

        async def load(entries: Sequence[SearchEntry]) -> None:
            nonlocal lack
            if kind is SearchType.CREATORS:
                lack = await self._load(entry.name for entry in entries)

        ask = FrozenAsk(
            operation=f"search.{kind.lower()}",
            arguments=asdict(query),
            entry=SearchEntry,
            bring=bring,
            keep=lambda entry: kind is SearchType.HASHTAGS or self._is_creator(entry.name),
            load=load,
        )
        page = await self._lists.page(context, ask, first, after)
        cards = await self._cards(context, kind, [entry.name for entry in page.entries])
        return Page(
            items=tuple(
                SearchItem(card, entry.highlights, None, cursor)
                for card, entry, cursor in zip(cards, page.entries, page.cursors, strict=True)
            ),
            has_next=page.has_next,
            has_previous=page.has_previous,
            info=feed_info(
                context,
                self._cache,
                (),
                lacks={} if lack is None else {CandidateSource.SEARCH: lack},
            ),
            total=page.entries[0].total if page.entries else 0,
        )

    async def _look(self, query: SearchQuery, kind: SearchType) -> tuple[SearchHits, Lack | None]:
        if kind is SearchType.HASHTAGS:
            return await self._engines.hashtags(query)
        hits, lack = await self._engines.creators(query)
        return hits, await self._load(hit.id for hit in hits.hits) or lack

    async def _load(self, creator_ids: Iterable[str]) -> Lack | None:
        try:
            await self._creators.load(creator_ids)
        except Unavailable:
            return Lack.UNAVAILABLE  # those that are here are shown
        return None

    def _is_creator(self, creator_id: str) -> bool:
        record = self._creators.find(creator_id)
        return record is not None and not record.deleted

    async def _cards(
        self, context: RequestContext, kind: SearchType, names: Sequence[str]
    ) -> Sequence[CreatorCard | HashtagCard]:
        if kind is SearchType.HASHTAGS:
            return await self._hashtags.get_many(context, names)
        cards = self._reader.cards(context)
        return [cards.creator(self._creators.find_or_nameless(name)) for name in names]
