"""Categories in PostgreSQL (port ``Categories``); one that an event names is made on the way."""

from collections.abc import Collection, Sequence
from typing import Final

import asyncpg

from domain.categories import CategoryRecord, readable_name
from stores.postgres_pool import PostgresPool

MADE_ON_THE_WAY: Final = 1000  # their display order
# What was made on the way, but has lost its posts to a later judgment, is nothing to look at.
ALL: Final = f"""
SELECT c.* FROM explore_categories c
WHERE c.is_active AND (
    c.display_order <> {MADE_ON_THE_WAY} OR c.description IS NOT NULL
    OR EXISTS (SELECT FROM post_categories p WHERE p.category_slug = c.slug))
ORDER BY c.display_order, c.slug"""  # noqa: S608 - a constant
GET: Final = "SELECT * FROM explore_categories WHERE slug = ANY($1::text[])"
UPSERT: Final = """
INSERT INTO explore_categories (slug, name, description, icon_url, display_order, is_active)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (slug) DO UPDATE SET name = excluded.name, description = excluded.description,
    icon_url = excluded.icon_url, display_order = excluded.display_order,
    is_active = excluded.is_active
RETURNING *"""
ENSURE: Final = f"""
INSERT INTO explore_categories (slug, name, display_order)
SELECT slug, name, {MADE_ON_THE_WAY} FROM unnest($1::text[], $2::text[]) AS r (slug, name)
ON CONFLICT DO NOTHING"""  # noqa: S608 - a constant


class PostgresCategories:
    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool
        self._ensured: set[str] = set()

    async def all(self) -> Sequence[CategoryRecord]:
        return [_record(row) for row in await self._pool.fetch(ALL)]

    async def get_many(self, slugs: Sequence[str]) -> Sequence[CategoryRecord | None]:
        usable = [slug for slug in slugs if "\0" not in slug]
        rows = await self._pool.fetch(GET, usable) if usable else ()
        found = {row["slug"]: _record(row) for row in rows}
        return [found.get(slug) for slug in slugs]

    async def upsert(self, category: CategoryRecord) -> CategoryRecord:
        row = await self._pool.fetchrow(
            UPSERT,
            category.slug,
            category.name,
            category.description,
            category.icon_url,
            category.display_order,
            category.is_active,
        )
        return category if row is None else _record(row)

    async def ensure(self, slugs: Collection[str]) -> None:
        """Make those that are not there: active, after all others, named after their slugs.

        Categories are never deleted, so those once seen are not asked for again.
        """
        new = sorted(set(slugs) - self._ensured)
        if not new:
            return
        names = [readable_name(slug) for slug in new]
        await self._pool.execute(ENSURE, new, names)
        self._ensured.update(new)


def _record(row: asyncpg.Record) -> CategoryRecord:
    return CategoryRecord(
        slug=row["slug"],
        name=row["name"],
        description=row["description"],
        icon_url=row["icon_url"],
        display_order=row["display_order"],
        is_active=row["is_active"],
    )
