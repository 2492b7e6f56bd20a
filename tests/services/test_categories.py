"""Categories: their list, one by its slug, its page, and who may change them."""

import pytest

from domain.errors import InvalidInput, MalformedCursor, NotAllowed, NotSignedIn
from services.inputs import CategoryChange
from tests.services.world import World


async def test_categories_come_in_display_order_page_by_page(world: World) -> None:
    for order, slug in enumerate(("film", "art", "music")):
        await world.category(slug, display_order=order)
    await world.category("gone", is_active=False)
    await world.start()
    categories = world.services.categories
    first = await categories.page(await world.request(), first=2, after=None)
    assert [item.record.slug for item in first.items] == ["film", "art"]
    assert (first.total, first.has_next, first.has_previous) == (3, True, False)
    after = first.items[-1].cursor
    second = await categories.page(await world.request(), first=2, after=after)
    assert [item.record.slug for item in second.items] == ["music"]
    assert (second.has_next, second.has_previous) == (False, True)
    with pytest.raises(MalformedCursor):
        await categories.page(await world.request("me"), first=2, after=after)
    with pytest.raises(InvalidInput):
        await categories.page(await world.request(), first=101, after=None)


async def test_an_unknown_or_inactive_category_is_none(world: World) -> None:
    await world.category("gone", is_active=False)
    await world.start()
    categories = world.services.categories
    for slug in ("gone", "nope", "a\0b", ""):
        assert await categories.get(await world.request(), slug) is None


async def test_a_category_made_a_moment_ago_is_found(world: World) -> None:
    await world.start()
    await world.category("new")
    found = await world.services.categories.get(await world.request(), "new")
    assert found is not None


async def test_a_category_page_is_not_held_to_the_rule_of_categories(world: World) -> None:
    await world.category("music")
    for number in range(30):
        await world.post(f"p{number}", category="music", rising=float(number + 3))
    await world.start()
    found = await world.services.categories.posts(
        await world.request(), "music", first=20, after=None
    )
    assert len(found.items) == 20
    assert found.has_next


async def test_only_admins_change_categories(world: World) -> None:
    await world.start()
    change = CategoryChange("music", "Music", display_order=3)
    categories = world.services.categories
    with pytest.raises(NotSignedIn):
        await categories.upsert(await world.request(), change)
    with pytest.raises(NotAllowed):
        await categories.upsert(await world.request("me", roles=["moderator"]), change)
    admin = await world.request("me", roles=["admin", "moderator"])
    assert (await categories.upsert(admin, change)).errors == ()
    outcome = await categories.upsert(admin, CategoryChange("music", "Sounds"))
    assert outcome.value is not None
    assert (outcome.value.name, outcome.value.display_order) == ("Sounds", 3)
    assert await categories.get(admin, "music") == outcome.value
    wrong = CategoryChange("Not A Slug", " ", icon_url="ftp://x", display_order=-1)
    outcome = await categories.upsert(admin, wrong)
    assert [(error.path, error.code) for error in outcome.errors] == [
        (("input", "slug"), "INVALID_VALUE"),
        (("input", "name"), "OUT_OF_RANGE"),
        (("input", "iconUrl"), "INVALID_VALUE"),
        (("input", "displayOrder"), "OUT_OF_RANGE"),
    ]
