"""The store that servers share, in memory."""

from collections.abc import Mapping


class MemoryDocuments:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self.clients: dict[str, str] = {}

    async def added_after(self, position: int) -> tuple[int, Mapping[str, str]]:
        return len(self.rows), dict(self.rows[position:])

    async def add(self, texts: Mapping[str, str], *, client: str) -> int:
        known = dict(self.rows)
        new = [(name, text) for name, text in texts.items() if name not in known]
        self.rows += new
        self.clients |= {name: client for name, _ in new}
        return len(new)
