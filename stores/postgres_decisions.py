"""The record of what people decided: appended to, each decision once."""

from collections.abc import Sequence
from typing import Final

from domain.ports.moderation import Review
from stores.postgres_pool import Connection
from stores.postgres_times import storable_time

# Our own decisions come back through the log, where times are milliseconds: theirs are no news.
APPEND: Final = """
INSERT INTO moderation_events (post_id, at, actor, decision, reason, note)
SELECT r.post_id, to_timestamp(r.at), r.actor, r.decision, r.reason, r.note
FROM unnest($1::text[], $2::float8[], $3::text[], $4::text[], $5::text[], $6::text[])
    WITH ORDINALITY AS r (post_id, at, actor, decision, reason, note, place)
WHERE NOT EXISTS (
    SELECT FROM moderation_events e
    WHERE e.post_id = r.post_id AND e.actor = r.actor AND e.decision = r.decision
        AND e.at BETWEEN to_timestamp(r.at - 0.001) AND to_timestamp(r.at + 0.001))
ORDER BY r.place"""


async def append_decisions(
    connection: Connection, decisions: Sequence[tuple[str, Review]]
) -> None:
    """Put decisions, by post and in order, on record, but for those that are there.

    Last in the caller's transaction: it holds the lock of the chain of all decisions.
    """
    if decisions:
        reviews = [review for _, review in decisions]
        await connection.execute(
            APPEND,
            [post_id for post_id, _ in decisions],
            [storable_time(review.at) for review in reviews],
            [_storable(review.actor) for review in reviews],
            [review.decision for review in reviews],
            [_storable(review.reason) for review in reviews],
            [_storable(review.note) for review in reviews],
        )


def _storable(text: str | None) -> str | None:
    return text and text.replace("\0", "")
