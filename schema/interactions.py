"""Interactions and reports: inputs and payloads."""

from typing import Self

import strawberry

from domain.events import Action
from domain.moderation import SafetyReason
from schema.arguments import given
from schema.scalars import DateTime
from schema.user_errors import UserError, user_errors
from services import inputs
from services.outcomes import Recorded

MUTATION_ID = "Comes back in the payload."


@strawberry.input(one_of=True, description="Exactly one.")
class InteractionTarget:
    post_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="A post."
    )
    creator_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="A creator."
    )
    hashtag: str | None = strawberry.field(
        default=strawberry.UNSET, description="A hashtag, with or without `#`."
    )

    def to_service(self) -> inputs.Target:
        return inputs.Target(
            post_global_id=given(self.post_id),
            creator_global_id=given(self.creator_id),
            hashtag=given(self.hashtag),
        )


@strawberry.input(description="What the caller did with one post, creator or hashtag.")
class TrackInteractionInput:
    target: InteractionTarget = strawberry.field(description="With what.")
    action: Action = strawberry.field(description="What the caller did.")
    duration_ms: int | None = strawberry.field(
        default=None,
        description="With VIEW and DWELL: how long the post was on screen, 0 to 86,400,000.",
    )
    impression_token: str | None = strawberry.field(
        default=None,
        description="The one that the post was served with. Without a valid one the interaction "
        "shapes the caller's own feed and counts for nothing else.",
    )
    occurred_at: DateTime | None = strawberry.field(
        default=None,
        description="When it happened, by the client's clock; no later than now and at most "
        "24 hours ago. Now, where left out.",
    )
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)

    def to_service(self) -> inputs.Interaction:
        return inputs.Interaction(
            target=self.target.to_service(),
            action=self.action,
            duration_ms=self.duration_ms,
            token=self.impression_token,
            occurred_at=self.occurred_at,
        )


@strawberry.type(description="The answer to one interaction.")
class TrackInteractionPayload:
    recorded: bool = strawberry.field(
        description="False where the same interaction was on record already."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(cls, recorded: Recorded, client_mutation_id: str | None) -> Self:
        return cls(
            recorded=recorded.recorded,
            user_errors=user_errors(recorded.errors),
            client_mutation_id=client_mutation_id,
        )


@strawberry.input(description="Interactions, each of which succeeds or fails alone.")
class TrackInteractionsInput:
    interactions: list[TrackInteractionInput] = strawberry.field(description="1 to 100 of them.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)


@strawberry.type(description="The answers to many interactions.")
class TrackInteractionsPayload:
    results: list[TrackInteractionPayload] = strawberry.field(
        description="One for each, in the order given."
    )
    user_errors: list[UserError] = strawberry.field(
        description="What to mend in the input as a whole; empty if nothing."
    )
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )


@strawberry.input(description="What is wrong with a post.")
class ReportPostInput:
    post_id: strawberry.ID = strawberry.field(description="The post.")
    reason: SafetyReason = strawberry.field(description="What is wrong with it.")
    note: str | None = strawberry.field(default=None, description="More, in words.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)

    def to_service(self) -> inputs.Report:
        return inputs.Report(post_global_id=self.post_id, reason=self.reason, note=self.note)


@strawberry.type(description="The answer to a report.")
class ReportPostPayload:
    recorded: bool = strawberry.field(
        description="False where the caller had reported the post before."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )

    @classmethod
    def of(cls, recorded: Recorded, client_mutation_id: str | None) -> Self:
        return cls(
            recorded=recorded.recorded,
            user_errors=user_errors(recorded.errors),
            client_mutation_id=client_mutation_id,
        )
