"""What callers say about their taste: inputs and payloads."""

from typing import Self

import strawberry

from domain import viewer as domain_viewer
from domain.events import NotInterestedReason
from schema.arguments import given
from schema.interactions import MUTATION_ID
from schema.user_errors import UserError, user_errors
from schema.viewer import ContentSettings, Interests
from services import inputs
from services.inputs import InterestChange
from services.outcomes import Outcome
from services.views import InterestsView


@strawberry.input(description="Starting topics.")
class SetOnboardingCategoriesInput:
    slugs: list[str] = strawberry.field(description="Slugs of categories.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)


@strawberry.input(one_of=True, description="Exactly one.")
class InterestTarget:
    category: str | None = strawberry.field(
        default=strawberry.UNSET, description="A category's slug."
    )
    creator_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="A creator."
    )
    hashtag: str | None = strawberry.field(
        default=strawberry.UNSET, description="A hashtag, with or without `#`."
    )

    def to_service(self) -> inputs.Target:
        return inputs.Target(
            category=given(self.category),
            creator_global_id=given(self.creator_id),
            hashtag=given(self.hashtag),
        )


@strawberry.input(description="A change of one interest.")
class UpdateInterestInput:
    target: InterestTarget = strawberry.field(description="The interest.")
    change: InterestChange = strawberry.field(description="What to do with it.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)


@strawberry.input(description="Nothing to say but that it shall be done.")
class ResetInterestsInput:
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)


@strawberry.type(description="The interests after a change.")
class InterestsPayload:
    interests: Interests | None = strawberry.field(
        description="The interests as they are now; null where there are errors."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(cls, outcome: Outcome[InterestsView], client_mutation_id: str | None) -> Self:
        return cls(
            interests=None if outcome.value is None else Interests.of(outcome.value),
            user_errors=user_errors(outcome.errors),
            client_mutation_id=client_mutation_id,
        )


@strawberry.input(description="A post whose kind the caller does not want.")
class MarkNotInterestedInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    because: NotInterestedReason | None = strawberry.field(
        default=NotInterestedReason.POST, description="What about it is not wanted."
    )
    impression_token: str | None = strawberry.field(
        default=None, description="The one that the post was served with."
    )
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)

    def to_service(self) -> inputs.NotInterested:
        return inputs.NotInterested(
            post_global_id=self.post_id,
            because=self.because or NotInterestedReason.POST,
            token=self.impression_token,
        )


@strawberry.type(description="What follows from a lack of interest.")
class MarkNotInterestedPayload:
    effects: list[str] = strawberry.field(description="What will now be shown less, in words.")
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(cls, outcome: Outcome[tuple[str, ...]], client_mutation_id: str | None) -> Self:
        return cls(
            effects=list(outcome.value or ()),
            user_errors=user_errors(outcome.errors),
            client_mutation_id=client_mutation_id,
        )


@strawberry.input(description="Settings to change; what is left out stays.")
class UpdateContentSettingsInput:
    show_sensitive: bool | None = strawberry.field(
        default=None, description="Show sensitive posts, behind a notice."
    )
    languages: list[str] | None = strawberry.field(
        default=None, description="Languages to show; empty means all."
    )
    region: str | None = strawberry.field(
        default=strawberry.UNSET, description="The region of regional lists; null forgets it."
    )
    muted_keywords: list[str] | None = strawberry.field(
        default=None, description="Words that hide a post."
    )
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)

    def to_service(self) -> inputs.SettingsChange:
        given = self.region is not strawberry.UNSET
        return inputs.SettingsChange(
            show_sensitive=self.show_sensitive,
            languages=None if self.languages is None else tuple(self.languages),
            region=self.region if given else inputs.Unset.UNSET,
            muted_keywords=None if self.muted_keywords is None else tuple(self.muted_keywords),
        )


@strawberry.type(description="The settings after a change.")
class ContentSettingsPayload:
    settings: ContentSettings | None = strawberry.field(
        description="The settings as they are now; null where there are errors."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(
        cls, outcome: Outcome[domain_viewer.ContentSettings], client_mutation_id: str | None
    ) -> Self:
        return cls(
            settings=None if outcome.value is None else ContentSettings.of(outcome.value),
            user_errors=user_errors(outcome.errors),
            client_mutation_id=client_mutation_id,
        )
