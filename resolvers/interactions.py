"""What callers do: interactions and reports."""

from typing import Annotated

import strawberry

from schema.arguments import Input
from schema.context import Info
from schema.interactions import (
    ReportPostInput,
    ReportPostPayload,
    TrackInteractionInput,
    TrackInteractionPayload,
    TrackInteractionsInput,
    TrackInteractionsPayload,
)
from schema.user_errors import UserError
from services.outcomes import UserErrorCode

MAX_INTERACTIONS = 100


@strawberry.type
class InteractionMutations:
    @strawberry.mutation(
        description="Record what the caller did with one post, creator or hashtag. Repeating a "
        "call changes nothing more."
    )
    async def track_interaction(
        self,
        info: Info,
        given: Annotated[TrackInteractionInput, Input],
    ) -> TrackInteractionPayload:
        (recorded,) = await info.context.services.interactions.track(
            info.context.request, [given.to_service()]
        )
        return TrackInteractionPayload.of(recorded, given.client_mutation_id)

    @strawberry.mutation(
        description="The same for 1 to 100 interactions; each succeeds or fails alone."
    )
    async def track_interactions(
        self,
        info: Info,
        given: Annotated[TrackInteractionsInput, Input],
    ) -> TrackInteractionsPayload:
        info.context.request.require_viewer()
        if not 1 <= len(given.interactions) <= MAX_INTERACTIONS:
            return TrackInteractionsPayload(
                results=[],
                user_errors=[
                    UserError(
                        code=UserErrorCode.OUT_OF_RANGE,
                        message=f"Send 1 to {MAX_INTERACTIONS} interactions at a time.",
                        path=["input", "interactions"],
                    )
                ],
                client_mutation_id=given.client_mutation_id,
            )
        answers = await info.context.services.interactions.track(
            info.context.request, [one.to_service() for one in given.interactions]
        )
        return TrackInteractionsPayload(
            results=[
                TrackInteractionPayload.of(recorded, one.client_mutation_id)
                for recorded, one in zip(answers, given.interactions, strict=True)
            ],
            user_errors=[],
            client_mutation_id=given.client_mutation_id,
        )

    @strawberry.mutation(
        description="Tell the moderators about a post; a second report by the same caller changes "
        "nothing."
    )
    async def report_post(
        self, info: Info, given: Annotated[ReportPostInput, Input]
    ) -> ReportPostPayload:
        recorded = await info.context.services.interactions.report(
            info.context.request, given.to_service()
        )
        return ReportPostPayload.of(recorded, given.client_mutation_id)
