"""A viewer's interests in words: what was learned and what was said, with names."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from domain.errors import Unavailable
from domain.interest_reading import Interest, Interests, read_interests
from domain.viewer import ViewerState
from services.category_catalog import CategoryCatalog
from services.context import RequestContext
from services.creator_cache import CreatorCache
from services.hashtags import HashtagService
from services.posts import PostReader
from services.views import CreatorInterest, HashtagInterest, InterestsView, TopicInterest

MOST: Final = 50  # of each kind


class InterestsReader:
    def __init__(
        self,
        categories: CategoryCatalog,
        creators: CreatorCache,
        hashtags: HashtagService,
        posts: PostReader,
    ) -> None:
        self._categories = categories
        self._creators = creators
        self._hashtags = hashtags
        self._posts = posts

    async def read(self, context: RequestContext, state: ViewerState) -> InterestsView:
        """The caller's interests under ``state``, which may be newer than the one read first."""
        interests = read_interests(context.started.profile, state, context.now)
        said = max((statement.at for statement in state.statements), default=0.0)
        return InterestsView(
            maturity=interests.maturity,
            topics=self._topics(interests),
            creators=await self._liked_creators(
                replace_state(context, state), _first(interests.creators)
            ),
            hashtags=await self._liked_hashtags(context, _first(interests.hashtags)),
            updated_at=max(interests.updated_at or 0.0, said) or None,
        )

    def _topics(self, interests: Interests) -> tuple[TopicInterest, ...]:
        return tuple(
            TopicInterest(category, interest.strength, interest.state)
            for slug, interest in interests.topics.items()
            if (category := self._categories.find(slug)) is not None
        )

    async def _liked_creators(
        self, context: RequestContext, interests: Sequence[tuple[str, Interest]]
    ) -> tuple[CreatorInterest, ...]:
        with suppress(Unavailable):  # those that are not here go by their ids
            await self._creators.load(creator_id for creator_id, _ in interests)
        cards = self._posts.cards(context)
        return tuple(
            CreatorInterest(
                cards.creator(self._creators.find_or_nameless(creator_id)),
                interest.strength,
                interest.state,
            )
            for creator_id, interest in interests
        )

    async def _liked_hashtags(
        self, context: RequestContext, interests: Sequence[tuple[str, Interest]]
    ) -> tuple[HashtagInterest, ...]:
        cards = await self._hashtags.get_many(context, [name for name, _ in interests])
        return tuple(
            HashtagInterest(card, interest.strength, interest.state)
            for card, (_, interest) in zip(cards, interests, strict=True)
        )


def replace_state(context: RequestContext, state: ViewerState) -> RequestContext:
    """The request as it would be had it begun with this state."""
    return replace(context, started=replace(context.started, state=state))


def _first(interests: Mapping[str, Interest]) -> Sequence[tuple[str, Interest]]:
    return list(interests.items())[:MOST]
