"""Trusted GraphQL operations in PostgreSQL, and the app versions that use them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from domain.documents import ClientState, DocumentClient
from stores.postgres_pool import Connection, PostgresPool

REVISION: Final = "SELECT value FROM document_revision"
# Takes the row, so that changes wait for each other and the revision tells of each.
CHANGE: Final = "UPDATE document_revision SET value = value + 1"
SERVED: Final = """
SELECT DISTINCT document FROM document_uses JOIN document_clients USING (client)
WHERE state = 'published'"""
TEXTS: Final = "SELECT id, text FROM documents WHERE id = ANY ($1::text[])"
ADD: Final = """
INSERT INTO documents (id, text) SELECT id, text
FROM unnest($1::text[], $2::text[]) AS r (id, text) ON CONFLICT DO NOTHING RETURNING 1"""
ADD_CLIENT: Final = """
INSERT INTO document_clients (client, state) VALUES ($1, $2)
ON CONFLICT (client) DO UPDATE SET state = excluded.state, changed_at = now()
WHERE document_clients.state <> excluded.state AND excluded.state = 'published'"""
ADD_USES: Final = """
INSERT INTO document_uses (client, document) SELECT $1, unnest($2::text[])
ON CONFLICT DO NOTHING RETURNING 1"""
SET_STATE: Final = """
UPDATE document_clients SET state = $2, changed_at = now() WHERE client = $1 RETURNING 1"""
CLIENTS: Final = """
SELECT client, state, extract(epoch FROM changed_at)::float8 AS changed_at, count(document) AS uses
FROM document_clients LEFT JOIN document_uses USING (client) GROUP BY client ORDER BY client"""
KNOWN: Final = """
SELECT (SELECT state FROM document_clients WHERE client = $1) AS state,
       (SELECT count(*) FROM document_uses
        WHERE client = $1 AND document = ANY ($2::text[])) AS uses"""


class PostgresDocuments:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def revision(self) -> int:
        """Grows with each change of what is served."""
        (row,) = await self._pool.fetch(REVISION)
        return row["value"]

    async def served(self) -> Collection[str]:
        """Ids of the documents that a published app version uses."""
        return {row["document"] for row in await self._pool.fetch(SERVED)}

    async def texts(self, ids: Collection[str]) -> Mapping[str, str]:
        """Texts by id; what is not stored is left out."""
        rows = await self._pool.fetch(TEXTS, list(ids))
        return {row["id"]: row["text"] for row in rows}

    async def add(self, texts: Mapping[str, str], *, client: str, publish: bool = True) -> int:
        """Store documents for an app version and publish it if so wished; how many were new."""
        if await self._stands(texts, client, publish=publish):
            return 0  # as at each start of a server: nothing to wait for
        async with self._pool.transaction() as connection:
            await connection.execute(CHANGE)
            added = await connection.fetch(ADD, list(texts), list(texts.values()))
            await _use(connection, list(texts), client, publish=publish)
        return len(added)

    async def set_state(self, client: str, state: ClientState) -> bool:
        """Publish or retire an app version; False where it is not known."""
        async with self._pool.transaction() as connection:
            await connection.execute(CHANGE)
            changed = await connection.fetch(SET_STATE, client, state.value)
        return bool(changed)

    async def clients(self) -> Sequence[DocumentClient]:
        """The app versions by name."""
        return [
            DocumentClient(
                name=row["client"],
                state=ClientState(row["state"]),
                documents=row["uses"],
                changed_at=row["changed_at"],
            )
            for row in await self._pool.fetch(CLIENTS)
        ]

    async def _stands(self, texts: Mapping[str, str], client: str, *, publish: bool) -> bool:
        (row,) = await self._pool.fetch(KNOWN, client, list(texts))
        wanted = row["state"] == ClientState.PUBLISHED if publish else row["state"] is not None
        return wanted and row["uses"] == len(texts)


async def _use(connection: Connection, ids: list[str], client: str, *, publish: bool) -> None:
    state = ClientState.PUBLISHED if publish else ClientState.CREATED
    await connection.execute(ADD_CLIENT, client, state.value)
    await connection.execute(ADD_USES, client, ids)
