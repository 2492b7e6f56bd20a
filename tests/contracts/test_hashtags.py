"""Uses of hashtags, counted over windows."""

import pytest

from domain.events import EngagementType
from domain.ports.hashtags import AwaitedUse, HashtagCount, HashtagUse
from domain.ports.reactions import Reaction
from tests.contracts.adapters import Adapters
from tests.contracts.events import NOON, ingestion, moderation


def use(
    hashtag: str, person: str, post_id: str, at: float, region: str | None = None
) -> HashtagUse:
    return HashtagUse(hashtag, person, post_id, NOON + at, region)


@pytest.fixture
async def posts(adapters: Adapters) -> None:
    """p0 to p3 recommendable, p9 not; p0 and p1 have the hashtag `a`.

    Ann wrote them, bob likes all of them, others like p0.
    """
    await adapters.posts.ingest(
        [
            ingestion("p0", 1, tags=["a"], created=1),
            ingestion("p1", 1, tags=["a", "b"], created=1),
            ingestion("p2", 2, tags=["b"], created=2),
            ingestion("p3"),
            ingestion("p9", tags=["a"]),
        ]
    )
    await adapters.posts.moderate([moderation(f"p{n}", spam_score=0.0) for n in range(4)])
    await adapters.reactions.apply(
        [
            *(liking("bob", f"p{n}") for n in range(4)),
            *(liking(person, "p0") for person in ("dan", "eve", "fay")),
            liking("cyd", "p9"),
        ]
    )


def liking(person: str, post_id: str, sequence: int = 1, *, delta: int = 1) -> Reaction:
    return Reaction(0, sequence, NOON, person, post_id, EngagementType.LIKE, delta)


async def people(adapters: Adapters, region: str | None = None) -> dict[str, int]:
    """How many use each hashtag."""
    counts = await adapters.hashtags.counts(
        since=NOON - 100, until=NOON, baseline=1.0, region=region, least_people=1
    )
    return {count.hashtag: count.people for count in counts}


@pytest.mark.usefixtures("posts")
async def test_a_use_holds_while_the_person_has_a_reaction_to_the_post(adapters: Adapters) -> None:
    await adapters.hashtags.use(
        [use("a", person, "p0", -10) for person in ("ann", "bob", "dan", "never-reacted")]
    )
    assert await people(adapters) == {"a": 3}
    await adapters.reactions.apply([liking("dan", "p0", 2, delta=-1)])
    assert await people(adapters) == {"a": 2}
    await adapters.reactions.apply([liking("dan", "p0", 3)])
    assert await people(adapters) == {"a": 3}


@pytest.mark.usefixtures("posts")
async def test_a_use_holds_while_the_post_has_the_hashtag(adapters: Adapters) -> None:
    await adapters.hashtags.use([use(tag, "bob", "p1", -10) for tag in ("a", "b")])
    assert await people(adapters) == {"a": 1, "b": 1}
    await adapters.posts.ingest([ingestion("p1", 2, tags=["b"])])
    assert await people(adapters) == {"b": 1}


@pytest.mark.usefixtures("posts")
async def test_what_was_done_to_a_post_before_it_is_known_is_kept_until_then(
    adapters: Adapters,
) -> None:
    await adapters.reactions.apply([liking(person, "p5") for person in ("bob", "dan")])
    awaited = [
        AwaitedUse("bob", "p5", NOON - 20, "FR"),
        AwaitedUse("dan", "p5", NOON - 10, None),
        AwaitedUse("dan", "p6", NOON - 10, None),
    ]
    for _ in range(2):
        await adapters.hashtags.awaiting(awaited)
    await adapters.hashtags.settle(["p5", "p6"])
    assert await people(adapters) == {}
    await adapters.posts.ingest([ingestion("p5", tags=["x", "y"], region="DE")])
    await adapters.posts.moderate([moderation("p5", spam_score=0.0)])
    for _ in range(2):
        await adapters.hashtags.settle(["p5", "p6"])
    assert await people(adapters) == {"x": 2, "y": 2}
    assert await people(adapters, "FR") == await people(adapters, "DE") == {"x": 1, "y": 1}


