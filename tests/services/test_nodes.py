"""Objects by their global ids."""

import pytest

from domain.errors import InvalidInput
from domain.events import Decision
from domain.identifiers import Kind, encode_global_id
from services.pages import CreatorCard, PostCard
from tests.services.world import World, creator_gid, post_gid


async def test_objects_come_in_the_order_asked(world: World) -> None:
    await world.category("music")
    await world.creator("ann", "ann")
    await world.post("a", author="ann", tags=["jazz"])
    await world.post("b", author="ann", judged=False)
    await world.start()
    gids = [
        creator_gid("ann"),
        post_gid("a"),
        "broken",
        post_gid("nope"),
        post_gid("b"),
        encode_global_id(Kind.CATEGORY, "music"),
        encode_global_id(Kind.HASHTAG, "jazz"),
        encode_global_id(Kind.MODERATION_CASE, "a"),
        post_gid("a"),
    ]
    found = await world.services.nodes.get_many(await world.request(), gids)
    assert [type(one).__name__ for one in found] == [
        "CreatorCard",
        "PostCard",
        "NoneType",
        "NoneType",
        "PostCard",
        "CategoryRecord",
        "HashtagCard",
        "NoneType",
        "PostCard",
    ]
    with pytest.raises(InvalidInput):
        await world.services.nodes.get_many(await world.request(), [post_gid("a")] * 101)


async def test_categories_that_nobody_knows_are_asked_for_at_once(world: World) -> None:
    await world.category("music")
    await world.start()
    gids = [encode_global_id(Kind.CATEGORY, f"no-{number}") for number in range(100)]
    before = world.postgresql.calls["get_many"]
    assert await world.services.nodes.get_many(await world.request(), gids) == [None] * 100
    assert world.postgresql.calls["get_many"] - before == 1


async def test_a_post_by_id_depends_on_who_asks(world: World) -> None:
    await world.post("a", author="ann")
    await world.judge("a", Decision.SHADOW_BAN, "human:mod")
    await world.start()
    nodes = world.services.nodes
    assert await nodes.get_many(await world.request(), [post_gid("a")]) == [None]
    (own,) = await nodes.get_many(await world.request("ann"), [post_gid("a")])
    assert isinstance(own, PostCard)
    assert own.visibility is not None
    assert own.visibility.status == "SHADOW_BANNED"
    (seen,) = await nodes.get_many(
        await world.request("mod", roles=["moderator"]), [post_gid("a")]
    )
    assert isinstance(seen, PostCard)
    await world.judge("a", Decision.CLEAR, "human:mod")
    await world.services.cache.poll()
    (card,) = await nodes.get_many(await world.request("you"), [post_gid("a")])
    assert isinstance(card, PostCard)
    assert card.visibility is None
    assert isinstance(card.creator, CreatorCard)
