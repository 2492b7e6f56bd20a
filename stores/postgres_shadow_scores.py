"""What models in shadow said beside the live ones (port ``ShadowScores``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.classification import Answer, Comparison, LastWord
from domain.moderation import EXPIRY
from stores.postgres_labels import read_last_word
from stores.postgres_pool import PostgresPool

ADD: Final = """
INSERT INTO shadow_scores (model, version, post_id, score, label, live_version, live_score,
    live_label)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[], $6::text[],
    $7::float8[], $8::text[])
ON CONFLICT (model, version, post_id) DO UPDATE SET score = excluded.score,
    label = excluded.label, live_version = excluded.live_version,
    live_score = excluded.live_score, live_label = excluded.live_label, at = now()"""
PAGE: Final = f"""
SELECT s.*, e.decision, e.reason, f.spam_score, f.nsfw_score, f.toxicity_score
FROM shadow_scores s LEFT JOIN content_flags f ON f.post_id = s.post_id
LEFT JOIN LATERAL (
    SELECT decision, reason FROM moderation_events
    WHERE post_id = s.post_id AND actor <> '{EXPIRY}'
    ORDER BY id DESC LIMIT 1
) AS e ON true
WHERE s.model = $1 AND s.version = $2 AND s.post_id > $3 ORDER BY s.post_id LIMIT $4"""  # noqa: S608 - a constant of ours
DROP: Final = "DELETE FROM shadow_scores WHERE at < to_timestamp($1)"


@dataclass(frozen=True, slots=True)
class DecidedComparison:
    """A comparison, and a person's last word about the post where there is one."""

    post_id: str
    comparison: Comparison
    last_word: LastWord | None


class PostgresShadowScores:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool

    async def add(self, comparisons: Mapping[str, Sequence[Comparison]]) -> None:
        rows = sorted(_row(post_id, one) for post_id, said in comparisons.items() for one in said)
        if rows:
            await self._pool.execute(ADD, *map(list, zip(*rows, strict=True)))

    async def page(
        self, model: str, version: str, *, after: str, limit: int
    ) -> Sequence[DecidedComparison]:
        """By the posts' ids, those behind ``after``."""
        rows = await self._pool.fetch(PAGE, model, version, after, limit)
        return [
            DecidedComparison(
                row["post_id"],
                Comparison(
                    row["model"],
                    Answer(row["version"], row["score"], row["label"]),
                    Answer(row["live_version"], row["live_score"], row["live_label"]),
                ),
                None if row["decision"] is None else read_last_word(row),
            )
            for row in rows
        ]

    async def drop(self, *, before: float) -> None:
        await self._pool.execute(DROP, before)


def _row(post_id: str, one: Comparison) -> tuple[str | float, ...]:
    shadow, live = one.shadow, one.live
    return (
        *(one.model, shadow.version, post_id, shadow.score, shadow.label),
        *(live.version, live.score, live.label),
    )
