"""Learned profiles, durable in memory."""

from collections.abc import Mapping, Sequence

from domain.interests import InterestProfile


class MemoryProfiles:
    def __init__(self) -> None:
        self._held: dict[str, InterestProfile] = {}

    async def read_many(self, user_ids: Sequence[str]) -> Sequence[InterestProfile | None]:
        return [self._held.get(user_id) for user_id in user_ids]

    async def write_many(self, profiles: Mapping[str, InterestProfile]) -> None:
        for user_id, profile in profiles.items():
            held = self._held.get(user_id)
            if held is None or held.fence < profile.fence:
                self._held[user_id] = profile
