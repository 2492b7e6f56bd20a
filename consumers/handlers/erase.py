"""``erase``: a deleted account asks, by being deleted, to be forgotten as a person, too."""

from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from domain.events import UserUpdated
from domain.ports.erasures import Erasures


class Erase(Handler):
    def __init__(self, erasures: Erasures) -> None:
        self._erasures = erasures

    @override
    def check(self, received: Received) -> None:
        """Everything readable can be applied."""

    @override
    async def apply(self, batch: Batch) -> None:
        for one in batch.received:
            if isinstance(one.event, UserUpdated) and one.event.deleted:
                await self._request(one.event.user_id, one.at)

    async def _request(self, user_id: str, at: float) -> None:
        latest = await self._erasures.latest(user_id)
        if latest is None or latest.requested_at < at:
            await self._erasures.request(user_id, at)
