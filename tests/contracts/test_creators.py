"""The projection of creators."""

from domain.events import Decision
from tests.contracts.adapters import Adapters
from tests.contracts.events import ingestion, moderation, relation, user


async def test_an_author_nobody_introduced_is_named_by_its_id(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1", author_id="ann:1")])
    (record,) = await adapters.creators.get_many(["ann:1"])
    assert record is not None
    assert (record.handle, record.display_name, record.post_count) == ("ann:1", "ann:1", 1)
    assert (record.follower_count, record.top_categories, record.deleted) == (None, (), False)
    by_handle = await adapters.creators.by_handle("ANN:1")
    assert by_handle == record


async def test_a_later_word_about_a_user_holds(adapters: Adapters) -> None:
    covered = await adapters.creators.update(
        [user("u1", 2, handle="Zoe"), user("u2", 1), user("u1", 1, handle="old")]
    )
    assert covered == ["u1", "u2"]
    first = (await adapters.creators.get_many(["u1"]))[0]
    assert first is not None
    assert first.handle == "Zoe"
    assert await adapters.creators.update([user("u1", 1, handle="old")]) == ["u1"]
    assert (await adapters.creators.get_many(["u1"]))[0] == first
    await adapters.creators.update([user("u1", 3, handle="zo", name="Zoé")])
    later = (await adapters.creators.get_many(["u1"]))[0]
    assert later is not None
    assert (later.display_name, later.revision > first.revision) == ("Zoé", True)
    assert await adapters.creators.by_handle("zoe") is None
    assert await adapters.creators.by_handle("ZO") == later


async def test_creators_come_in_the_order_asked(adapters: Adapters) -> None:
    await adapters.creators.update([user("u1"), user("u2")])
    records = await adapters.creators.get_many(["u2", "x", "u1"])
    assert [record and record.id for record in records] == ["u2", None, "u1"]


async def test_followers_are_the_user_services_or_else_those_we_know_of(
    adapters: Adapters,
) -> None:
    await adapters.creators.update([user("u1"), user("u2", followers=7)])
    await adapters.follows.follow(
        [relation("a", "u1"), relation("b", "u1"), relation("a", "u2"), relation("c", "u1")]
    )
    await adapters.follows.follow([relation("c", "u1", 1, active=False)])
    one, two = await adapters.creators.get_many(["u1", "u2"])
    assert (one and one.follower_count, two and two.follower_count) == (2, 7)


async def test_posts_and_top_categories_are_counted(adapters: Adapters) -> None:
    await adapters.posts.ingest(
        [
            ingestion("p1", categories={"b": 0.5, "a": 0.9}),
            ingestion("p2", categories={"b": 0.5}),
            ingestion("p3", categories={"c": 0.5}),
            ingestion("p4", categories={"d": 0.5}),
            ingestion("p5", categories={"e": 0.5}, deleted=True),
        ]
    )
    (record,) = await adapters.creators.get_many(["ann"])
    assert record is not None
    assert (record.post_count, record.top_categories) == (4, ("b", "a", "c"))


async def test_posts_count_that_a_creators_page_shows_to_a_stranger(adapters: Adapters) -> None:
    """An unclassified post is on the page; one that was taken out counts nowhere."""
    decided = {
        "approved": Decision.APPROVE,
        "rejected": Decision.REJECT,
        "banned": Decision.SHADOW_BAN,
    }
    await adapters.posts.ingest(
        [
            ingestion("unclassified", categories={"news": 0.9}),
            *(ingestion(name, categories={name: 0.9}) for name in decided),
        ]
    )
    await adapters.posts.moderate(
        [moderation(name, decision=what, source="human:mo") for name, what in decided.items()]
    )
    (record,) = await adapters.creators.get_many(["ann"])
    assert record is not None
    assert (record.post_count, record.top_categories) == (2, ("approved", "news"))


async def test_of_a_deleted_creator_only_the_id_is_left(adapters: Adapters) -> None:
    await adapters.creators.update([user("u1", 1, handle="zoe", name="Zoé", followers=3)])
    await adapters.creators.update([user("u1", 2, handle="zoe", name="Zoé", deleted=True)])
    (record,) = await adapters.creators.get_many(["u1"])
    assert record is not None
    assert (record.deleted, record.handle, record.display_name) == (True, "u1", "u1")
    assert record.follower_count is None
    assert await adapters.creators.by_handle("zoe") is None
    assert await adapters.creators.by_handle("u1") is None


async def test_a_handle_with_odd_characters_is_only_not_found(adapters: Adapters) -> None:
    await adapters.creators.update([user("u1", handle="100%_x")])
    found = await adapters.creators.by_handle("100%_X")
    assert found is not None
    for odd in ("", "a\0b", "%", "'", "1000_x"):
        assert await adapters.creators.by_handle(odd) is None


async def test_follows_and_blocks_obey_event_time(adapters: Adapters) -> None:
    follows = adapters.follows
    told = [relation("a", "x", 5), relation("a", "y", 7), relation("a", "z", 6)]
    assert await follows.follow(told) == [True, True, True]
    assert await follows.follow(
        [relation("a", "x", 4, active=False), relation("a", "z", 9, active=False)]
    ) == [False, True]
    assert await follows.follow(told) == [True, True, False]
    assert list(await follows.followed_by("a")) == ["y", "x"]
    assert await follows.follow([relation("a", "z", 8), relation("a", "z", 9, active=False)]) == [
        False,
        True,
    ]
    assert list(await follows.follow([])) == []
    assert list(await follows.followed_by("a")) == ["y", "x"]
    await follows.follow([relation("b", "x", 6)])
    assert list(await follows.pairs(limit=5)) == [("a", "y"), ("b", "x"), ("a", "x")]
    assert list(await follows.pairs(limit=1)) == [("a", "y")]
    assert sorted(await follows.followed_among("a", ["z", "x", "y", "w"])) == ["x", "y"]
    assert list(await follows.followed_among("a", [])) == []
    await follows.block([relation("a", "x", 1)])
    assert (list(await follows.blocked_by("a")), list(await follows.blocked_by("x"))) == (
        ["x"],
        [],
    )
    await follows.block([])
