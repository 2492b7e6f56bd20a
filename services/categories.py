"""Categories: the list, one of them, its posts and creators, and their upkeep."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from domain.categories import CategoryRecord
from domain.cursors import KeysetCursors, scope_of
from domain.errors import Unavailable
from domain.identifiers import MAX_SLUG_CHARS
from domain.ports.categories import Categories
from services.arguments import CATEGORIES_MOST, check_first
from services.category_catalog import CategoryCatalog
from services.context import ADMIN, RequestContext
from services.creators import CreatorService
from services.explore import ExploreService
from services.fallback import Fallback
from services.inputs import CategoryChange
from services.outcomes import Outcome, UserError, UserErrorCode, mistake
from services.pages import CategoryItem, CreatorItem, FeedItem, Page

LONGEST_NAME: Final = 100
LONGEST_DESCRIPTION: Final = 1_000
LARGEST_ORDER: Final = 1_000_000
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


class CategoryService:
    def __init__(
        self,
        *,
        catalog: CategoryCatalog,
        categories: Categories,
        explore: ExploreService,
        creators: CreatorService,
        fallback: Fallback,
        cursors: KeysetCursors,
    ) -> None:
        self._catalog = catalog
        self._categories = categories
        self._explore = explore
        self._creators = creators
        self._fallback = fallback
        self._cursors = cursors

    async def page(
        self, context: RequestContext, *, first: int, after: str | None
    ) -> Page[CategoryItem]:
        """The active categories in display order."""
        check_first(first, CATEGORIES_MOST)
        scope = scope_of("categories", {}, context.viewer_id)
        if not self._catalog.listed:
            await self._fallback.level()  # which knows categories, too
        listed = self._catalog.listed
        behind = listed
        if after is not None:
            last = self._cursors.decode(after, scope, tuple[int, str])
            behind = [record for record in listed if _place(record) > last]
        return Page(
            items=tuple(
                CategoryItem(record, self._cursors.encode(_place(record), scope))
                for record in behind[:first]
            ),
            has_next=len(behind) > first,
            has_previous=len(behind) < len(listed),
            total=len(listed),
        )

    async def get(self, context: RequestContext, slug: str) -> CategoryRecord | None:  # noqa: ARG002 - all see the same
        """The active category of this slug."""
        (found,) = await self.get_many([slug])
        return found

    async def get_many(self, slugs: Sequence[str]) -> Sequence[CategoryRecord | None]:
        """The active categories of these slugs, in their order; at most one read for all."""
        known = {slug: self._catalog.find(slug) for slug in slugs}
        new = [slug for slug, one in known.items() if one is None and _SLUG.fullmatch(slug)]
        if new:  # made a moment ago?
            try:
                found = await self._categories.get_many(new)
            except Unavailable:
                found = ()
            known.update({one.slug: one for one in found if one is not None and one.is_active})
        return [known[slug] for slug in slugs]

    async def posts(
        self, context: RequestContext, slug: str, *, first: int, after: str | None
    ) -> Page[FeedItem]:
        return await self._explore.category(context, slug, first=first, after=after)

    async def creators(
        self, context: RequestContext, slug: str, *, first: int, after: str | None
    ) -> Page[CreatorItem]:
        return await self._creators.recommended(context, first=first, after=after, category=slug)

    async def upsert(
        self, context: RequestContext, change: CategoryChange
    ) -> Outcome[CategoryRecord]:
        """Create the category, or change it where the slug exists.

        Raises:
            NotSignedIn, NotAllowed: the caller is no admin.
            Unavailable: it could not be stored.

        """
        context.require_role(ADMIN)
        errors = _check(change)
        if errors:
            return Outcome(errors=errors)
        (known,) = await self._categories.get_many([change.slug])
        base = known or CategoryRecord(slug=change.slug, name=change.name)
        order, active = change.display_order, change.is_active
        stored = await self._categories.upsert(
            CategoryRecord(
                slug=change.slug,
                name=change.name.strip(),
                description=base.description if change.description is None else change.description,
                icon_url=base.icon_url if change.icon_url is None else change.icon_url,
                display_order=base.display_order if order is None else order,
                is_active=base.is_active if active is None else active,
            )
        )
        await self._catalog.refresh()
        return Outcome(stored)


def _place(record: CategoryRecord) -> tuple[int, str]:
    return record.display_order, record.slug


def _check(change: CategoryChange) -> tuple[UserError, ...]:
    checks = (
        (
            _SLUG.fullmatch(change.slug) is None or len(change.slug) > MAX_SLUG_CHARS,
            UserErrorCode.INVALID_VALUE,
            "A slug is lower-case letters, digits and single hyphens.",
            "slug",
        ),
        (
            not 1 <= len(change.name.strip()) <= LONGEST_NAME,
            UserErrorCode.OUT_OF_RANGE,
            f"`name` must be 1 to {LONGEST_NAME} characters.",
            "name",
        ),
        (
            len(change.description or "") > LONGEST_DESCRIPTION,
            UserErrorCode.OUT_OF_RANGE,
            f"`description` must be at most {LONGEST_DESCRIPTION:,} characters.",
            "description",
        ),
        (
            change.icon_url is not None and not _is_web_url(change.icon_url),
            UserErrorCode.INVALID_VALUE,
            "`iconUrl` must be an absolute https or http URL.",
            "iconUrl",
        ),
        (
            not 0 <= (change.display_order or 0) <= LARGEST_ORDER,
            UserErrorCode.OUT_OF_RANGE,
            f"`displayOrder` must be 0 to {LARGEST_ORDER:,}.",
            "displayOrder",
        ),
    )
    return tuple(mistake(code, message, field) for wrong, code, message, field in checks if wrong)


def _is_web_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.netloc)
