"""The active categories, held in this process and read again every few seconds."""

from collections.abc import Iterable, Sequence
from typing import Final

import structlog

from domain.categories import CategoryRecord, readable_name
from domain.errors import Unavailable
from domain.ports.categories import Categories
from runtime.background import Background

REFRESH_SECONDS: Final = 5.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class CategoryCatalog:
    """While the source is away, the categories of the last good answer stay."""

    def __init__(self, source: Categories) -> None:
        self._source = source
        self._listed: tuple[CategoryRecord, ...] = ()
        self._by_slug: dict[str, CategoryRecord] = {}

    @property
    def listed(self) -> Sequence[CategoryRecord]:
        """In display order."""
        return self._listed

    def find(self, slug: str) -> CategoryRecord | None:
        return self._by_slug.get(slug)

    def adopt(self, slugs: Iterable[str]) -> None:
        """Take categories from posts while nothing else was ever known about them."""
        if not self._listed:
            self._hold(
                [CategoryRecord(slug=slug, name=readable_name(slug)) for slug in set(slugs)]
            )

    def start(self, periodic: Background) -> None:
        periodic.repeat("categories.refresh", REFRESH_SECONDS, self.refresh)

    async def refresh(self) -> None:
        try:
            found = await self._source.all()
        except Unavailable as failure:
            log.warning("categories.unavailable", failure=str(failure))
            return
        self._hold([category for category in found if category.is_active])

    def _hold(self, active: Sequence[CategoryRecord]) -> None:
        self._listed = tuple(sorted(active, key=lambda c: (c.display_order, c.slug)))
        self._by_slug = {category.slug: category for category in self._listed}
