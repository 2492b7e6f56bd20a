"""Erasure of all that is held about the caller."""

import strawberry

from domain.errors import Unavailable
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
    async def erase_my_data(self, info: Info, input: EraseMyDataInput) -> EraseMyDataPayload:  # noqa: A002 - the argument's name in the schema
        info.context.request.require_viewer()
        if input.confirm == CONFIRMATION:
            raise Unavailable("erasure")
        mistake = UserError(
            code=UserErrorCode.INVALID_VALUE,
            message=f"Confirm with the literal word {CONFIRMATION}.",
            path=["input", "confirm"],
        )
        return EraseMyDataPayload(
            receipt=None, user_errors=[mistake], client_mutation_id=input.client_mutation_id
        )
