"""``classify``: judges what nobody else has judged, once, and says nothing where it knows nothing.

On PostgreSQL, with models trained on made-up sets.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from consumers.classifier_models import ClassifierModels
from domain.classification import AccountFacts, Classification, Material, RecentPosts
from domain.errors import Unavailable
from domain.events import Decision, Event, PostIngested
from domain.moderation import ReviewStatus
from domain.ports.posts import StoredIngestion, StoredModeration
from domain.topics import POST_INGESTED
from ml.artifacts import move_alias, read_aliases
from ml.minilm.encoder import EncoderUnavailable
from ml.shelf import Shelf
from ml.training.run import train
from stores.postgres_accounts import PostgresAccounts
from stores.postgres_creators import PostgresCreators
from tests.consumers.classify_world import CALM, NAMES, SPAM, World, post
from tests.consumers.log import NOON, batch_of
from tests.contracts.events import moderation, user
from tests.ml.made_up_sets import LetterEncoder, write_accounts, write_spam

pytestmark = pytest.mark.integration


async def test_what_nobody_has_judged_is_judged_as_of_just_before_its_creation(
    world: World,
) -> None:
    calm, spam = await world.tell(post(CALM), post(SPAM, "s"))
    assert calm.post_id == "p"
    assert calm.decision == "NONE"
    assert calm.source == world.models.source
    assert calm.source.startswith("classifier:explore@")
    assert calm.timestamp == (NOON - 60) * 1_000 - 1  # anybody's word as of the creation holds
    assert calm.spam_score is not None
    assert calm.spam_score < 0.1
    assert calm.bot_score is None  # two posts tell nothing about a habit
    assert calm.models is not None
    assert set(calm.models) == set(NAMES)
    assert [guess.slug for guess in calm.categories or ()] == ["birds"]
    await world.obey(calm, spam)
    assert (await world.record()).status is ReviewStatus.AUTO_APPROVED
    assert (await world.record()).recommendable
    assert not (await world.record("s")).recommendable
    assert world.metric('explore_posts_classified_total{result="judged"} 2.0')


async def test_a_replay_says_nothing_anew_and_a_lost_word_is_said_again(world: World) -> None:
    first = await world.tell(post(CALM))
    again = await world.tell(post(CALM))  # the moderation consumer has not come to it
    assert again == first
    await world.obey(*first)
    assert await world.tell(post(CALM)) == []
    assert world.metric('explore_posts_classified_total{result="left"} 1.0')


async def test_an_edited_post_is_judged_by_its_new_words(world: World) -> None:
    await world.obey(*await world.tell(post(CALM)))
    assert (await world.record()).recommendable
    await world.obey(*await world.tell(post(SPAM)))
    assert not (await world.record()).recommendable


async def test_a_producers_own_mark_counts(world: World) -> None:
    (said,) = await world.tell(msgspec.structs.replace(post(CALM), nsfw=True))
    assert said.nsfw_score == 1.0
    await world.obey(said)
    assert (await world.record()).sensitive


@pytest.mark.parametrize(
    "theirs",
    [
        moderation("p", spam_score=0.0, nsfw_score=0.0, toxicity_score=0.0),
        moderation("p", decision=Decision.APPROVE),
    ],
)
async def test_what_others_have_judged_is_left_to_them(
    world: World, theirs: StoredModeration
) -> None:
    await world.posts.moderate([theirs])
    assert await world.tell(post(SPAM)) == []
    world.clock.advance(1e9)
    await world.handler.catch_up()
    assert world.said() == []


@pytest.mark.parametrize("count", [1, 80])
async def test_what_cannot_be_said_is_an_outage_and_comes_again(world: World, count: int) -> None:
    posts = [post(CALM, f"p{number}") for number in range(count)]
    world.publisher.away = True
    with pytest.raises(Unavailable):
        await world.tell(*posts)
    world.publisher.away = False
    assert len(await world.tell(*posts)) == count


async def test_the_next_posts_are_classified_while_what_was_said_is_published(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, next_asked = 0, asyncio.Event()
    classify, publish = world.models.classify, world.publisher.publish

    async def counted(batch: Sequence[Material]) -> tuple[str, Sequence[Classification]]:
        nonlocal asked
        asked += 1
        if asked == 2:
            next_asked.set()
        return await classify(batch)

    async def slow(events: Sequence[Event]) -> None:
        async with asyncio.timeout(20):
            await next_asked.wait()
        await publish(events)

    monkeypatch.setattr(world.models, "classify", counted)
    monkeypatch.setattr(world.publisher, "publish", slow)
    said = await world.tell(*(post(CALM, f"p{number}") for number in range(40)))
    assert len(said) == 40


@pytest.mark.parametrize("missed", [True, False])
async def test_where_others_scored_a_part_ours_fill_in_the_rest(
    world: World, *, missed: bool
) -> None:
    await world.posts.moderate(
        [moderation("p", -60, nsfw_score=0.4), moderation("p", bot_score=0)]
    )
    if missed:
        await world.posts.ingest([StoredIngestion(0, 0, NOON, post(SPAM))])
        world.clock.advance(1e9)
        await world.handler.catch_up()
    else:
        await world.handler.apply(batch_of(POST_INGESTED.name, post(SPAM)))
        await world.posts.ingest([StoredIngestion(0, 0, NOON, post(SPAM))])
    assert (await world.record()).recommendable
    await world.obey(*world.said())
    record = await world.record()
    assert (record.scores.nsfw, record.scores.bot) == (0.4, 0.0)
    assert record.scores.spam is not None
    assert record.scores.toxicity is not None
    assert record.scores.spam > 0.8
    assert not record.recommendable


async def test_a_mark_holds_for_posts_that_were_missed_too(world: World) -> None:
    marked = msgspec.structs.replace(post(CALM), nsfw=True)
    await world.posts.ingest([StoredIngestion(0, 0, NOON, marked)])
    world.clock.advance(1e9)
    await world.handler.catch_up()
    (said,) = world.said()
    assert said.nsfw_score == 1.0


@pytest.mark.parametrize("ours_first", [True, False])
async def test_a_word_of_others_holds_whenever_it_comes(world: World, *, ours_first: bool) -> None:
    ours = await world.tell(post(SPAM))
    theirs = moderation("p", spam_score=0.2, nsfw_score=0.0).event
    for results in (ours, [theirs]) if ours_first else ([theirs], ours):
        await world.obey(*results)
    assert (await world.record()).scores.spam == 0.2


async def test_of_many_posts_those_are_waited_for_that_others_judge(world: World) -> None:
    posts = [post(CALM, f"p{number}") for number in range(80)]
    await world.posts.moderate(
        [
            moderation(one.post_id, spam_score=0.1, nsfw_score=0.0, toxicity_score=0.0)
            for one in posts[:70]
        ]
    )
    said = await world.tell(*posts)
    assert [one.post_id for one in said] == [one.post_id for one in posts[70:]]


async def test_without_a_model_posts_stay_unclassified_and_an_alarm_says_so(
    world: World, shelf: Path
) -> None:
    whole = (shelf / "aliases.json").read_text()
    (shelf / "aliases.json").write_text(whole.replace('"nsfw"', '"unused"'))
    assert await world.tell(post(CALM)) == []
    assert (await world.record()).status is ReviewStatus.UNCLASSIFIED
    assert world.metric('explore_models_usable{model="nsfw"} 0.0')
    assert world.metric('explore_models_usable{model="spam"} 1.0')
    assert world.metric('explore_posts_classified_total{result="unanswered"} 1.0')
    await world.handler.catch_up()
    assert world.said() == []
    (shelf / "aliases.json").write_text(whole)
    await world.models.refresh()
    assert world.metric('explore_models_usable{model="nsfw"} 1.0')
    world.clock.advance(1e9)  # the row was written by PostgreSQL's clock
    await world.handler.catch_up()
    assert [one.post_id for one in world.said()] == ["p"]
    await world.handler.catch_up()
    assert world.said() == []  # tried once by these models


async def test_a_model_whose_file_was_changed_is_refused(world: World, shelf: Path) -> None:
    packed = shelf / f"{read_aliases(shelf)['spam']}.npz"
    right = packed.read_bytes()
    packed.write_bytes(b"another")
    assert await world.tell(post(CALM)) == []
    assert world.metric('explore_models_usable{model="spam"} 0.0')
    packed.write_bytes(right)  # mended, under the same alias
    await world.models.refresh()
    assert world.metric('explore_models_usable{model="spam"} 1.0')
    world.clock.advance(1e9)
    await world.handler.catch_up()
    assert [one.post_id for one in world.said()] == ["p"]


async def test_an_encoder_that_is_installed_later_is_found(world: World, shelf: Path) -> None:
    there = False

    def encoder() -> LetterEncoder:
        if not there:
            raise EncoderUnavailable("not yet")
        return LetterEncoder()

    models = ClassifierModels(Shelf(shelf), world.metrics, encoder)
    await models.refresh()
    assert not models.can_judge
    there = True
    await models.refresh()
    assert models.can_judge
    await models.close()


async def test_an_empty_post_is_no_harmless_post(world: World) -> None:
    assert await world.tell(post(""), post(" \n", "q")) == []
    assert (await world.record()).status is ReviewStatus.UNCLASSIFIED


@pytest.mark.parametrize("text", ["word " * 190_000, "\u202e\u200b" * 500, "\U0001f600", "世界"])
async def test_odd_posts_have_scores_in_bounds(world: World, text: str) -> None:
    (said,) = await world.tell(post(text, title="é"))
    for score in (said.spam_score, said.toxicity_score, said.nsfw_score, said.quality_score):
        assert score is not None
        assert 0.0 <= score <= 1.0


async def test_deleted_posts_are_left_alone(world: World) -> None:
    gone = PostIngested(
        post_id="p", author_id="ann", content=CALM, created_at=NOON * 1_000, deleted=True
    )
    assert await world.tell(gone) == []


async def test_accounts_are_judged_by_their_habits(world: World) -> None:
    await PostgresCreators(world.postgres).update([user("ann", followers=7)])
    flood = [post(f"{CALM} https://a.example", f"p{n}", age=600.0 - n) for n in range(60)]
    await world.tell(*flood)
    facts = await PostgresAccounts(world.postgres).facts(["ann", "nobody"], at=NOON)
    assert facts["ann"] == AccountFacts(
        handle="ann",
        age=600.0,
        followers=7,
        following=0,
        posts=60,
        has_avatar=False,
        recent=RecentPosts(count=50, span=49.0, repeats=49, links=50),
    )
    assert facts["nobody"] == AccountFacts(following=0, posts=0, recent=RecentPosts(0, 0.0, 0, 0))
    (said,) = await world.tell(post(f"{CALM} https://a.example", "one-more"))
    assert said.bot_score is not None
    assert said.bot_score > 0.5


async def test_a_trained_model_judges_accounts_by_what_is_known_of_them_here(
    world: World, shelf: Path, tmp_path: Path
) -> None:
    await PostgresCreators(world.postgres).update(
        [user("n0123456789", followers=5), user("ann", followers=320)]
    )
    write_accounts(tmp_path)
    version = train("bot", tmp_path, shelf, licensed=False, encoder=None, alias="bot").version
    fake, genuine, unknown = await world.tell(
        post(CALM, "f", author="n0123456789"), post(CALM, "g"), post(CALM, "u", author="new")
    )
    assert fake.bot_score is not None
    assert genuine.bot_score is not None
    assert genuine.bot_score < 0.5 < fake.bot_score
    assert (fake.models or {})["bot"] == (genuine.models or {})["bot"] == version
    assert unknown.bot_score is None  # nobody introduced it


async def test_a_new_model_runs_in_shadow_until_its_alias_moves(world: World, shelf: Path) -> None:
    version = read_aliases(shelf)["spam"]
    move_alias(shelf, "spam-shadow", version)
    before = await world.tell(post(SPAM))
    rows = await world.postgres.fetch("SELECT * FROM shadow_scores")
    assert [(row["model"], row["version"], row["post_id"]) for row in rows] == [
        ("spam", version, "p")
    ]
    assert rows[0]["score"] == rows[0]["live_score"] == before[0].spam_score
    assert rows[0]["label"] == "positive"
    await world.shadow_scores.drop(before=NOON * 2)
    assert await world.postgres.fetch("SELECT FROM shadow_scores") == []


async def test_what_moves_is_followed_and_what_is_refused_leaves_the_old_in_place(
    world: World, shelf: Path, tmp_path: Path
) -> None:
    await world.tell(post(CALM))
    source, old = world.models.source, read_aliases(shelf)["spam"]
    write_spam(tmp_path, "spam_youtube")
    new = train("spam", tmp_path, shelf, licensed=False, encoder=None, alias="spam").version
    packed = shelf / f"{new}.npz"
    right = packed.read_bytes()
    packed.write_bytes(b"another")
    await world.models.refresh()
    assert world.models.source == source
    (said,) = await world.tell(post(SPAM, "s"))
    assert said.models is not None
    assert said.models["spam"] == old
    assert world.metric('explore_models_usable{model="spam"} 1.0')
    packed.write_bytes(right)
    await world.models.refresh()
    assert world.models.source != source
    (said,) = await world.tell(post(SPAM, "t"))
    assert said.models is not None
    assert said.models["spam"] == new
    (shelf / "aliases.json").write_text("{")
    source = world.models.source
    await world.models.refresh()
    assert world.models.source == source
    assert world.models.can_judge
