"""``posts`` and ``moderation``: what follows from a change of a post or a relation."""

from msgspec import structs

from domain.events import Decision, Event, UserBlocked, UserFollowed, UserUpdated
from domain.topics import USER_BLOCKED, USER_FOLLOWED, USER_UPDATED
from tests.consumers.log import NOON
from tests.consumers.posts_world import World, judged, post, scored


async def test_an_unclassified_post_is_on_its_authors_page_only() -> None:
    world = World()
    await world.ingest(post())
    assert world.lists_of("p") == {"author:ann"}
    assert world.looks() == []
    assert list((await world.pools.news("0")).posts) == ["p"]
    (record,) = await world.cache.held(["p"])
    assert record is not None


async def test_a_harmless_post_joins_the_fresh_lists_by_its_creation_time() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:pets"}
    assert world.pools.members["fresh:all"] == {"p": NOON - 60}
    assert world.looks() == ["p"]


async def test_a_judgment_that_comes_first_is_kept_and_applies() -> None:
    world = World()
    await world.judge(judged())
    assert world.lists_of("p") == set()
    await world.ingest(post())
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:pets"}
    assert world.looks() == ["p"]


async def test_a_rejected_post_leaves_every_list_and_a_cleared_one_returns() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    world.looks()
    await world.judge(judged(Decision.REJECT, source="human:mo"))
    assert world.lists_of("p") == set()
    assert world.looks() == ["p"]
    await world.judge(judged(Decision.CLEAR, source="human:mo"))
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:pets"}
    assert world.looks() == ["p"]


async def test_records_and_lists_keep_to_what_a_person_said_until_it_is_cleared() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(scored("human:mo", 1, 0.0))
    await world.judge(scored("classifier", 2, 0.9))
    (record,) = await world.cache.held(["p"])
    assert record is not None
    assert (record.scores.spam, record.recommendable) == (0.0, True)
    assert "fresh:all" in world.lists_of("p")
    clear = scored("human:mo", 3, 0.0)
    await world.judge(structs.replace(clear, decision=Decision.CLEAR, spam_score=None))
    (record,) = await world.cache.held(["p"])
    assert record is not None
    assert (record.scores.spam, record.recommendable) == (0.9, False)
    assert "fresh:all" not in world.lists_of("p")


async def test_a_post_that_moves_to_another_category_leaves_the_first_ones_list() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    world.looks()
    await world.ingest(post("p", "art"))
    assert world.lists_of("p") == {"author:ann", "fresh:all", "fresh:art"}
    assert world.looks() == ["p"]


async def test_a_deleted_post_leaves_every_list() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    world.looks()
    await world.ingest(post(deleted=True))
    assert world.lists_of("p") == set()
    assert world.looks() == ["p"]


async def test_the_same_batch_again_changes_nothing_and_asks_nobody() -> None:
    world = World()
    await world.ingest(post())
    await world.judge(judged())
    members = {name: dict(pool) for name, pool in world.pools.members.items()}
    world.looks()
    await world.ingest(post())
    await world.judge(judged())
    assert world.pools.members == members
    assert world.looks() == []


async def test_what_a_deleted_author_wrote_is_withdrawn() -> None:
    world = World()
    await world.ingest(post("p"), post("q"))
    await world.judge(judged(), judged(post_id="q"))
    world.looks()
    gone = UserUpdated(user_id="ann", handle="Ann", display_name="Ann", deleted=True)
    await world.ingest(gone, topic=USER_UPDATED.name)
    assert world.lists_of("p") == world.lists_of("q") == set()
    assert sorted(world.looks()) == ["p", "q"]


async def test_follows_and_blocks_are_kept() -> None:
    world = World()

    def relation(kind: type[UserFollowed | UserBlocked], target: str) -> Event:
        return kind(user_id="u", target_id=target, active=True, timestamp=NOON * 1_000)

    await world.ingest(relation(UserFollowed, "ann"), topic=USER_FOLLOWED.name)
    await world.ingest(relation(UserBlocked, "bob"), topic=USER_BLOCKED.name)
    assert list(await world.follows.followed_by("u")) == ["ann"]
    assert list(await world.follows.blocked_by("u")) == ["bob"]
