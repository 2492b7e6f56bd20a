"""A new generation of the search index beside the live one, and the switch of its aliases."""

from typing import Final

from stores.opensearch_client import OpenSearchClient
from stores.opensearch_index import OpenSearchIndex
from stores.opensearch_mappings import INDICES

NEXT: Final = "-next"  # behind the prefix of the aliases that fill a generation


class OpenSearchGenerations:
    """``stamp`` tells this generation's indices from those of others."""

    def __init__(
        self,
        client: OpenSearchClient,
        stamp: str,
        *,
        prefix: str = "explore",
        capacity: int | None = None,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._stamp = stamp
        self._next = OpenSearchIndex(client, prefix=prefix + NEXT, capacity=capacity)

    @property
    def next(self) -> OpenSearchIndex:
        """What is written here is seen after the switch."""
        return self._next

    async def begin(self) -> None:
        """Empty indices under names of their own; those of a rebuild that broke off go."""
        prefix = self._prefix + NEXT
        for index in INDICES:
            await self._client.delete_indices(await self._client.indices_of(index.alias(prefix)))
            await self._client.create_index(
                f"{index.index(self._prefix)}-{self._stamp}", index.body(prefix)
            )

    async def switch(self) -> None:
        """Let the aliases that are read lead to the new indices, all at once; the old ones go."""
        await self._next.refresh()
        prefix = self._prefix + NEXT
        add: list[tuple[str, str]] = []
        remove: list[tuple[str, str]] = []
        replaced: list[str] = []
        for index in INDICES:
            live, filling = index.alias(self._prefix), index.alias(prefix)
            (new,) = await self._client.indices_of(filling)
            old = await self._client.indices_of(live)
            add.append((live, new))
            remove += [(filling, new), *((live, name) for name in old)]
            replaced += old
        await self._client.change_aliases(add, remove)
        await self._client.delete_indices(replaced)
