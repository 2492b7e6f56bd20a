"""What commands of ``python -m ml`` read of the running service's database."""

import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from ml.comparing import Compared
from ml.training.labels import labels_of, write_labels
from runtime.settings import load_settings
from stores.postgres_labels import DecidedPost, PostgresLabels
from stores.postgres_pool import PostgresPool, open_pool
from stores.postgres_shadow_scores import PostgresShadowScores

SECONDS: Final = 30.0  # for one call
PAGE: Final = 1_000
MOST_COMPARED: Final = 100_000


async def export_labels(path: Path) -> int:
    """Moderators' decisions as labels; how many. Raises ``Unavailable`` and ``SettingError``."""
    async with _pool() as pool:
        return await write_labels(path, _decided(PostgresLabels(pool)))


async def read_comparisons(model: str, version: str) -> list[Compared]:
    """What was scored by the version in shadow, at most ``MOST_COMPARED`` posts."""
    found: list[Compared] = []
    async with _pool() as pool:
        scores = PostgresShadowScores(pool)
        while len(found) < MOST_COMPARED:
            after = found[-1].post_id if found else ""
            page = await scores.page(model, version, after=after, limit=PAGE)
            for one in page:
                label = labels_of(one.last_word).get(model) if one.last_word else None
                truth = None if label is None else label == 1
                found.append(Compared(one.post_id, one.comparison, truth))
            if len(page) < PAGE:
                break
    return found


async def was_compared(model: str, version: str) -> bool:
    """Whether the version has scored anything in shadow."""
    async with _pool() as pool:
        return bool(await PostgresShadowScores(pool).page(model, version, after="", limit=1))


async def _decided(labels: PostgresLabels) -> AsyncIterator[DecidedPost]:
    after = ""
    while page := await labels.decided(after=after, limit=PAGE):
        for post in page:
            yield post
        after = page[-1].post_id


@asynccontextmanager
async def _pool() -> AsyncGenerator[PostgresPool]:
    settings = load_settings(os.environ, needed=("EXPLORE_POSTGRES_DSN",))
    pool = await open_pool(settings.postgres_dsn, timeout=SECONDS, size=1)
    try:
        yield pool
    finally:
        await pool.close()
