"""The projection of posts: who judged what, and what of it holds."""

import itertools
from functools import partial

import pytest

from domain.events import Decision
from domain.moderation import ReviewStatus, SafetyReason, SafetyScores
from domain.ports.moderation import Review
from domain.ports.posts import StoredModeration
from domain.posts import PostCategory
from tests.contracts.adapters import Adapters
from tests.contracts.events import NOON, ingestion, moderation
from tests.contracts.one_post import only


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
