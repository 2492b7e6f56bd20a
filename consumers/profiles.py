"""Learned profiles: the fast copy that pages are made from, and the durable one behind it."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.fences import NOTHING_APPLIED
from domain.interests import InterestProfile
from domain.ports.profiles import LearnedProfiles, Profiles

MAX_WAITING: Final = 20_000  # profiles that wait to be made durable
CHUNK: Final = 500


class ViewerProfiles:
    def __init__(self, live: LearnedProfiles, durable: Profiles) -> None:
        self.live = live
        self._durable = durable
        self._waiting: dict[str, InterestProfile] = {}

    async def load(self, viewer_ids: Sequence[str]) -> dict[str, InterestProfile]:
        """A profile for each viewer; what the fast store lost comes from the durable one."""
        profiles = dict(await self.live.load(viewer_ids))
        missing = [viewer for viewer in viewer_ids if viewer not in profiles]
        if missing:
            found = await self._durable.read_many(missing)
            for viewer, profile in zip(missing, found, strict=True):
                profiles[viewer] = profile or InterestProfile(fence=NOTHING_APPLIED)
        return profiles

    async def put(self, profiles: Mapping[str, InterestProfile]) -> None:
        await self.live.put(profiles)
        self._waiting.update(profiles)
        if len(self._waiting) > MAX_WAITING:
            await self.make_durable()

    async def make_durable(self, others: Sequence[str] = ()) -> None:
        """Write what changed since the last time, and what is live of ``others``.

        Called now and then, and when draining.
        """
        viewers = list(self._waiting)
        for first in range(0, len(viewers), CHUNK):
            chunk = {viewer: self._waiting[viewer] for viewer in viewers[first : first + CHUNK]}
            await self._durable.write_many(chunk)
            for viewer, profile in chunk.items():
                if self._waiting.get(viewer) is profile:
                    del self._waiting[viewer]
        for first in range(0, len(others), CHUNK):
            await self._durable.write_many(await self.live.load(others[first : first + CHUNK]))
