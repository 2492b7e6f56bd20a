"""The partitions that a fenced consumer owns: their fences and the event ids they remember."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consumers.batches import Batch, FenceMoved, Place, Received
from consumers.event_ids import EventIds
from domain.ports.partition_state import PartitionState


@dataclass(slots=True)
class Owned:
    fence: int
    event_ids: EventIds = field(default_factory=EventIds)


class OwnedPartitions:
    """Of one topic. What a batch makes of them holds once it is saved, not before."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self._owned: dict[int, Owned] = {}

    def take(self, states: Mapping[int, PartitionState]) -> Mapping[int, int]:
        """Own partitions from what is stored of them; their fences."""
        for partition, state in states.items():
            self._owned[partition] = Owned(state.fence, EventIds(state.event_ids))
        return {partition: state.fence for partition, state in states.items()}

    def release(self) -> None:
        self._owned.clear()

    def begin(self, batch: Batch) -> Mapping[int, Owned]:
        """The partitions whose fences a batch moves, as they were before it.

        Raises:
            FenceMoved: some are not owned.

        """
        moved = {
            place.partition: through
            for place, through in batch.through.items()
            if place.topic == self.topic
        }
        foreign = [Place(self.topic, one) for one in moved if one not in self._owned]
        if foreign:
            raise FenceMoved(foreign)
        owned = {one: self._owned[one] for one in moved if moved[one] > self._owned[one].fence}
        for one in owned.values():
            one.event_ids.drop()
        return owned

    def news(self, batch: Batch, owned: Mapping[int, Owned]) -> Iterable[Received]:
        """The events of the topic that lie behind the fences."""
        for one in batch.received:
            if one.place.topic == self.topic:
                partition = owned.get(one.place.partition)
                if partition is not None and one.sequence > partition.fence:
                    yield one

    def fences(self, partitions: Iterable[int]) -> Mapping[int, int]:
        """Of those that are owned."""
        return {one: self._owned[one].fence for one in partitions if one in self._owned}

    def saved(self, partition: int, through: int) -> None:
        """Its fence is there now.

        Raises:
            FenceMoved: it was released meanwhile.

        """
        owned = self._owned.get(partition)
        if owned is None:
            raise self.lose([partition])
        owned.fence = through
        owned.event_ids.keep()

    def lose(self, partitions: Iterable[int]) -> FenceMoved:
        """Partitions whose fence somebody else moved; the error that tells so."""
        places = [Place(self.topic, one) for one in partitions]
        for place in places:
            self._owned.pop(place.partition, None)
        return FenceMoved(places)
