"""Erasure of all that is held about the caller."""

from typing import Annotated

import strawberry

from domain.errors import Unavailable
from schema.arguments import Input
from schema.context import Info
from schema.erasure import EraseMyDataInput, EraseMyDataPayload
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
        if given.confirm == CONFIRMATION:
            raise Unavailable("erasure")
        mistake = UserError(
            code=UserErrorCode.INVALID_VALUE,
            message=f"Confirm with the literal word {CONFIRMATION}.",
            path=["input", "confirm"],
        )
        return EraseMyDataPayload(
            receipt=None, user_errors=[mistake], client_mutation_id=given.client_mutation_id
        )
