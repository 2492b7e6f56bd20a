"""The caller's rate limit."""

from typing import Self

import strawberry

from domain.ports.viewers import Allowance
from schema.scalars import DateTime


@strawberry.type(description="What this request has cost and what is left, in units.")
class RateLimit:
    limit: int = strawberry.field(description="Units per minute.")
    cost: int = strawberry.field(description="What this request took.")
    remaining: int = strawberry.field(description="What is left now.")
    reset_at: DateTime = strawberry.field(description="When all of it is back.")

    @classmethod
    def of(cls, allowance: Allowance, now: float) -> Self:
        return cls(
            limit=allowance.limit,
            cost=allowance.cost,
            remaining=allowance.remaining,
            reset_at=DateTime(now + allowance.reset_after),
        )
