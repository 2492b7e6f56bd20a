"""Profiles from their durable copies; whatever is newer in the fast store stays."""

from collections.abc import Mapping
from typing import Protocol

from consumers.rebuild.shown import Shown
from domain.interests import InterestProfile
from domain.ports.profiles import LearnedProfiles

PAGE = 1_000


class DurableProfiles(Protocol):
    async def page(self, after: str, limit: int) -> Mapping[str, InterestProfile]:
        """By viewer, in the order of their ids, behind one."""
        ...

    async def count(self) -> int:
        """About how many there are."""
        ...


class ProfileRebuild:
    def __init__(self, durable: DurableProfiles, live: LearnedProfiles, shown: Shown) -> None:
        self._durable = durable
        self._live = live
        self._shown = shown

    async def run(self) -> None:
        """Safe to repeat, whenever it ends: a profile with a later fence is never replaced."""
        self._shown.begin("profiles", await self._durable.count())
        after = ""
        while page := await self._durable.page(after, PAGE):
            await self._live.put(page)
            self._shown.advance(len(page))
            after = max(page)
        self._shown.end()
