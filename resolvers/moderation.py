"""What moderators and admins see and do; roles are checked by the services."""

from typing import Annotated

import strawberry

from schema.arguments import PAGE, After, First, Input, page_size
from schema.context import Info
from schema.moderation import ModerationCaseConnection, WhyNot
from schema.review import (
    CategoryPayload,
    ClaimCaseInput,
    ClaimCasePayload,
    ModerationFilter,
    ReviewPostInput,
    ReviewPostPayload,
    UpsertCategoryInput,
)
from services import inputs


@strawberry.type
class ModerationQueries:
    @strawberry.field(
        description="Moderators only. Posts that wait for a human, most urgent first. `first` is "
        "1 to 100."
    )
    async def moderation_queue(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        only: Annotated[
            ModerationFilter | None,
            strawberry.argument(name="filter", description="Only cases that fit it."),
        ] = None,
    ) -> ModerationCaseConnection:
        page = await info.context.services.moderation.queue(
            info.context.request,
            first=page_size(first, PAGE),
            after=after,
            filter=inputs.ModerationFilter() if only is None else only.to_service(),
        )
        return ModerationCaseConnection.of(page)

    @strawberry.field(
        description="Moderators only. Why a post is or is not shown to a viewer now, stage by "
        "stage."
    )
    async def why_not(
        self,
        info: Info,
        post_id: Annotated[strawberry.ID, strawberry.argument(description="The post.")],
        viewer_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="`Viewer.id`; left out: an anonymous viewer."),
        ] = None,
    ) -> WhyNot:
        return WhyNot.of(
            await info.context.services.moderation.why_not(
                info.context.request, post_id, viewer_id
            )
        )


@strawberry.type
class ModerationMutations:
    @strawberry.mutation(description="Moderators only, by persisted operation only.")
    async def review_post(
        self, info: Info, given: Annotated[ReviewPostInput, Input]
    ) -> ReviewPostPayload:
        outcome = await info.context.services.moderation.review(
            info.context.request, given.to_service()
        )
        return ReviewPostPayload.of(outcome, given.client_mutation_id)

    @strawberry.mutation(
        description="Moderators only, by persisted operation only. Nobody else can decide about "
        "the post for five minutes; again, to go on."
    )
    async def claim_case(
        self, info: Info, given: Annotated[ClaimCaseInput, Input]
    ) -> ClaimCasePayload:
        outcome = await info.context.services.moderation.claim(
            info.context.request, given.to_service()
        )
        return ClaimCasePayload.of(outcome, given.client_mutation_id)

    @strawberry.mutation(
        description="Admins only, by persisted operation only. Creates the category, or changes "
        "it where the slug exists."
    )
    async def upsert_category(
        self, info: Info, given: Annotated[UpsertCategoryInput, Input]
    ) -> CategoryPayload:
        outcome = await info.context.services.categories.upsert(
            info.context.request, given.to_service()
        )
        return CategoryPayload.of(outcome, given.client_mutation_id)
