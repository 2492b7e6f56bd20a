"""What models in shadow said beside the live ones (port ``ShadowScores``)."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.classification import Comparison
from stores.postgres_pool import PostgresPool

ADD: Final = """
INSERT INTO shadow_scores (model, version, post_id, score, label, live_version, live_score,
    live_label)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[], $6::text[],
    $7::float8[], $8::text[])
ON CONFLICT (model, version, post_id) DO UPDATE SET score = excluded.score,
    label = excluded.label, live_version = excluded.live_version,
    live_score = excluded.live_score, live_label = excluded.live_label, at = now()"""
DROP: Final = "DELETE FROM shadow_scores WHERE at < to_timestamp($1)"


class PostgresShadowScores:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def add(self, comparisons: Mapping[str, Sequence[Comparison]]) -> None:
        rows = sorted(_row(post_id, one) for post_id, said in comparisons.items() for one in said)
        if rows:
            await self._pool.execute(ADD, *map(list, zip(*rows, strict=True)))

    async def drop(self, *, before: float) -> None:
        await self._pool.execute(DROP, before)


def _row(post_id: str, one: Comparison) -> tuple[str | float, ...]:
    shadow, live = one.shadow, one.live
    return (
        *(one.model, shadow.version, post_id, shadow.score, shadow.label),
        *(live.version, live.score, live.label),
    )
