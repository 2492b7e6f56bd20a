"""The history of interactions in memory; ``rows`` is what is kept, in order of insertion."""

from collections.abc import Sequence

from domain.events import Action
from domain.interests import UNDOES
from domain.ports.interactions import InteractionRow

DAY = 86_400.0
ENGAGING = {Action.LIKE, Action.COMMENT, Action.SHARE, Action.SAVE}


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

    async def pairs(self, *, since: float, limit: int) -> Sequence[tuple[str, str]]:
        latest: dict[tuple[str, str], float] = {}
        held: dict[tuple[str, str], set[Action]] = {}
        for row in sorted(self.rows, key=lambda row: row.at):
            if row.at < since or row.post_id is None or row.action not in ENGAGING | set(UNDOES):
                continue
            pair = row.user_id, row.post_id
            done = held.setdefault(pair, set())
            done.discard(UNDOES[row.action]) if row.action in UNDOES else done.add(row.action)
            latest[pair] = row.at
        engaged = [pair for pair, done in held.items() if done]
        return sorted(engaged, key=lambda pair: (-latest[pair], pair))[:limit]

    async def active(
        self, partition: int, *, after: int, through: int, limit: int
    ) -> Sequence[tuple[int, str]]:
        found = [
            (row.sequence, row.user_id)
            for row in self.rows
            if row.partition == partition and after < row.sequence <= through
        ]
        return sorted(found)[:limit]
