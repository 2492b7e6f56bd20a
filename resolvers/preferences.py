"""What callers say about their taste."""

from typing import Annotated

import strawberry

from schema.arguments import Input
from schema.context import Info
from schema.preferences import (
    ContentSettingsPayload,
    InterestsPayload,
    MarkNotInterestedInput,
    MarkNotInterestedPayload,
    ResetInterestsInput,
    SetOnboardingCategoriesInput,
    UpdateContentSettingsInput,
    UpdateInterestInput,
)


@strawberry.type
class PreferenceMutations:
    @strawberry.mutation(
        description="Choose starting topics; takes the place of an earlier choice."
    )
    async def set_onboarding_categories(
        self,
        info: Info,
        given: Annotated[SetOnboardingCategoriesInput, Input],
    ) -> InterestsPayload:
        outcome = await info.context.services.viewer.set_onboarding(
            info.context.request, given.slugs
        )
        return InterestsPayload.of(outcome, given.client_mutation_id)

    @strawberry.mutation(description="Pin, mute or forget single interests.")
    async def update_interest(
        self, info: Info, given: Annotated[UpdateInterestInput, Input]
    ) -> InterestsPayload:
        outcome = await info.context.services.viewer.update_interest(
            info.context.request, given.target.to_service(), given.change
        )
        return InterestsPayload.of(outcome, given.client_mutation_id)

    @strawberry.mutation(
        description="Forget everything learned about the caller's taste; mutes and settings stay."
    )
    async def reset_interests(
        self, info: Info, given: Annotated[ResetInterestsInput, Input]
    ) -> InterestsPayload:
        outcome = await info.context.services.viewer.reset(info.context.request)
        return InterestsPayload.of(outcome, given.client_mutation_id)

    @strawberry.mutation(
        description="Show less of a post's kind, with a reason; effective from the next page on."
    )
    async def mark_not_interested(
        self,
        info: Info,
        given: Annotated[MarkNotInterestedInput, Input],
    ) -> MarkNotInterestedPayload:
        outcome = await info.context.services.viewer.not_interested(
            info.context.request, given.to_service()
        )
        return MarkNotInterestedPayload.of(outcome, given.client_mutation_id)

    @strawberry.mutation(description="Change settings; what is left out stays as it is.")
    async def update_content_settings(
        self,
        info: Info,
        given: Annotated[UpdateContentSettingsInput, Input],
    ) -> ContentSettingsPayload:
        outcome = await info.context.services.viewer.update_settings(
            info.context.request, given.to_service()
        )
        return ContentSettingsPayload.of(outcome, given.client_mutation_id)
