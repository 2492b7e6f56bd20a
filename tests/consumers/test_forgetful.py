"""Consumers apply nothing of what erased people did."""

from collections.abc import Sequence

import pytest
from typing_extensions import override

from consumers.batches import Batch, Handler, Received
from consumers.erased_people import REFRESH, ErasedPeople
from consumers.forgetful import Forgetful
from domain.erasure import MARK, Tombstone
from domain.errors import Unavailable
from domain.events import (
    Action,
    EngagementType,
    EngagementUpdated,
    Event,
    UserFollowed,
    UserInteraction,
)
from tests.consumers.erasing_world import reaction
from tests.consumers.log import NOON, batch_of
from tests.fakes.clock import FixedClock
from tests.fakes.erasures import MemoryErasures


class _Heard(Handler):
    def __init__(self) -> None:
        self.batches: list[Batch] = []

    @override
    def check(self, received: Received) -> None:
        """Nothing is refused."""

    @override
    async def apply(self, batch: Batch) -> None:
        self.batches.append(batch)


async def test_consumers_hear_nothing_of_erased_people_until_they_come_back() -> None:
    clock, erasures, heard = FixedClock(NOON), MemoryErasures(NOON), _Heard()
    handler = Forgetful(heard, ErasedPeople(erasures, clock))
    events: list[Event] = [
        reaction("eve", "p", EngagementType.LIKE),
        reaction("eve", "p", EngagementType.VIEW),
        reaction("ann", "p", EngagementType.LIKE),
        EngagementUpdated(
            post_id="p",
            type=EngagementType.LIKE,
            delta=-1,
            timestamp=NOON * 1_000.0,
            user_id="eve",
            event_id=f"{MARK}LIKE:1:0",
        ),
        UserInteraction(event_id="i", user_id="eve", action=Action.VIEW, timestamp=NOON * 1_000.0),
        UserFollowed(user_id="eve", target_id="ann", active=True, timestamp=NOON * 1_000.0),
        UserFollowed(user_id="ann", target_id="eve", active=True, timestamp=NOON * 1_000.0),
    ]
    batch = batch_of("any", *events)
    await handler.apply(batch)
    assert heard.batches == [batch]
    receipt = await erasures.request("eve", NOON)
    clock.advance(REFRESH)
    await handler.apply(batch)
    kept = [one.event for one in heard.batches[-1].received]
    assert kept == [events[1], events[2], events[3], events[6]]
    assert heard.batches[-1].through == batch.through
    erasures.now = NOON + 5.0
    await erasures.complete(receipt.id, NOON + 5.0, {})
    clock.advance(REFRESH)
    before, after = (
        batch_of("any", reaction("eve", "p", EngagementType.LIKE, at=at)) for at in (5, 6)
    )
    await handler.apply(before)
    await handler.apply(after)
    assert [len(one.received) for one in heard.batches[-2:]] == [0, 1]


async def test_without_knowing_who_is_erased_nothing_is_applied() -> None:
    class Away(MemoryErasures):
        @override
        async def tombstones(self, since: float) -> Sequence[Tombstone]:
            raise Unavailable("postgresql")

    heard = _Heard()
    handler = Forgetful(heard, ErasedPeople(Away(), FixedClock(NOON)))
    with pytest.raises(Unavailable):
        await handler.apply(batch_of("any", reaction("eve", "p", EngagementType.LIKE)))
    assert heard.batches == []
