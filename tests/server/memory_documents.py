"""The store that servers share, in memory."""

from collections.abc import Collection, Mapping, Sequence

from domain.documents import ClientState, DocumentClient


class MemoryDocuments:
    """`uses` holds the documents of each app version, `states` whether they are served."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}
        self.uses: dict[str, set[str]] = {}
        self.states: dict[str, ClientState] = {}
        self.changes = 0

    async def revision(self) -> int:
        return self.changes

    async def served(self) -> Collection[str]:
        return {
            document
            for client, documents in self.uses.items()
            if self.states[client] is ClientState.PUBLISHED
            for document in documents
        }

    async def texts(self, ids: Collection[str]) -> Mapping[str, str]:
        return {name: self.stored[name] for name in ids if name in self.stored}

    async def add(self, texts: Mapping[str, str], *, client: str, publish: bool = True) -> int:
        new = len(texts.keys() - self.stored.keys())
        self.stored = {**texts, **self.stored}
        self.uses.setdefault(client, set()).update(texts)
        if publish:
            self.states[client] = ClientState.PUBLISHED
        else:
            self.states.setdefault(client, ClientState.CREATED)
        self.changes += 1
        return new

    async def set_state(self, client: str, state: ClientState) -> bool:
        self.changes += 1
        if client not in self.states:
            return False
        self.states[client] = state
        return True

    async def clients(self) -> Sequence[DocumentClient]:
        return [
            DocumentClient(name=name, state=state, documents=len(self.uses[name]), changed_at=0.0)
            for name, state in sorted(self.states.items())
        ]
