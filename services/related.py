"""Posts like a post: the same people, hashtags, topics and creator."""

from contextlib import suppress
from typing import Final

import numpy as np

from domain import pools
from domain.errors import Unavailable
from domain.feed import CandidateSource
from domain.ranking.candidates import Candidates, Floats
from domain.ranking.recipes import RELATED
from services.arguments import POSTS_MOST, check_first
from services.co_engagement import co_engaged
from services.context import RequestContext
from services.gathering import describe, trend_columns
from services.pages import Page, PostItem
from services.pool_cache import PoolCache
from services.post_table import PostTable
from services.posts import PostReader
from services.ranked_lists import Ask, RankedLists
from services.viewpoint import Viewpoint

MOST: Final = 300
BY_PEOPLE: Final = np.uint32(1 << CandidateSource.CO_ENGAGED)
BY_LIKENESS: Final = np.uint32(1 << CandidateSource.CATEGORY)
BY_HASHTAGS: Final = 0.5
BY_TOPIC: Final = 0.3
BY_CREATOR: Final = 0.2


class RelatedService:
    def __init__(self, cache: PoolCache, lists: RankedLists, posts: PostReader) -> None:
        self._cache = cache
        self._lists = lists
        self._posts = posts

    async def page(
        self, context: RequestContext, post_id: str, *, first: int, after: str | None
    ) -> Page[PostItem]:
        """Posts like this one, the likest first; empty where there is no such post."""
        check_first(first, POSTS_MOST)
        with suppress(Unavailable):  # then there is nothing like it
            await self._cache.catalog.load([post_id])

        async def bring(_seed: int) -> Candidates:
            lacks = await self._cache.require([pools.similar(post_id)])
            for lack in lacks.values():
                degraded = self._cache.metrics.degraded_responses
                degraded.labels(CandidateSource.CO_ENGAGED.name, lack.value).inc()
            return self._gather(post_id, context.now)

        ask = Ask(
            operation="related",
            arguments={"post": post_id},
            viewpoint=Viewpoint(context),
            recipe=RELATED,
            gather=bring,
        )
        page = await self._lists.page(ask, first, after)
        self._lists.keep(ask, page)
        cards = self._posts.cards(context).posts(page.table_rows.tolist())
        return Page(
            items=tuple(
                PostItem(card, self._lists.cursor(page, place))
                for card, place in zip(cards, page.places, strict=True)
            ),
            has_next=page.has_next,
            has_previous=bool(page.places) and page.places[0] > 0,
        )

    def _gather(self, post_id: str, now: float) -> Candidates:
        table = self._cache.catalog.table
        row = table.row(post_id)
        likeness = np.zeros(len(table)) if row < 0 else likenesses(table, row)
        together = self._cache.pool(pools.similar(post_id)).rows
        alike = np.flatnonzero(likeness)
        alike = alike[np.argsort(-likeness[alike], kind="stable")[: MOST - len(together)]]
        rows = np.union1d(together, alike).astype(np.int32)
        columns = {
            **trend_columns(self._cache, rows, now),
            **co_engaged(self._cache, [post_id], rows),
            "relevance": likeness[rows],
        }
        # What reads alike was found for its topic.
        source = np.where(np.isin(rows, together), BY_PEOPLE, BY_LIKENESS)
        return describe(table, rows, source, columns)


def likenesses(table: PostTable, row: int) -> Floats:
    """[rows of the table], how much each post is like one of them, in [0, 1]; 0 for itself."""
    columns, size = table.columns, len(table)
    tags = columns.hashtags[row][columns.hashtags[row] >= 0]
    topics = columns.categories[row][columns.categories[row] >= 0]
    by_tags = np.isin(columns.hashtags[:size], tags).sum(axis=1) / max(len(tags), 1)
    by_topic = np.isin(columns.categories[:size], topics).any(axis=1)
    by_creator = columns.author[:size] == columns.author[row]
    likeness = BY_HASHTAGS * by_tags + BY_TOPIC * by_topic + BY_CREATOR * by_creator
    likeness[row] = 0.0
    return likeness
