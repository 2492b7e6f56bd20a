"""The projection of posts: lists by time, and the categories that posts bring."""

from functools import partial

from domain.categories import CategoryRecord
from domain.events import Decision
from domain.moderation import ReviewStatus
from tests.contracts.adapters import Adapters
from tests.contracts.events import NOON, ingestion, moderation


async def test_lists_go_on_after_equal_times_without_repeat_or_gap(adapters: Adapters) -> None:
    ids = [f"p{number}" for number in range(7)]
    await adapters.posts.ingest(
        [
            ingestion(post_id, created=number // 3, categories={"c": 1})
            for number, post_id in enumerate(ids)
        ]
    )
    await adapters.posts.moderate([moderation(post_id, spam_score=0.0) for post_id in ids])
    posts = adapters.posts
    for page in (
        partial(posts.newest, limit=2),
        partial(posts.newest, limit=2, category="c"),
        partial(posts.of_creator, "ann", limit=2),
    ):
        shown: list[str] = []
        before = None
        while records := await page(before=before):
            shown += [record.id for record in records]
            before = (records[-1].created_at, records[-1].id)
        assert shown == ["p6", "p5", "p4", "p3", "p2", "p1", "p0"]


async def test_the_time_of_a_post_by_its_place_among_the_newest(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion(f"p{n}", created=n - 9.0) for n in range(4)])
    await adapters.posts.moderate([moderation(f"p{n}", spam_score=0.1) for n in (0, 1, 3)])
    times = [await adapters.posts.time_of_newest(number) for number in (1, 2, 3, 4)]
    assert times == [NOON - 6, NOON - 8, NOON - 9, None]


async def test_newest_holds_what_is_recommendable_only(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion(f"p{number}") for number in range(4)])
    await adapters.posts.moderate(
        [
            moderation("p0", spam_score=0.1),
            moderation("p1", spam_score=0.9),
            moderation("p2", spam_score=0.1, decision=Decision.REJECT),
        ]
    )
    assert [post.id for post in await adapters.posts.newest(limit=5)] == ["p0"]
    own = await adapters.posts.of_creator("ann", limit=5)
    assert [post.id for post in own] == ["p3", "p2", "p1", "p0"]
    rejected = [ReviewStatus.REJECTED]
    found = await adapters.posts.of_creator("ann", limit=1, statuses=rejected)
    assert [post.id for post in found] == ["p2"]


async def test_a_category_met_in_an_event_is_made_active_and_kept_as_edited(
    adapters: Adapters,
) -> None:
    await adapters.posts.ingest([ingestion("p1", categories={"Home & Garden": 0.5})])
    made = CategoryRecord(slug="home-garden", name="Home Garden", display_order=1000)
    assert list(await adapters.categories.all()) == [made]
    edited = CategoryRecord(slug="home-garden", name="Garden", is_active=False)
    assert await adapters.categories.upsert(edited) == edited
    await adapters.posts.ingest([ingestion("p2", categories={"home-garden": 0.5})])
    assert list(await adapters.categories.all()) == []
    assert list(await adapters.categories.get_many(["x", "home-garden"])) == [None, edited]


async def test_a_category_met_in_an_event_is_not_listed_once_it_has_lost_its_posts(
    adapters: Adapters,
) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    for at, slug in enumerate(("pets", "animals"), 1):
        told = moderation("p1", at, categories={slug: 0.9})
        await adapters.posts.moderate([told])
    assert [category.slug for category in await adapters.categories.all()] == ["animals"]
    assert await adapters.categories.get_many(["pets"]) != [None]
    described = CategoryRecord(slug="pets", name="Pets", description="Cats", display_order=1000)
    await adapters.categories.upsert(described)
    assert described in await adapters.categories.all()
