"""Which documents an index takes in where it has room for so many only: the first that came."""

import asyncio
from collections.abc import Collection, Iterable, Sequence

from stores.opensearch_client import OpenSearchClient


class Room:
    """Asks once what is in the index. Without a ``capacity`` there is room for all."""

    def __init__(self, client: OpenSearchClient, alias: str, capacity: int | None) -> None:
        self._client = client
        self._alias = alias
        self._capacity = capacity
        self._within: set[str] | None = None
        self._asking = asyncio.Lock()

    async def admitted(self, ids: Sequence[str]) -> Collection[str]:
        """Those of the ids that are in, or that there was room for: they are in from now on."""
        if self._capacity is None or not ids:
            return ids
        within = await self._all_within(self._capacity)
        within.update(self._first(within, ids, self._capacity))
        return within.intersection(ids)

    def leave(self, ids: Iterable[str]) -> None:
        if self._within is not None:
            self._within.difference_update(ids)

    def forget(self) -> None:
        """The index may have become another one."""
        self._within = None

    @staticmethod
    def _first(within: set[str], ids: Sequence[str], capacity: int) -> Sequence[str]:
        new = [one for one in dict.fromkeys(ids) if one not in within]
        return new[: max(0, capacity - len(within))]

    async def _all_within(self, capacity: int) -> set[str]:
        async with self._asking:  # a second answer would lose what the first one has let in since
            if self._within is None:
                await self._client.refresh(self._alias)
                asked = {"size": capacity, "_source": False}
                found = await self._client.search(self._alias, asked)
                self._within = {hit.id for hit in found.hits}
            return self._within
