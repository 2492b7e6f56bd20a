"""What callers say about their taste."""

import strawberry

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
        input: SetOnboardingCategoriesInput,  # noqa: A002 - the argument's name in the schema
    ) -> InterestsPayload:
        outcome = await info.context.services.viewer.set_onboarding(
            info.context.request, input.slugs
        )
        return InterestsPayload.of(outcome, input.client_mutation_id)

    @strawberry.mutation(description="Pin, mute or forget single interests.")
    async def update_interest(self, info: Info, input: UpdateInterestInput) -> InterestsPayload:  # noqa: A002 - as above
        outcome = await info.context.services.viewer.update_interest(
            info.context.request, input.target.to_service(), input.change
        )
        return InterestsPayload.of(outcome, input.client_mutation_id)

    @strawberry.mutation(
        description="Forget everything learned about the caller's taste; mutes and settings stay."
    )
    async def reset_interests(self, info: Info, input: ResetInterestsInput) -> InterestsPayload:  # noqa: A002 - as above
        outcome = await info.context.services.viewer.reset(info.context.request)
        return InterestsPayload.of(outcome, input.client_mutation_id)

    @strawberry.mutation(
        description="Show less of a post's kind, with a reason; effective from the next page on."
    )
    async def mark_not_interested(
        self,
        info: Info,
        input: MarkNotInterestedInput,  # noqa: A002 - as above
    ) -> MarkNotInterestedPayload:
        outcome = await info.context.services.viewer.not_interested(
            info.context.request, input.to_service()
        )
        return MarkNotInterestedPayload.of(outcome, input.client_mutation_id)

    @strawberry.mutation(description="Change settings; what is left out stays as it is.")
    async def update_content_settings(
        self,
        info: Info,
        input: UpdateContentSettingsInput,  # noqa: A002 - as above
    ) -> ContentSettingsPayload:
        outcome = await info.context.services.viewer.update_settings(
            info.context.request, input.to_service()
        )
        return ContentSettingsPayload.of(outcome, input.client_mutation_id)
