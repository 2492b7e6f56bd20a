"""``interests``: what viewers did into their profiles and seen filters, each record once.

A profile is guarded by its own fence, for it lies apart from its partition's; a seen filter is
written if it is still the one that was read. What also counts for a post is told again under the
post's key before the fence moves; what upstream says about follows is told again on the topic that
owns profiles. Upstream's blocks go into what the viewer said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

from typing_extensions import override

from consumers.batches import Batch, Fences, Handler, Place, Received
from consumers.blocks import Blocks
from consumers.owned import Owned, OwnedPartitions
from consumers.profile_folding import Done, by_viewer, fold_profile, fold_seen, row
from consumers.profiles import ViewerProfiles
from consumers.rekeying import engagement_of, following_of
from consumers.relations import relation_of
from domain.events import UserBlocked, UserFollowed, UserInteraction
from domain.ports.event_publisher import EventPublisher
from domain.ports.follows import Follows
from domain.ports.interactions import Interactions
from domain.ports.posts import PostRecords
from domain.ports.profiles import ProfileBatch
from domain.ports.seen_filters import SeenFilters
from domain.ports.viewer_states import LiveStates
from domain.topics import USER_INTERACTION
from domain.viewer import ViewerState

_NOTHING_SAID: Final = ViewerState()


@dataclass(frozen=True, slots=True)
class ViewerStores:
    """What is kept of viewers, and where what they did goes on to."""

    profiles: ViewerProfiles
    states: LiveStates
    seen: SeenFilters
    interactions: Interactions


class Interests(Handler, Fences):
    def __init__(
        self,
        viewers: ViewerStores,
        records: PostRecords,
        publisher: EventPublisher,
        follows: Follows,
        blocks: Blocks,
    ) -> None:
        self._profiles = viewers.profiles
        self._states = viewers.states
        self._seen = viewers.seen
        self._interactions = viewers.interactions
        self._records = records
        self._publisher = publisher
        self._follows = follows
        self._blocks = blocks
        self._partitions = OwnedPartitions(USER_INTERACTION.name)

    @property
    @override
    def fenced_topic(self) -> str:
        return self._partitions.topic

    @override
    async def open(self, partitions: Sequence[int]) -> Mapping[int, int]:
        states = await self._profiles.live.open(partitions)
        return self._partitions.take(dict(zip(partitions, states, strict=True)))

    @override
    def release(self) -> None:
        self._partitions.release()

    @override
    def check(self, received: Received) -> None:
        """Everything readable can be applied."""

    @override
    async def apply(self, batch: Batch) -> None:
        await self._retell_relations(batch)
        owned = self._partitions.begin(batch)
        done = list(self._new(batch, owned))
        if done:
            await self._write(done, owned)
        await self._save(batch, owned)

    async def _retell_relations(self, batch: Batch) -> None:
        follows = [
            (relation_of(one, one.event), following_of(one, one.event))
            for one in batch.received
            if isinstance(one.event, UserFollowed)
        ]
        # What was overtaken by a later word is not told: profiles fold in the order of the log.
        holding = await self._follows.follow([relation for relation, _ in follows])
        await self._publisher.publish([told for _, told in compress(follows, holding)])
        await self._blocks.apply(
            [
                relation_of(one, one.event)
                for one in batch.received
                if isinstance(one.event, UserBlocked)
            ]
        )

    def _new(self, batch: Batch, owned: Mapping[int, Owned]) -> Iterable[Done]:
        for one in self._partitions.news(batch, owned):
            event = one.event
            if isinstance(event, UserInteraction):
                ids = owned[one.place.partition].event_ids
                if ids.remember(event.event_id):
                    yield Done(one, event)

    async def _write(self, done: Sequence[Done], owned: Mapping[int, Owned]) -> None:
        grouped = by_viewer(done)
        viewers = list(grouped)
        posts = list({one.event.post_id: None for one in done if one.event.post_id})
        records = dict(zip(posts, await self._records.get_many(posts), strict=True))
        states = await self._states.states(viewers)
        profiles = await self._profiles.load(viewers)
        await self._check_that_nothing_was_lost(owned)
        filters = await self._seen.load(viewers)
        for viewer, own in grouped.items():
            fold_profile(profiles[viewer], states.get(viewer, _NOTHING_SAID), own, records)
        seen = {
            viewer: fold_seen(filters.get(viewer, b""), own) for viewer, own in grouped.items()
        }
        counting = (engagement_of(one.received, one.event) for one in done)
        await self._publisher.publish([event for event in counting if event is not None])
        await self._interactions.insert([row(one) for one in done])
        packed = {viewer: one for viewer, one in seen.items() if one}
        changed = await self._seen.put(packed, loaded=filters)
        if changed:
            raise self._partitions.lose(
                {one.received.place.partition for viewer in changed for one in grouped[viewer]}
            )
        await self._profiles.put(profiles)

    async def _check_that_nothing_was_lost(self, owned: Mapping[int, Owned]) -> None:
        """Profiles without what a store lost must not be written: they would pass for whole.

        Their own fences would make the records in between look applied when they come again.
        """
        fences = await self._profiles.live.fences(list(owned))
        lost = [
            partition
            for (partition, state), fence in zip(owned.items(), fences, strict=True)
            if fence != state.fence
        ]
        if lost:
            raise self._partitions.lose(lost)

    async def _save(self, batch: Batch, owned: Mapping[int, Owned]) -> None:
        batches = [
            ProfileBatch(
                partition=partition,
                fence=state.fence,
                through=batch.through[Place(self.fenced_topic, partition)],
                event_ids=state.event_ids.changed(),
            )
            for partition, state in owned.items()
        ]
        saved = await self._profiles.live.save(batches)
        for one, ok in zip(batches, saved, strict=True):
            if ok:
                self._partitions.saved(one.partition, one.through)
        lost = [one.partition for one, ok in zip(batches, saved, strict=True) if not ok]
        if lost:
            raise self._partitions.lose(lost)
