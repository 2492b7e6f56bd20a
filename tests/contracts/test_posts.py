"""The projection of posts: what holds in memory holds in PostgreSQL."""

import itertools
from dataclasses import replace
from functools import partial

import msgspec
import pytest

from domain.categories import CategoryRecord
from domain.events import Decision
from domain.moderation import ReviewStatus, SafetyReason, SafetyScores
from domain.ports.moderation import Review
from domain.ports.posts import StoredModeration
from domain.posts import Media, MediaKind, PostCategory, PostRecord
from tests.contracts.adapters import Adapters
from tests.contracts.events import NOON, ingestion, moderation, user


async def only(adapters: Adapters, post_id: str = "p1") -> PostRecord:
    (record,) = await adapters.posts.get_many([post_id])
    assert record is not None
    return record


async def test_a_post_is_read_as_it_was_told(adapters: Adapters) -> None:
    told = ingestion(
        "p1",
        title="A title",
        content="Some text",
        tags=["#Python", "python", "\uff37eb", "two words"],
        categories={"Science & Nature": 0.4, "tech": 0.9},
        region="DE",
        language="pt_BR",
        media_urls=["https://a.example/b.PNG?x=1", "https://a.example/c"],
        created=-5.125,
    )
    covered = await adapters.posts.ingest([told])
    assert covered == ["p1"]
    record = await only(adapters)
    assert record == PostRecord(
        id="p1",
        revision=record.revision,
        author_id="ann",
        title="A title",
        text="Some text",
        url=None,
        language="pt-br",
        region="DE",
        created_at=NOON - 5.125,
        categories=(PostCategory("tech", 0.9), PostCategory("science-nature", 0.4)),
        hashtags=("python", "web", "two words"),
        media=(
            Media("https://a.example/b.PNG?x=1", MediaKind.IMAGE),
            Media("https://a.example/c", MediaKind.LINK),
        ),
        status=ReviewStatus.UNCLASSIFIED,
        scores=SafetyScores(),
    )


