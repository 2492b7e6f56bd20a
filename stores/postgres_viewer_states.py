"""What viewers said, durable in PostgreSQL (port ``ViewerStates``)."""

from typing import Final

import msgspec

from domain.viewer import ViewerState
from stores.postgres_pool import PostgresPool

READ: Final = "SELECT state FROM viewer_statements WHERE viewer_id = $1"
WRITE: Final = """
INSERT INTO viewer_statements AS held (viewer_id, version, state) VALUES ($1, $2, $3)
ON CONFLICT (viewer_id) DO UPDATE SET version = excluded.version, state = excluded.state,
    updated_at = now()
WHERE held.version < excluded.version"""


class PostgresViewerStates:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def read(self, viewer_id: str) -> ViewerState | None:
        row = await self._pool.fetchrow(READ, viewer_id)
        return None if row is None else msgspec.msgpack.decode(row["state"], type=ViewerState)

    async def write(self, viewer_id: str, state: ViewerState) -> None:
        await self._pool.execute(WRITE, viewer_id, state.version, msgspec.msgpack.encode(state))
