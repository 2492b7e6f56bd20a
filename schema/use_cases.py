"""What the GraphQL layer asks of `services`, as protocols: its classes fit them as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.categories import CategoryRecord
from domain.erasure import Erasure
from domain.trending import Window
from domain.viewer import ContentSettings
from services.context import RequestContext
from services.inputs import (
    CaseClaim,
    CategoryChange,
    Interaction,
    InterestChange,
    ModerationFilter,
    NotInterested,
    Report,
    Review,
    SearchFilter,
    SettingsChange,
    Target,
    TrendingScope,
)
from services.outcomes import Outcome, Recorded
from services.pages import (
    CategoryItem,
    CreatorCard,
    CreatorItem,
    FeedItem,
    HashtagCard,
    HashtagItem,
    Page,
    PostCard,
    PostItem,
    SearchItem,
    SearchType,
    SuggestionItem,
    TrendingHead,
    TrendingItem,
)
from services.views import InterestsView, ModerationCaseItem, ModerationCaseView, WhyNotView

NodeCard = PostCard | CreatorCard | CategoryRecord | HashtagCard | ModerationCaseView


class Explore(Protocol):
    async def page(
        self, c: RequestContext, /, *, first: int, after: str | None, region: str | None
    ) -> Page[FeedItem]: ...


class Trending(Protocol):
    async def page(
        self,
        c: RequestContext,
        /,
        *,
        first: int,
        after: str | None,
        window: Window,
        scope: TrendingScope,
    ) -> Page[TrendingItem]: ...
    async def head(
        self, c: RequestContext, /, *, first: int, window: Window, scope: TrendingScope
    ) -> TrendingHead: ...


class Categories(Protocol):
    async def page(
        self, c: RequestContext, /, *, first: int, after: str | None
    ) -> Page[CategoryItem]: ...
    async def get(self, c: RequestContext, slug: str, /) -> CategoryRecord | None: ...
    async def posts(
        self, c: RequestContext, slug: str, /, *, first: int, after: str | None
    ) -> Page[FeedItem]: ...
    async def creators(
        self, c: RequestContext, slug: str, /, *, first: int, after: str | None
    ) -> Page[CreatorItem]: ...
    async def upsert(
        self, c: RequestContext, change: CategoryChange, /
    ) -> Outcome[CategoryRecord]: ...


class Creators(Protocol):
    async def recommended(
        self, c: RequestContext, /, *, first: int, after: str | None, category: str | None
    ) -> Page[CreatorItem]: ...
    async def by_handle(self, c: RequestContext, handle: str, /) -> CreatorCard | None: ...
    async def posts(
        self, c: RequestContext, creator_id: str, /, *, first: int, after: str | None
    ) -> Page[PostItem]: ...


class Hashtags(Protocol):
    async def trending(
        self,
        c: RequestContext,
        /,
        *,
        first: int,
        after: str | None,
        window: Window,
        region: str | None,
    ) -> Page[HashtagItem]: ...
    async def get(self, c: RequestContext, name: str, /) -> HashtagCard | None: ...
    async def get_many(
        self, c: RequestContext, names: Sequence[str], /
    ) -> Sequence[HashtagCard]: ...
    async def posts(
        self, c: RequestContext, name: str, /, *, first: int, after: str | None, window: Window
    ) -> Page[TrendingItem]: ...


class Search(Protocol):
    async def search(
        self,
        c: RequestContext,
        /,
        *,
        query: str,
        type: SearchType,  # noqa: A002 - the argument's name in the schema
        first: int,
        after: str | None,
        filter: SearchFilter,  # noqa: A002 - as above
    ) -> Page[SearchItem]: ...
    async def suggest(
        self, c: RequestContext, /, *, prefix: str, first: int
    ) -> Sequence[SuggestionItem]: ...


class Nodes(Protocol):
    async def get_many(
        self, c: RequestContext, global_ids: Sequence[str], /
    ) -> Sequence[NodeCard | None]: ...


class Related(Protocol):
    async def page(
        self, c: RequestContext, post_id: str, /, *, first: int, after: str | None
    ) -> Page[PostItem]: ...


class ViewerPreferences(Protocol):
    async def interests(self, c: RequestContext, /) -> InterestsView: ...
    async def settings(self, c: RequestContext, /) -> ContentSettings: ...
    async def update_interest(
        self, c: RequestContext, target: Target, change: InterestChange, /
    ) -> Outcome[InterestsView]: ...
    async def set_onboarding(
        self, c: RequestContext, slugs: Sequence[str], /
    ) -> Outcome[InterestsView]: ...
    async def reset(self, c: RequestContext, /) -> Outcome[InterestsView]: ...
    async def update_settings(
        self, c: RequestContext, change: SettingsChange, /
    ) -> Outcome[ContentSettings]: ...
    async def not_interested(
        self, c: RequestContext, statement: NotInterested, /
    ) -> Outcome[tuple[str, ...]]: ...


class Interactions(Protocol):
    async def track(
        self, c: RequestContext, interactions: Sequence[Interaction], /
    ) -> Sequence[Recorded]: ...
    async def report(self, c: RequestContext, report: Report, /) -> Recorded: ...


class Moderation(Protocol):
    async def queue(
        self,
        c: RequestContext,
        /,
        *,
        first: int,
        after: str | None,
        filter: ModerationFilter,  # noqa: A002 - the argument's name in the schema
    ) -> Page[ModerationCaseItem]: ...
    async def why_not(
        self, c: RequestContext, post_global_id: str, viewer_id: str | None, /
    ) -> WhyNotView: ...
    async def claim(
        self, c: RequestContext, wanted: CaseClaim, /
    ) -> Outcome[ModerationCaseView]: ...
    async def review(
        self, c: RequestContext, review: Review, /
    ) -> Outcome[ModerationCaseView]: ...


class Erasures(Protocol):
    async def request(self, c: RequestContext, /) -> Erasure: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Built once per process by the composition root."""

    explore: Explore
    trending: Trending
    categories: Categories
    creators: Creators
    hashtags: Hashtags
    search: Search
    nodes: Nodes
    related: Related
    viewer: ViewerPreferences
    interactions: Interactions
    moderation: Moderation
    erasure: Erasures
