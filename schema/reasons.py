"""Why something was recommended, for people."""

from typing import Self

import strawberry

from domain.feed import ReasonCode
from schema.categories import Category
from schema.creators import Creator
from schema.hashtags import Hashtag
from services.pages import ReasonCard


@strawberry.type(description="A reason for a recommendation, with what it is about.")
class Reason:
    code: ReasonCode = strawberry.field(description="The kind of reason.")
    message: str = strawberry.field(description="The reason in words, for people.")
    category: Category | None = strawberry.field(
        description="The category it names; null where it names none."
    )
    creator: Creator | None = strawberry.field(
        description="The creator it names; null where it names none."
    )
    hashtag: Hashtag | None = strawberry.field(
        description="The hashtag it names; null where it names none."
    )

    @classmethod
    def of(cls, card: ReasonCard) -> Self:
        return cls(
            code=card.code,
            message=card.message,
            category=None if card.category is None else Category.of(card.category),
            creator=None if card.creator is None else Creator.of(card.creator),
            hashtag=None if card.hashtag is None else Hashtag.named(card.hashtag),
        )
