"""Erasure of all that is held about the caller."""

from typing import Annotated

import strawberry

from schema.arguments import Input
from schema.context import Info
from schema.erasure import EraseMyDataInput, EraseMyDataPayload, ErasureReceipt
from schema.user_errors import UserError
from services.outcomes import UserErrorCode

CONFIRMATION = "ERASE"


@strawberry.type
class PrivacyMutations:
    @strawberry.mutation(
        description="Erase all that is held about the caller, in every store; answers with a "
        "receipt."
    )
    async def erase_my_data(
        self, info: Info, given: Annotated[EraseMyDataInput, Input]
    ) -> EraseMyDataPayload:
        info.context.request.require_viewer()
        if given.confirm != CONFIRMATION:
            mistake = UserError(
                code=UserErrorCode.INVALID_VALUE,
                message=f"Confirm with the literal word {CONFIRMATION}.",
                path=["input", "confirm"],
            )
            return EraseMyDataPayload(
                receipt=None, user_errors=[mistake], client_mutation_id=given.client_mutation_id
            )
        erasure = await info.context.services.erasure.request(info.context.request)
        return EraseMyDataPayload(
            receipt=ErasureReceipt.of(erasure),
            user_errors=[],
            client_mutation_id=given.client_mutation_id,
        )
