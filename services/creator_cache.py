"""Creators that this process knows, the latest used ones at most."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

from domain.creators import CreatorRecord
from domain.ports.creators import CreatorRecords
from services.fetches import Fetches, read_again

CAPACITY: Final = 20_000
BATCH: Final = 500


class CreatorCache:
    def __init__(self, records: CreatorRecords, capacity: int = CAPACITY) -> None:
        self._source = records
        self._capacity = capacity
        self._fetches = Fetches()
        self._held: OrderedDict[str, CreatorRecord] = OrderedDict()
        self._ids: dict[str, str] = {}  # by handle, in lower case

    def __len__(self) -> int:
        return len(self._held)

    def find(self, creator_id: str) -> CreatorRecord | None:
        record = self._held.get(creator_id)
        if record is not None:
            self._held.move_to_end(creator_id)
        return record

    def find_or_nameless(self, creator_id: str) -> CreatorRecord:
        """A creator that no profile event has described yet goes by its id."""
        return self.find(creator_id) or CreatorRecord(
            id=creator_id, revision=0, handle=creator_id, display_name=creator_id
        )

    def by_handle(self, handle: str) -> CreatorRecord | None:
        """By the whole handle, in any case of letters."""
        record = self._held.get(self._ids.get(handle.lower(), ""))
        # A handle may have gone to someone else since.
        return record if record is not None and record.handle.lower() == handle.lower() else None

    def put(self, record: CreatorRecord) -> None:
        held = self._held.get(record.id)
        if held is None or held.revision <= record.revision:
            self._held[record.id] = record
            self._ids[record.handle.lower()] = record.id
        self._held.move_to_end(record.id)
        while len(self._held) > self._capacity:
            _, old = self._held.popitem(last=False)
            if self._ids.get(old.handle.lower()) == old.id:
                del self._ids[old.handle.lower()]

    async def load(self, creator_ids: Iterable[str]) -> None:
        """Fetch those that are not here.

        Raises:
            Unavailable: the source did not answer.

        """
        await self._fetch(list(dict.fromkeys(i for i in creator_ids if i not in self._held)))

    async def refresh(self, creator_ids: Iterable[str]) -> None:
        """Fetch again those that are here or on their way; one that is gone is forgotten."""
        changed = list(dict.fromkeys(creator_ids))
        self._fetches.note_changed(changed)
        await self._fetch([i for i in changed if i in self._held])

    async def reload(self) -> None:
        """Fetch all again."""
        self._fetches.note_all_changed()
        await self._fetch(list(self._held))

    async def _fetch(self, creator_ids: Sequence[str]) -> None:
        for start in range(0, len(creator_ids), BATCH):
            batch = creator_ids[start : start + BATCH]
            with self._fetches.of(batch) as changed:
                found = await self._read(batch)
                await read_again(changed, found, self._read)
            for creator_id, record in found.items():
                if record is None:
                    self._held.pop(creator_id, None)
                else:
                    self.put(record)

    async def _read(self, creator_ids: Sequence[str]) -> dict[str, CreatorRecord | None]:
        return dict(zip(creator_ids, await self._source.get_many(creator_ids), strict=True))
