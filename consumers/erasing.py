"""``erase``: works off what people asked to be forgotten.

Three steps, each of which may be done again after a crash. First, once every consumer skips the
person: what is held of them goes, and their reactions are taken back by events of the engagement
topic, whose owners alone may count. Then their rows of reactions stay until the counters hold all
of that, for a replay is answered from them. In the end whatever arrived meanwhile goes, too, the
stores are searched, and the receipt is closed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

import structlog

from domain.erasure import MARK, ErasureUnderWay, Phase
from domain.errors import Unavailable
from domain.events import MILLISECONDS, EngagementUpdated
from domain.ports.erasures import Erasures
from domain.ports.event_publisher import EventPublisher
from domain.ports.personal_data import PersonalData, PersonalReactions, StandingReaction
from runtime.clock import Clock

AT_ONCE: Final = 50  # erasures of a round
# Seconds since this worker took an erasure up, not since it was asked for: what was asked for
# while the consumers were down, or arrived late, gives them the same time as any other.
KNOWN: Final = 3.0  # until every consumer skips the person
SETTLED: Final = 15.0  # until profiles that waited to be written are written
PATIENCE: Final = 45.0  # that counters may take before an erasure goes on without them

REPEAT: Final = 10.0  # seconds after which reactions that still count are taken back again
MAX_STANDING: Final = 20_000  # reactions of a round
MAX_COUNT: Final = 1_000  # of them to one post
CHUNK: Final = 500  # events

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Counted(Protocol):
    async def holds(self, sequences: Mapping[str, int]) -> bool:
        """Whether the counters and their checkpoints reach up to each post's record."""
        ...


class Erasing:
    """``stores`` are those of which a person is erased; ``reactions`` are among the first's."""

    def __init__(  # noqa: PLR0913 - its ports
        self,
        *,
        erasures: Erasures,
        stores: Sequence[PersonalData],
        reactions: PersonalReactions,
        reactions_store: str,
        counted: Counted,
        publisher: EventPublisher,
        clock: Clock,
    ) -> None:
        self._erasures = erasures
        self._stores = stores
        self._reactions = reactions
        self._reactions_store = reactions_store
        self._counted = counted
        self._publisher = publisher
        self._clock = clock
        self._taken_up: dict[str, float] = {}

    async def advance(self) -> None:
        """Bring each erasure as far as it can come now; called every second."""
        under_way = await self._erasures.under_way(AT_ONCE)
        now = self._clock.monotonic()
        self._taken_up = {one.id: self._taken_up.get(one.id, now) for one in under_way}
        for one in under_way:
            try:
                await self._advance(one, now - self._taken_up[one.id])
            except Unavailable as error:
                log.warning("erasure.postponed", erasure=one.id, cause=str(error))

    async def _advance(self, one: ErasureUnderWay, age: float) -> None:
        if one.phase is Phase.ASKED and age >= KNOWN:
            await self._take_back(one)
        elif one.phase is Phase.TAKING_BACK:
            await self._see_counted(one, age)
        elif one.phase is Phase.COUNTED and age >= SETTLED:
            await self._finish(one)

    async def _take_back(self, one: ErasureUnderWay) -> None:
        erased = await self._erase(one.subject)
        standing = await self._reactions.standing(one.subject, MAX_STANDING)
        events = list(_undoings(one.subject, standing, self._clock.now()))
        for first in range(0, len(events), CHUNK):
            await self._publisher.publish(events[first : first + CHUNK])
        await self._enter(one, Phase.TAKING_BACK, erased)

    async def _see_counted(self, one: ErasureUnderWay, age: float) -> None:
        standing = await self._reactions.standing(one.subject, 1)
        if not standing and await self._counted.holds(
            await self._reactions.last_sequences(one.subject)
        ):
            await self._enter(one, Phase.COUNTED, {})
        elif age > PATIENCE:
            log.error("erasure.uncounted", erasure=one.id, seconds=round(age, 1))
            await self._enter(one, Phase.COUNTED, {})
        elif self._clock.now() - one.since > REPEAT:
            await self._enter(one, Phase.ASKED, {})

    async def _finish(self, one: ErasureUnderWay) -> None:
        erased = dict(await self._erase(one.subject))
        reactions = await self._reactions.erase_reactions(one.subject)
        erased[self._reactions_store] = erased.get(self._reactions_store, 0) + reactions
        left = [place for store in self._stores for place in await store.find(one.subject)]
        if left:
            log.warning("erasure.incomplete", erasure=one.id, places=sorted(left))
            await self._enter(one, Phase.COUNTED, erased)
            return
        await self._erasures.complete(one.id, self._clock.now(), erased)
        log.info("erasure.completed", erasure=one.id)

    async def _enter(self, one: ErasureUnderWay, phase: Phase, erased: Mapping[str, int]) -> None:
        await self._erasures.enter(one.id, phase, erased, at=self._clock.now())

    async def _erase(self, subject: str) -> Mapping[str, int]:
        return {store.store: await store.erase(subject) for store in self._stores}


def _undoings(
    subject: str, standing: Sequence[StandingReaction], now: float
) -> Iterator[EngagementUpdated]:
    """An event for each reaction. Told again, they have the same ids, and count once."""
    for one in standing:
        for number in range(min(one.count, MAX_COUNT)):
            yield EngagementUpdated(
                post_id=one.post_id,
                type=one.type,
                delta=-1,
                timestamp=round(now * MILLISECONDS),
                user_id=subject,
                event_id=f"{MARK}{one.type}:{one.last}:{number}",
            )
