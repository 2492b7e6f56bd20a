"""The signed-in caller: interests and settings."""

from typing import Self

import strawberry

from domain import viewer as domain_viewer
from domain.viewer import InterestState
from schema.categories import Category
from schema.context import Info
from schema.creators import Creator
from schema.hashtags import Hashtag
from schema.scalars import DateTime
from services import views
from services.views import ProfileMaturity


@strawberry.type(
    description="An interest in a topic. `strength` lies between -1 and 1 and is decayed to now."
)
class TopicInterest:
    category: Category = strawberry.field(description="The topic.")
    strength: float = strawberry.field(description="From -1, dislike, to 1, decayed to now.")
    state: InterestState = strawberry.field(description="Where the interest comes from.")


@strawberry.type(description="An interest in a creator, like `TopicInterest`.")
class CreatorInterest:
    creator: Creator = strawberry.field(description="The creator.")
    strength: float = strawberry.field(description="From -1, dislike, to 1, decayed to now.")
    state: InterestState = strawberry.field(description="Where the interest comes from.")


@strawberry.type(description="An interest in a hashtag, like `TopicInterest`.")
class HashtagInterest:
    hashtag: Hashtag = strawberry.field(description="The hashtag.")
    strength: float = strawberry.field(description="From -1, dislike, to 1, decayed to now.")
    state: InterestState = strawberry.field(description="Where the interest comes from.")


@strawberry.type(description="What is known about the caller's taste, strongest first.")
class Interests:
    maturity: ProfileMaturity = strawberry.field(description="How much is known.")
    topics: list[TopicInterest] = strawberry.field(description="Topics.")
    creators: list[CreatorInterest] = strawberry.field(description="Creators.")
    hashtags: list[HashtagInterest] = strawberry.field(description="Hashtags.")
    updated_at: DateTime | None = strawberry.field(
        description="When it last changed; null where nothing was ever learned or said."
    )

    @classmethod
    def of(cls, view: views.InterestsView) -> Self:
        return cls(
            maturity=view.maturity,
            topics=[
                TopicInterest(
                    category=Category.of(topic.category),
                    strength=topic.strength,
                    state=topic.state,
                )
                for topic in view.topics
            ],
            creators=[
                CreatorInterest(
                    creator=Creator.of(creator.creator),
                    strength=creator.strength,
                    state=creator.state,
                )
                for creator in view.creators
            ],
            hashtags=[
                HashtagInterest(
                    hashtag=Hashtag.of(hashtag.hashtag),
                    strength=hashtag.strength,
                    state=hashtag.state,
                )
                for hashtag in view.hashtags
            ],
            updated_at=None if view.updated_at is None else DateTime(view.updated_at),
        )


@strawberry.type(description="What the caller wants to see.")
class ContentSettings:
    show_sensitive: bool = strawberry.field(description="Show sensitive posts, behind a notice.")
    languages: list[str] = strawberry.field(description="Languages to show; empty means all.")
    region: str | None = strawberry.field(
        description="The region of regional lists; null where none is set."
    )
    muted_keywords: list[str] = strawberry.field(description="Words that hide a post.")

    @classmethod
    def of(cls, settings: domain_viewer.ContentSettings) -> Self:
        return cls(
            show_sensitive=settings.show_sensitive,
            languages=list(settings.languages),
            region=settings.region,
            muted_keywords=list(settings.muted_keywords),
        )


@strawberry.type(description="The signed-in caller.")
class Viewer:
    id: strawberry.ID = strawberry.field(description="The subject of the access token.")

    @strawberry.field(description="What is known about the caller's taste.")
    async def interests(self, info: Info) -> Interests:
        return Interests.of(await info.context.services.viewer.interests(info.context.request))

    @strawberry.field(description="What the caller wants to see.")
    async def settings(self, info: Info) -> ContentSettings:
        return ContentSettings.of(
            await info.context.services.viewer.settings(info.context.request)
        )
