"""Categories in memory."""

from collections.abc import Collection, Sequence

from domain.categories import CategoryRecord, readable_name


class MemoryCategories:
    def __init__(self) -> None:
        self._held: dict[str, CategoryRecord] = {}

    async def all(self) -> Sequence[CategoryRecord]:
        active = [category for category in self._held.values() if category.is_active]
        return sorted(active, key=lambda category: (category.display_order, category.slug))

    async def get_many(self, slugs: Sequence[str]) -> Sequence[CategoryRecord | None]:
        return [self._held.get(slug) for slug in slugs]

    async def upsert(self, category: CategoryRecord) -> CategoryRecord:
        self._held[category.slug] = category
        return category

    async def ensure(self, slugs: Collection[str]) -> None:
        for slug in slugs:
            made = CategoryRecord(slug=slug, name=readable_name(slug), display_order=1000)
            self._held.setdefault(slug, made)
