"""What a response says about itself."""

from typing import Any, Self

import strawberry

from domain.feed import Freshness
from schema.scalars import DateTime
from services.pages import Page


@strawberry.type(description="What a response says about itself.")
class FeedInfo:
    request_id: strawberry.ID = strawberry.field(
        description="Names this response in logs, replays and support requests."
    )
    freshness: Freshness = strawberry.field(description="How up to date it is.")
    degraded_sources: list[str] = strawberry.field(
        description="Which sources failed, were skipped or are old in this response, by the names "
        "of `CandidateSource`; `viewer` where what is known of the caller could not be read. "
        "Empty when all is well."
    )
    generated_at: DateTime = strawberry.field(description="When it was made.")
    new_posts: int | None = strawberry.field(
        description="Posts that would now stand above the first one of this session; null on a "
        "first page."
    )

    @classmethod
    def of(cls, page: Page[Any]) -> Self:
        """What the page of a feed says about itself.

        Raises:
            ValueError: the list is no feed, which its service should have known.

        """
        if (info := page.info) is None:
            msg = "The page of a feed came without its information."
            raise ValueError(msg)
        return cls(
            request_id=strawberry.ID(info.request_id),
            freshness=info.freshness,
            degraded_sources=list(info.degraded_sources),
            generated_at=DateTime(info.generated_at),
            new_posts=info.new_posts,
        )