async def test_records_come_in_the_order_asked(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1"), ingestion("p2")])
    records = await adapters.posts.get_many(["p2", "nothing", "p1", "p2"])
    assert [record and record.id for record in records] == ["p2", None, "p1", "p2"]
    assert list(await adapters.posts.get_many([])) == []


async def test_an_older_word_changes_nothing_and_a_later_one_holds(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1", 10, content="new")])
    first = await only(adapters)
    assert await adapters.posts.ingest([ingestion("p1", 9, content="old")]) == ["p1"]
    assert await only(adapters) == first
    await adapters.posts.ingest(
        [
            ingestion("p1", 11, content="newer"),
            ingestion("p1", 12, content="!"),
        ]
    )
    last = await only(adapters)
    assert (last.text, last.revision > first.revision) == ("!", True)


async def test_a_redelivered_batch_changes_nothing_and_names_its_posts_again(
    adapters: Adapters,
) -> None:
    posts = [ingestion("p1", 1, content="a"), ingestion("p2", 1), ingestion("p1", 2, content="b")]
    results = [moderation("p1", 1, spam_score=0.1), moderation("p3", 1, spam_score=0.2)]
    first = (await adapters.posts.ingest(posts), await adapters.posts.moderate(results))
    assert first == (["p1", "p2"], ["p1", "p3"])
    records = await adapters.posts.get_many(["p1", "p2", "p3"])
    again = (await adapters.posts.ingest(posts), await adapters.posts.moderate(results))
    assert again == first
    assert await adapters.posts.get_many(["p1", "p2", "p3"]) == records


async def test_the_same_word_at_a_later_time_is_no_new_revision(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1", 1)])
    revision = (await only(adapters)).revision
    await adapters.posts.ingest([ingestion("p1", 2)])
    assert (await only(adapters)).revision == revision
    await adapters.posts.ingest([ingestion("p1", 1.5, content="late")])
    assert (await only(adapters)).text == "text"


async def test_a_deleted_post_keeps_only_what_leads_to_its_lists(adapters: Adapters) -> None:
    told = ingestion("p1", 1, title="T", tags=["a"], categories={"tech": 1.0}, region="FR")
    await adapters.posts.ingest([told])
    await adapters.posts.moderate([moderation("p1", spam_score=0.0)])
    gone = msgspec.structs.replace(told.event, deleted=True)
    await adapters.posts.ingest([replace(told, at=NOON + 2, event=gone)])
    record = await only(adapters)
    assert (record.deleted, record.recommendable, record.title, record.text) == (
        True,
        False,
        None,
        "",
    )
    assert (record.hashtags, record.category, record.region) == (("a",), "tech", "FR")
    assert list(await adapters.posts.newest(limit=5)) == []
    assert list(await adapters.posts.of_creator("ann", limit=5)) == []


async def test_what_a_deleted_author_wrote_goes(adapters: Adapters) -> None:
    await adapters.posts.ingest(
        [ingestion("p1"), ingestion("p2", 9, title="later"), ingestion("p3", author_id="bob")]
    )
    assert await adapters.posts.withdraw({"ann": NOON + 5}) == ["p1", "p2"]
    records = await adapters.posts.get_many(["p1", "p2", "p3"])
    assert [record and record.deleted for record in records] == [True, False, False]
    assert await adapters.posts.withdraw({"ann": NOON + 10, "nobody": NOON}) == ["p1", "p2"]
    await adapters.posts.ingest([ingestion("p1", 4), ingestion("p2", 9, title="later")])
    one, two = await adapters.posts.get_many(["p1", "p2"])
    assert (one and one.deleted, two and two.deleted, two and two.title) == (True, True, None)
    assert list(await adapters.posts.withdraw({})) == []


async def test_what_a_deleted_author_wrote_comes_back_by_no_late_record(
    adapters: Adapters,
) -> None:
    await adapters.posts.ingest([ingestion("p1", 9), ingestion("p2", author_id="bob")])
    await adapters.creators.update([user("ann", 5, deleted=True)])
    assert await adapters.posts.withdraw({"ann": NOON + 5}) == ["p1"]
    late = [
        ingestion("p3", 4, title="before"),
        ingestion("p4", 10),
        ingestion("p5", author_id="bob"),
    ]
    assert await adapters.posts.ingest(late) == ["p3", "p4", "p5"]
    records = await adapters.posts.get_many(["p1", "p2", "p3", "p4", "p5"])
    assert [record and record.deleted for record in records] == [True, False, True, True, False]
    assert list(await adapters.posts.of_creator("ann", limit=5)) == []


async def test_what_somebody_who_is_back_wrote_stays(adapters: Adapters) -> None:
    await adapters.creators.update([user("ann", 5, deleted=True)])
    await adapters.creators.update([user("ann", 6)])
    await adapters.posts.ingest([ingestion("p1", 9)])
    await adapters.posts.withdraw({"ann": NOON + 5})  # the first record, delivered again
    assert not (await only(adapters)).deleted


async def test_no_post_is_created_after_it_was_told_of(adapters: Adapters) -> None:
    await adapters.posts.ingest(
        [ingestion("p1", 2, created=253_000_000_000.0), ingestion("p2", 2, created=1.5)]
    )
    found = await adapters.posts.get_many(["p1", "p2"])
    assert [record and record.created_at for record in found] == [NOON + 2, NOON + 1.5]
    assert [record.id for record in await adapters.posts.of_creator("ann", limit=5)] == [
        "p1",
        "p2",
    ]


async def test_a_moderation_result_may_come_before_its_post(adapters: Adapters) -> None:
    covered = await adapters.posts.moderate(
        [
            moderation("p1", spam_score=0.1, categories={"cats": 0.8}),
            moderation("p1", 1, nsfw_score=0.9),
        ]
    )
    assert covered == ["p1"]
    assert list(await adapters.posts.get_many(["p1"])) == [None]
    await adapters.posts.ingest([ingestion("p1")])
    record = await only(adapters)
    assert record.scores == SafetyScores(spam=0.1, nsfw=0.9)
    assert (record.status, record.category) == (ReviewStatus.AUTO_APPROVED, "cats")


async def test_the_producer_knows_categories_better_than_a_classifier(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1", categories={"dogs": 0.6})])
    await adapters.posts.moderate([moderation("p1", spam_score=0.0, categories={"cats": 0.8})])
    assert (await only(adapters)).categories == (PostCategory("dogs", 0.6),)
    await adapters.posts.ingest([ingestion("p1", 1)])
    assert (await only(adapters)).categories == (PostCategory("cats", 0.8),)
    assert [post.id for post in await adapters.posts.newest(limit=5, category="cats")] == ["p1"]
    assert list(await adapters.posts.newest(limit=5, category="dogs")) == []


RESULTS = (
    moderation("p1", 1, spam_score=0.1, decision=Decision.REJECT),
    moderation("p1", 2, spam_score=0.6, nsfw_score=0.2),
    moderation("p1", 3, source="human:mo", decision=Decision.SHADOW_BAN),
    moderation("p1", 4, source="human:mo", decision=Decision.APPROVE),
    moderation("p1", 5, decision=Decision.REVIEW),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::17])
async def test_the_order_of_arrival_of_results_does_not_matter(
    adapters: Adapters, order: tuple[int, ...]
) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    for place in order:
        await adapters.posts.moderate([RESULTS[place]])
    record = await only(adapters)
    assert record.scores == SafetyScores(spam=0.6, nsfw=0.2)
    assert record.status is ReviewStatus.APPROVED


async def test_clear_takes_the_human_decision_back(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    machine = moderation("p1", 9, spam_score=0.1, decision=Decision.REJECT)
    human = moderation("p1", 1, source="human:mo", decision=Decision.APPROVE)
    await adapters.posts.moderate([machine, human])
    assert (await only(adapters)).status is ReviewStatus.APPROVED
    await adapters.posts.moderate([moderation("p1", 2, decision=Decision.CLEAR)])
    assert (await only(adapters)).status is ReviewStatus.APPROVED
    await adapters.posts.moderate([moderation("p1", 2, source="human:m", decision=Decision.CLEAR)])
    assert (await only(adapters)).status is ReviewStatus.REJECTED


def said_by_people_and_machines() -> list[StoredModeration]:
    return [
        moderation("p1", 1, spam_score=0.6, bot_score=0.1, categories={"dogs": 0.9}),
        moderation("p1", 2, source="human:mo", spam_score=0.0, categories={"cats": 1.0}),
        moderation("p1", 3, spam_score=0.9, bot_score=0.2, categories={"birds": 0.7}),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_what_a_person_says_of_a_post_outranks_machines_until_cleared(
    adapters: Adapters, order: tuple[int, ...]
) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    for place in order:
        await adapters.posts.moderate([said_by_people_and_machines()[place]])
    record = await only(adapters)
    assert record.scores == SafetyScores(spam=0.0, bot=0.2)
    assert record.categories == (PostCategory("cats", 1.0),)
    assert record.recommendable
    newest = partial(adapters.posts.newest, limit=5)
    assert [post.id for post in await newest(category="cats")] == ["p1"]
    assert list(await newest(category="birds")) == []

    clear = moderation("p1", 4, source="human:max", decision=Decision.CLEAR)
    await adapters.posts.moderate([clear])
    record = await only(adapters)
    assert record.scores == SafetyScores(spam=0.9, bot=0.2)
    assert record.categories == (PostCategory("birds", 0.7),)
    assert not record.recommendable
    # Older than what took it back.
    await adapters.posts.moderate([said_by_people_and_machines()[1]])
    assert await only(adapters) == record
    await adapters.posts.moderate([moderation("p1", 5, source="human:mo", spam_score=0.1)])
    assert (await only(adapters)).scores == SafetyScores(spam=0.1, bot=0.2)


async def test_a_category_that_a_person_took_away_stays_away(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    await adapters.posts.moderate([moderation("p1", 1, source="human:mo", categories={})])
    await adapters.posts.moderate([moderation("p1", 2, categories={"cats": 1.0})])
    assert (await only(adapters)).categories == ()


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


async def test_odd_texts_are_kept_but_for_what_nothing_can_hold(adapters: Adapters) -> None:
    await adapters.posts.ingest(
        [
            ingestion("p1", title="a\0b", content="\0'; DROP TABLE posts; --\u202e🎉", region="x"),
            ingestion("p2", content="word " * 180_000, language="not a language"),
        ]
    )
    odd, long = await adapters.posts.get_many(["p1", "p2"])
    assert odd is not None
    assert (odd.title, odd.text, odd.region) == ("ab", "'; DROP TABLE posts; --\u202e🎉", None)
    assert long is not None
    assert (len(long.text), long.language) == (900_000, None)


async def test_times_beyond_all_calendars_are_held_at_their_ends(adapters: Adapters) -> None:
    await adapters.posts.ingest(
        [ingestion("p1", 1e18, created=1e18), ingestion("p2", -1e18, created=-1e18)]
    )
    await adapters.posts.moderate([moderation("p1", 1e18, spam_score=0.1)])
    early, late = await adapters.posts.get_many(["p2", "p1"])
    assert early is not None
    assert late is not None
    assert early.created_at < NOON < late.created_at
    assert late.scores.spam == 0.1


@pytest.mark.parametrize(
    "said",
    [
        moderation("p1", bot_score=0.1),
        moderation("p1", quality_score=0.9),
        moderation("p1", categories={"tech": 0.9}),
        moderation("p1", source="human:mo", bot_score=0.0),
    ],
)
async def test_who_judged_no_content_has_not_judged_the_post(
    adapters: Adapters, said: StoredModeration
) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    await adapters.posts.moderate([said])
    record = await only(adapters)
    assert (record.status, record.recommendable) == (ReviewStatus.UNCLASSIFIED, False)


@pytest.mark.parametrize(
    "said",
    [
        moderation("p1", spam_score=0.1, nsfw_score=0.0),
        moderation("p1", spam_score=0.1),
        moderation("p1", nsfw_score=0.0),
        moderation("p1", toxicity_score=0.2, bot_score=0.1),
        moderation("p1", decision=Decision.APPROVE),
    ],
)
async def test_a_producers_word_about_the_content_makes_its_post_eligible(
    adapters: Adapters, said: StoredModeration
) -> None:
    await adapters.posts.ingest([ingestion("p1")])
    await adapters.posts.moderate([said])
    record = await only(adapters)
    assert (record.status, record.recommendable) == (ReviewStatus.AUTO_APPROVED, True)


async def test_a_producers_mark_stands_in_for_a_score_that_nobody_gave(
    adapters: Adapters,
) -> None:
    await adapters.posts.ingest([ingestion("p1", nsfw=True)])
    record = await only(adapters)
    assert record.scores == SafetyScores(nsfw=1.0)
    assert (record.status, record.recommendable) == (ReviewStatus.UNCLASSIFIED, False)
    await adapters.posts.moderate([moderation("p1", 1, spam_score=0.1)])
    record = await only(adapters)
    assert record.scores == SafetyScores(spam=0.1, nsfw=1.0)
    assert (record.status, record.sensitive) == (ReviewStatus.AUTO_APPROVED, True)
    (case,) = await adapters.moderation.cases(["p1"])
    assert case is not None
    assert case.reasons == (SafetyReason.NSFW,)
    await adapters.posts.ingest([ingestion("p1", 2)])
    assert (await only(adapters)).scores == SafetyScores(spam=0.1)
    await adapters.posts.ingest([ingestion("p1", 1, nsfw=True)])  # an older word
    assert (await only(adapters)).scores == SafetyScores(spam=0.1)
    await adapters.posts.ingest([ingestion("p1", 3, nsfw=True)])
    await adapters.posts.moderate([moderation("p1", 4, nsfw_score=0.1)])
    assert (await only(adapters)).scores == SafetyScores(spam=0.1, nsfw=0.1)


async def test_a_marked_post_that_a_person_approves_stays_sensitive(adapters: Adapters) -> None:
    await adapters.posts.ingest([ingestion("p1", nsfw=True)])
    approve = Review(NOON + 1, "mo", Decision.APPROVE, "it is fine", None)
    await adapters.moderation.decide("p1", approve)
    record = await only(adapters)
    assert (record.status, record.sensitive) == (ReviewStatus.APPROVED, True)
    await adapters.posts.withdraw({"ann": NOON + 2})
    assert (await only(adapters)).sensitive
