"""The projection of posts: what holds in memory holds in PostgreSQL."""

from dataclasses import replace

import msgspec

from domain.moderation import ReviewStatus, SafetyScores
from domain.posts import Media, MediaKind, PostCategory, PostRecord
from tests.contracts.adapters import Adapters
from tests.contracts.events import NOON, ingestion, moderation, user
from tests.contracts.one_post import only


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
