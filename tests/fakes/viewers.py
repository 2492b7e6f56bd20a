"""What belongs to viewers, in memory; rate limits by the same rule as in Redis."""

from collections.abc import Collection, Mapping, Sequence

from domain.fences import NOTHING_APPLIED
from domain.interests import InterestProfile
from domain.ports.partition_state import PartitionState
from domain.ports.profiles import ProfileBatch
from domain.ports.viewers import Allowance, Charge, ViewerReads
from domain.profile_packing import pack, unpack
from domain.viewer import ViewerState
from runtime.clock import Clock

MINUTE = 60.0


class MemoryViewers:
    """All ports of viewers over one world."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._arrivals: dict[str, float] = {}
        self.profiles: dict[str, bytes] = {}
        self.kept_states: dict[str, ViewerState] = {}
        self.seen: dict[str, bytes] = {}
        self.served: dict[str, bytes] = {}
        self.sessions: dict[str, bytes] = {}
        self.requests: dict[str, set[str]] = {}
        self.away = False

    async def begin(
        self, viewer_id: str | None, charge: Charge | None, session_ids: Sequence[str]
    ) -> ViewerReads:
        if self.away:
            return ViewerReads(None, InterestProfile(), ViewerState(), degraded=True)
        viewer = viewer_id or ""
        packed = self.profiles.get(viewer)
        return ViewerReads(
            allowance=self._charge(charge) if charge else None,
            profile=(unpack(packed) if packed else None) or InterestProfile(),
            state=self.kept_states.get(viewer, ViewerState()),
            seen=self.seen.get(viewer, b""),
            served=self.served.get(viewer, b""),
            sessions={one: self.sessions[one] for one in session_ids if one in self.sessions},
        )

    async def states(self, viewer_ids: Sequence[str]) -> Mapping[str, ViewerState]:
        return {one: self.kept_states[one] for one in viewer_ids if one in self.kept_states}

    async def write_state(self, viewer_id: str, state: ViewerState, *, expected: int) -> bool:
        held = self.kept_states.get(viewer_id, ViewerState())
        if held.version != expected:
            return False
        self.kept_states[viewer_id] = state
        return True

    async def write_session(
        self,
        session_id: str,
        packed: bytes,
        *,
        viewer_id: str | None,
        served: bytes | None,
        request_id: str | None = None,
    ) -> None:
        self.sessions[session_id] = packed
        if request_id is not None:
            self.requests.setdefault(request_id, set()).add(session_id)
        if viewer_id is not None and served is not None:
            self.served[viewer_id] = served

    async def sessions_of(self, request_id: str) -> Sequence[str]:
        return sorted(self.requests.get(request_id, ()))

    def _charge(self, charge: Charge) -> Allowance:
        now, interval = self._clock.now(), MINUTE / charge.per_minute
        arrival = max(self._arrivals.get(charge.party, 0.0), now)
        charged = arrival + charge.units * interval
        wait = charged - MINUTE - now
        allowed = wait <= 0.0 or charge.units <= 0
        if allowed:
            arrival = self._arrivals[charge.party] = charged
        return Allowance(
            allowed=allowed,
            limit=charge.per_minute,
            cost=charge.units,
            remaining=max(0, int((now + MINUTE - arrival) / interval + 1e-6)),
            retry_after=0.0 if allowed else wait,
            reset_after=arrival - now,
        )


class MemoryLearnedProfiles:
    def __init__(self) -> None:
        self.packed: dict[str, bytes] = {}
        self.partitions: dict[int, PartitionState] = {}

    async def open(self, partitions: Sequence[int]) -> Sequence[PartitionState]:
        return [self._partition(one) for one in partitions]

    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, InterestProfile]:
        found = {one: unpack(self.packed[one]) for one in viewer_ids if one in self.packed}
        return {one: profile for one, profile in found.items() if profile is not None}

    async def fences(self, partitions: Sequence[int]) -> Sequence[int]:
        return [self._partition(one).fence for one in partitions]

    async def put(self, profiles: Mapping[str, InterestProfile]) -> None:
        for viewer, profile in profiles.items():
            held = unpack(self.packed.get(viewer, b""))
            if held is None or held.fence <= profile.fence:
                self.packed[viewer] = pack(profile)

    async def save(self, batches: Sequence[ProfileBatch]) -> Sequence[bool]:
        return [self._save(batch) for batch in batches]

    def _partition(self, partition: int) -> PartitionState:
        return self.partitions.get(partition, PartitionState(NOTHING_APPLIED))

    def _save(self, batch: ProfileBatch) -> bool:
        held = self._partition(batch.partition)
        if held.fence != batch.fence:
            return False
        segments = dict(enumerate(held.event_ids)) | dict(batch.event_ids)
        ids = [segments[place] for place in sorted(segments)]
        self.partitions[batch.partition] = PartitionState(batch.through, event_ids=ids)
        return True


class MemorySeen:
    def __init__(self) -> None:
        self.packed: dict[str, bytes] = {}

    async def load(self, viewer_ids: Sequence[str]) -> Mapping[str, bytes]:
        return {one: self.packed[one] for one in viewer_ids if one in self.packed}

    async def put(
        self, filters: Mapping[str, bytes], *, loaded: Mapping[str, bytes]
    ) -> Collection[str]:
        changed = [one for one in filters if self.packed.get(one, b"") != loaded.get(one, b"")]
        self.packed.update({one: filters[one] for one in filters if one not in changed})
        return changed
