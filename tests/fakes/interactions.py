"""The history of interactions in memory; ``rows`` is what is kept, in order of insertion."""

from collections.abc import Sequence

from domain.ports import InteractionRow

DAY = 86_400.0


class MemoryInteractions:
    def __init__(self) -> None:
        self.rows: list[InteractionRow] = []

    async def insert(self, rows: Sequence[InteractionRow]) -> None:
        held = {(row.partition, row.sequence) for row in self.rows}
        self.rows += [row for row in rows if (row.partition, row.sequence) not in held]

    async def prepare(self, now: float) -> None:
        """Days need no preparation here."""

    async def forget(self, before: float) -> None:
        self.rows = [row for row in self.rows if (row.at // DAY + 1) * DAY > before]
