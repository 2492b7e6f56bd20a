"""Public posts by author, read through in small steps."""

from collections.abc import Sequence
from typing import Final

from domain.eligibility import is_public
from domain.moderation import ReviewStatus
from stores.postgres_pool import PostgresPool

PAGE: Final = """
SELECT p.author_id, p.id, extract(epoch FROM p.created_at)::float8 AS created
FROM posts p JOIN content_flags f ON f.post_id = p.id
WHERE NOT p.deleted AND f.review_status = ANY($4::text[]) AND (p.author_id, p.id) > ($1, $2)
ORDER BY p.author_id, p.id LIMIT $3"""


class PostgresAuthorPosts:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool
        self._public = [status.value for status in ReviewStatus if is_public(status)]

    async def page(self, after: tuple[str, str], limit: int) -> Sequence[tuple[str, str, float]]:
        rows = await self._pool.fetch(PAGE, *after, limit, self._public)
        return [(row["author_id"], row["id"], row["created"]) for row in rows]
