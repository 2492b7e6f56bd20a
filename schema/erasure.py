"""Erasure of all that is held about the caller: input and payload."""

from typing import Self

import strawberry

from domain.erasure import Erasure
from schema.interactions import MUTATION_ID
from schema.scalars import DateTime
from schema.user_errors import UserError


@strawberry.input(description="A request to forget the caller.")
class EraseMyDataInput:
    confirm: str = strawberry.field(description="The literal word ERASE.")
    client_mutation_id: str | None = strawberry.field(default=None, description=MUTATION_ID)


@strawberry.type(description="What was erased from one store.")
class ErasedStore:
    store: str = strawberry.field(description="The store.")
    items: int = strawberry.field(description="How many things were erased from it.")


@strawberry.type(description="A record of an erasure.")
class ErasureReceipt:
    id: strawberry.ID = strawberry.field(description="Names the erasure in support requests.")
    requested_at: DateTime = strawberry.field(description="When it was asked for.")
    completed_at: DateTime | None = strawberry.field(
        description="When everything was gone; null while it is under way."
    )
    stores: list[ErasedStore] = strawberry.field(description="What was erased so far.")

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        done = erasure.completed_at
        return cls(
            id=strawberry.ID(erasure.id),
            requested_at=DateTime(erasure.requested_at),
            completed_at=None if done is None else DateTime(done),
            stores=[ErasedStore(store=s, items=n) for s, n in sorted(erasure.stores.items())],
        )


@strawberry.type(description="The answer to a request for erasure.")
class EraseMyDataPayload:
    receipt: ErasureReceipt | None = strawberry.field(
        description="The receipt; null where there are errors."
    )
    user_errors: list[UserError] = strawberry.field(description="What to mend; empty if nothing.")
    client_mutation_id: str | None = strawberry.field(
        description="As it was given; null where it was not."
    )
