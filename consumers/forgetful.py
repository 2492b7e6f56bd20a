"""A handler that never hears of what erased people did."""

from dataclasses import replace

from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from consumers.erased_people import ErasedPeople


class Forgetful(Handler):
    """Around a handler; its records count as done, whoever did what they tell."""

    def __init__(self, handler: Handler, erased: ErasedPeople) -> None:
        self._handler = handler
        self._erased = erased

    @override
    def check(self, received: Received) -> None:
        self._handler.check(received)

    @override
    async def apply(self, batch: Batch) -> None:
        await self._erased.refresh()
        left = [one for one in batch.received if not self._erased.forgot(one.event, one.at)]
        if len(left) < len(batch.received):
            batch = replace(batch, received=left)
        await self._handler.apply(batch)
