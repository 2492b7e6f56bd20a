"""Categories in memory."""

from collections.abc import Callable, Collection, Sequence

from domain.categories import CategoryRecord, readable_name


class MemoryCategories:
    """``in_use`` tells the slugs of what posts there are; None where nobody knows of posts."""

    def __init__(self) -> None:
        self._held: dict[str, CategoryRecord] = {}
        self.in_use: Callable[[], Collection[str]] | None = None

    async def all(self) -> Sequence[CategoryRecord]:
        in_use = self._held if self.in_use is None else self.in_use()
        active = [
            category
            for category in self._held.values()
            if category.is_active
            and (
                category.display_order != 1000
                or category.description is not None
                or category.slug in in_use
            )
        ]
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
