"""Creators: worth following, by handle or id, and their posts."""

from collections.abc import Sequence
from typing import Final

from domain.cursors import KeysetCursors, scope_of
from domain.errors import InvalidInput, Unavailable
from domain.ports.creators import CreatorRecords
from services.arguments import CREATORS_MOST, POSTS_MOST, check_first
from services.cards import Cards
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.creator_cache import CreatorCache
from services.creator_ranking import (
    CreatorEntry,
    KnownCreators,
    rank_creators,
    reason_of,
    unwanted_creators,
)
from services.frozen_lists import FrozenAsk, FrozenLists
from services.newest_posts import NewestPosts
from services.pages import CreatorCard, CreatorItem, Page, PostItem
from services.posts import PostReader
from services.rising import Rising
from services.viewer_history import ViewerHistory
from services.viewpoint import Viewpoint

TOPICS: Final = 5
FOLLOWED: Final = 10  # the latest of those whom the viewer follows


class CreatorService:
    def __init__(  # noqa: PLR0913 - what it reads
        self,
        *,
        rising: Rising,
        creators: CreatorCache,
        records: CreatorRecords,
        newest: NewestPosts,
        posts: PostReader,
        categories: CategoryCatalog,
        lists: FrozenLists,
        cursors: KeysetCursors,
        history: ViewerHistory,
    ) -> None:
        self._rising = rising
        self._creators = creators
        self._records = records
        self._newest = newest
        self._posts = posts
        self._categories = categories
        self._lists = lists
        self._cursors = cursors
        self._history = history

    async def recommended(
        self, context: RequestContext, *, first: int, after: str | None, category: str | None
    ) -> Page[CreatorItem]:
        """Creators worth following, of one category or of all; none followed already.

        Raises:
            InvalidInput: there is no such category.

        """
        check_first(first, CREATORS_MOST)
        if category is not None and self._categories.find(category) is None:
            raise InvalidInput("There is no such category.", field="category")
        cards = self._posts.cards(context)
        viewpoint = Viewpoint(context)
        unwanted = unwanted_creators(viewpoint.interests)

        def keep(entry: CreatorEntry) -> bool:
            record = self._creators.find_or_nameless(entry.creator_id)
            return (
                not record.deleted
                and entry.creator_id not in cards.facts.followed
                and entry.creator_id not in unwanted
            )

        ask = FrozenAsk(
            operation="creators",
            arguments={"category": category},
            entry=CreatorEntry,
            bring=lambda: self._rank(viewpoint, category),
            keep=keep,
            load=self._load,
        )
        page = await self._lists.page(context, ask, first, after)
        return Page(
            items=tuple(
                self._item(cards, entry, cursor)
                for entry, cursor in zip(page.entries, page.cursors, strict=True)
            ),
            has_next=page.has_next,
            has_previous=page.has_previous,
        )

    async def by_handle(self, context: RequestContext, handle: str) -> CreatorCard | None:
        record = self._creators.by_handle(handle)
        if record is None:
            record = await self._records.by_handle(handle)
            if record is not None:
                self._creators.put(record)
        if record is None or record.deleted:
            return None
        cards = self._posts.cards(context)
        await self._history.complete(context, cards.facts, creators=[record.id])
        return cards.creator(record)

    async def get_many(
        self, context: RequestContext, creator_ids: Sequence[str]
    ) -> Sequence[CreatorCard | None]:
        """Cards by id, None for what is not there."""
        await self._creators.load(creator_ids)
        cards = self._posts.cards(context)
        await self._history.complete(context, cards.facts, creators=creator_ids)
        found = [self._creators.find(creator_id) for creator_id in creator_ids]
        return [
            None if record is None or record.deleted else cards.creator(record) for record in found
        ]

    async def posts(
        self, context: RequestContext, creator_id: str, *, first: int, after: str | None
    ) -> Page[PostItem]:
        """All posts that this caller may see, newest first."""
        check_first(first, POSTS_MOST)
        scope = scope_of("creator.posts", {"creator": creator_id}, context.viewer_id)
        before = None if after is None else self._cursors.decode(after, scope, tuple[float, str])
        records = await self._newest.visible(context, creator_id, first + 1, before)
        shown = records[:first]
        cards = self._posts.held(context, [record.id for record in shown])
        return Page(
            items=tuple(
                PostItem(card, self._cursors.encode((record.created_at, record.id), scope))
                for card, record in zip(cards, shown, strict=True)
                if card is not None
            ),
            has_next=len(records) > first,
            has_previous=before is not None,
        )

    async def _rank(self, viewpoint: Viewpoint, category: str | None) -> Sequence[CreatorEntry]:
        interests = viewpoint.interests
        liked = [slug for slug, interest in interests.topics.items() if interest.strength > 0.0]
        topics = liked[:TOPICS] if category is None else [category]
        followed = interests.followed[-FOLLOWED:][::-1]
        await self._rising.require(topics, followed)
        known = KnownCreators(
            anywhere=self._rising.creators() if category is None else (),
            by_topic={slug: self._rising.creators(slug) for slug in topics},
            together={one: self._rising.followed_with(one) for one in followed},
        )
        context = viewpoint.context
        unwanted = unwanted_creators(interests)
        if context.viewer_id is not None:
            unwanted.add(context.viewer_id)
        ranked = rank_creators(interests, known, unwanted)
        if category is not None:
            listed = set(known.by_topic[category])
            ranked = [entry for entry in ranked if entry.creator_id in listed]
        if not await self._load(ranked):
            return ranked  # those that are not here go by their ids
        return [entry for entry in ranked if self._creators.find(entry.creator_id) is not None]

    async def _load(self, entries: Sequence[CreatorEntry]) -> bool:
        """Bring here whom the entries name; whether a store answered."""
        named = [entry.followed for entry in entries if entry.followed]
        try:
            await self._creators.load([*(entry.creator_id for entry in entries), *named])
        except Unavailable:
            return False
        return True

    def _item(self, cards: Cards, entry: CreatorEntry, cursor: str) -> CreatorItem:
        record = self._creators.find_or_nameless(entry.creator_id)
        category = self._categories.find(entry.category) if entry.category else None
        followed = entry.followed and self._creators.find_or_nameless(entry.followed)
        reason = reason_of(
            entry,
            creator=record.display_name,
            category=category.name if category is not None else entry.category,
            followed=followed.display_name if followed else None,
        )
        return CreatorItem(cards.creator(record), cards.reason(reason), cursor)