@pytest.mark.usefixtures("posts")
async def test_people_and_posts_of_a_window_beside_its_baseline(adapters: Adapters) -> None:
    await adapters.hashtags.use(
        [
            use("a", "ann", "p0", -10),
            use("a", "ann", "p1", -20),
            use("a", "bob", "p0", -30, "DE"),
            use("a", "cyd", "p9", -10),  # not recommendable
            use("a", "dan", "p0", -100),  # the window's end is before it
            use("a", "dan", "p1", -120),  # one person in that window
            use("a", "dan", "p2", -130),  # without the hashtag
            use("a", "eve", "p0", -150),
            use("a", "eve", "p1", -250),  # in the window before
            use("a", "fay", "p0", -301),
            use("b", "ann", "p1", -10),
            use("b", "bob", "p1", 10),
        ]
    )
    counts = await adapters.hashtags.counts(
        since=NOON - 100, until=NOON, baseline=200.0, region=None, least_people=1
    )
    assert list(counts) == [
        HashtagCount("a", people=2, posts=2, baseline_people=3, baseline_seconds=200.0),
        HashtagCount("b", people=1, posts=1, baseline_people=0, baseline_seconds=200.0),
    ]
    german = await adapters.hashtags.counts(
        since=NOON - 100, until=NOON, baseline=200.0, region="DE", least_people=1
    )
    assert [(count.hashtag, count.people) for count in german] == [("a", 1)]
    popular = await adapters.hashtags.counts(
        since=NOON - 100, until=NOON, baseline=200.0, region=None, least_people=2
    )
    assert [count.hashtag for count in popular] == ["a"]


@pytest.mark.usefixtures("posts")
async def test_a_use_told_again_counts_once_at_its_latest(adapters: Adapters) -> None:
    await adapters.hashtags.use([use("a", "ann", "p0", -500), use("a", "ann", "p0", -10)])
    await adapters.hashtags.use([use("a", "ann", "p0", -500)])
    (count,) = await adapters.hashtags.counts(
        since=NOON - 100, until=NOON, baseline=1_000.0, region=None, least_people=1
    )
    assert (count.people, count.posts, count.baseline_people) == (1, 1, 0)


async def test_regions_are_those_that_hashtags_were_used_in_lately(adapters: Adapters) -> None:
    await adapters.hashtags.use(
        [
            use("a", "ann", "p0", -10, "FR"),
            use("a", "bob", "p0", -10, "DE"),
            use("b", "bob", "p0", -10, "DE"),
            use("a", "cyd", "p0", -10, "AT"),
            use("a", "dan", "p0", -200, "US"),
            use("a", "eve", "p0", -10),
        ]
    )
    assert list(await adapters.hashtags.regions(since=NOON - 100, limit=2)) == ["DE", "AT"]


@pytest.mark.usefixtures("posts")
async def test_posts_of_a_hashtag_newest_first(adapters: Adapters) -> None:
    records = await adapters.hashtags.posts("a", limit=5)
    assert [record.id for record in records] == ["p1", "p0"]
    rest = await adapters.hashtags.posts("a", limit=5, before=(NOON + 1, "p1"))
    assert [record.id for record in rest] == ["p0"]
    assert list(await adapters.hashtags.post_counts(["b", "nothing", "a", "a\0"])) == [2, 0, 2, 0]
    assert list(await adapters.hashtags.posts("\0", limit=5)) == []


@pytest.mark.usefixtures("posts")
async def test_old_uses_are_forgotten(adapters: Adapters) -> None:
    await adapters.hashtags.use([use("a", "ann", "p0", -10), use("a", "bob", "p0", 10)])
    assert await adapters.hashtags.forget(NOON) == 1
    (count,) = await adapters.hashtags.counts(
        since=NOON - 100, until=NOON + 100, baseline=1.0, region=None, least_people=1
    )
    assert count.people == 1
