"""What moderators and admins change: inputs and payloads."""

from typing import Self

import strawberry

from domain.categories import CategoryRecord
from domain.moderation import ReviewStatus, SafetyReason
from schema.categories import Category
from schema.interactions import MUTATION_ID
from schema.moderation import ModerationCase
from schema.scalars import URL
from schema.user_errors import UserError, user_errors
from services import inputs
from services.inputs import ReviewDecision
from services.outcomes import Outcome
from services.views import ModerationCaseView


@strawberry.input(description="Only cases that fit; what is left out or null means all.")
class ModerationFilter:
    statuses: list[ReviewStatus] | None = strawberry.field(
        default=None, description="With one of these statuses."
    )
    reasons: list[SafetyReason] | None = strawberry.field(
        default=None, description="For one of these reasons."
    )

    def to_service(self) -> inputs.ModerationFilter:
        return inputs.ModerationFilter(
            statuses=tuple(self.statuses or ()), reasons=tuple(self.reasons or ())
        )


@strawberry.input(description="A moderator's decision about a post.")
class ReviewPostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    decision: ReviewDecision = strawberry.field(description="What is decided.")
    reason: str = strawberry.field(description="Why, for the record.")
    note: str | None = strawberry.field(default=None, description="For other moderators.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)

    def to_service(self) -> inputs.Review:
        return inputs.Review(
            post_global_id=self.post_id,
            decision=self.decision,
            reason=self.reason,
            note=self.note,
        )


@strawberry.input(description="A case to hold for the caller, or to give back.")
class ClaimCaseInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    release: bool = strawberry.field(default=False, description="Give it back.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)

    def to_service(self) -> inputs.CaseClaim:
        return inputs.CaseClaim(post_global_id=self.post_id, release=self.release)


@strawberry.type(description="The case with its claim.")
class ClaimCasePayload:
    case: ModerationCase | None = strawberry.field(
        description="The case as it is now; null where there are errors."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(cls, outcome: Outcome[ModerationCaseView], client_mutation_id: str | None) -> Self:
        return cls(
            case=None if outcome.value is None else ModerationCase.of(outcome.value),
            user_errors=user_errors(outcome.errors),
            client_mutation_id=client_mutation_id,
        )


@strawberry.type(description="The case after a decision.")
class ReviewPostPayload:
    case: ModerationCase | None = strawberry.field(
        description="The case as it is now; null where there are errors."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(cls, outcome: Outcome[ModerationCaseView], client_mutation_id: str | None) -> Self:
        return cls(
            case=None if outcome.value is None else ModerationCase.of(outcome.value),
            user_errors=user_errors(outcome.errors),
            client_mutation_id=client_mutation_id,
        )


@strawberry.input(description="A category to create, or to change where the slug exists.")
class UpsertCategoryInput:
    slug: str = strawberry.field(description="Lower case letters, digits and hyphens.")
    name: str = strawberry.field(description="For people.")
    description: str | None = strawberry.field(default=None, description="What belongs into it.")
    icon_url: URL | None = strawberry.field(default=None, description="A small picture.")
    display_order: int | None = strawberry.field(
        default=None, description="Its place among the others, low first."
    )
    is_active: bool | None = strawberry.field(default=None, description="Whether it is shown.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)

    def to_service(self) -> inputs.CategoryChange:
        return inputs.CategoryChange(
            slug=self.slug,
            name=self.name,
            description=self.description,
            icon_url=self.icon_url,
            display_order=self.display_order,
            is_active=self.is_active,
        )


@strawberry.type(description="The category after a change.")
class CategoryPayload:
    category: Category | None = strawberry.field(
        description="The category as it is now; null where there are errors."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(cls, outcome: Outcome[CategoryRecord], client_mutation_id: str | None) -> Self:
        return cls(
            category=None if outcome.value is None else Category.of(outcome.value),
            user_errors=user_errors(outcome.errors),
            client_mutation_id=client_mutation_id,
        )
