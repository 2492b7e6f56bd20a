"""The For You feed: full pages without repeats, quotas, sources, and what viewers said."""

from collections import Counter
from collections.abc import Sequence

import pytest

from domain import pools
from domain.cursors import SessionCursors
from domain.errors import InvalidInput, MalformedCursor
from domain.events import Action, Decision, NotInterestedReason, UserInteraction
from domain.feed import CandidateSource, ReasonCode
from domain.identifiers import stable_key
from domain.interests import Interaction as InterestInteraction
from domain.interests import InterestProfile, apply
from domain.ports.pools import PoolWrite
from domain.tokens import ImpressionTokens
from services.inputs import Interaction, InterestChange, NotInterested, SettingsChange, Target
from services.pages import FeedItem, Page
from tests.services.world import SECRETS, World, creator_gid, post_gid

TOPICS = ("music", "film", "food", "sports", "books", "travel")


async def page(
    world: World,
    viewer: str | None = None,
    *,
    first: int = 20,
    after: str | None = None,
    region: str | None = None,
    request: str = "request",
) -> Page[FeedItem]:
    context = await world.request(viewer, after=after, request=request)
    found = await world.services.explore.page(context, first=first, after=after, region=region)
    await world.settle()
    return found


def ids(found: Page[FeedItem]) -> list[str]:
    return [item.card.record.id for item in found.items]


async def fill(world: World, count: int = 100, *, authors: int = 60) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(count):
        await world.post(
            f"p{number:03}",
            author=f"a{number % authors}",
            category=TOPICS[number % len(TOPICS)],
            age=600.0 + 60.0 * number,
            rising=float(count - number) + 3.0,
        )
    await world.start()


def liked(post: str, *, times: int) -> InterestProfile:
    """Somebody who liked this post, and many others that no list knows any longer."""
    profile = InterestProfile()
    for number in range(times):
        apply(profile, InterestInteraction(Action.LIKE, at=1.0, post=number))
    profile.liked[stable_key(post)] = 2.0
    return profile


async def all_pages(world: World, viewer: str | None, first: int = 20) -> list[list[str]]:
    found = await page(world, viewer, first=first)
    pages = [ids(found)]
    while found.has_next:
        found = await page(world, viewer, first=first, after=found.items[-1].cursor)
        pages.append(ids(found))
    return pages


async def test_a_page_is_complete_and_says_where_it_lies(world: World) -> None:
    await fill(world)
    found = await page(world, "me")
    assert len(found.items) == 20
    assert [item.position for item in found.items] == list(range(20))
    assert found.has_next
    assert not found.has_previous
    assert found.info is not None
    assert found.info.freshness == "LIVE"
    assert found.info.degraded_sources == ()
    assert found.info.new_posts is None
    assert all(item.reasons for item in found.items)
    assert all(item.explanation is None for item in found.items)


@pytest.mark.parametrize("viewer", ["me", None])
async def test_a_session_shows_all_posts_once_while_scores_move(
    world: World, viewer: str | None
) -> None:
    await fill(world)
    eligible = {record.id for record in world.posts.records}
    found = await page(world, viewer)
    shown = ids(found)
    step = 0
    while found.has_next:
        step += 1
        world.clock.advance(7.0)
        for number in range(0, 100, 3):  # everything moves
            await world.rise(f"p{number:03}", float((number * 37 * step) % 400 + 3))
        await world.post(f"new{step}", author=f"n{step}", age=1.0, rising=900.0)
        await world.services.cache.poll()
        found = await page(world, viewer, after=found.items[-1].cursor)
        shown += ids(found)
        assert found.has_previous
    assert sorted(shown) == sorted(eligible)


async def test_the_same_cursor_gives_the_same_page(world: World) -> None:
    await fill(world)
    cursor = (await page(world, "me")).items[-1].cursor
    second = await page(world, "me", after=cursor)
    await page(world, "me", after=second.items[-1].cursor)
    world.clock.advance(20.0)
    await world.services.cache.poll()
    assert ids(await page(world, "me", after=cursor)) == ids(second)


async def test_another_page_size_goes_on_at_the_same_place(world: World) -> None:
    await fill(world)
    first = await page(world, "me", first=10)
    small = ids(await page(world, "me", first=5, after=first.items[-1].cursor))
    large = ids(await page(world, "me", first=30, after=first.items[-1].cursor))
    assert large[:5] == small
    assert len({*ids(first), *large}) == 40


async def test_a_process_without_the_session_reads_it(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    world.restart()
    await world.start()
    second = await page(world, "me", after=first.items[-1].cursor)
    assert len(second.items) == 20
    assert not set(ids(first)) & set(ids(second))


async def test_a_withdrawn_post_is_gone_from_an_open_session_and_the_page_stays_full(
    world: World,
) -> None:
    await fill(world)
    first = await page(world, "me")
    expected = ids(await page(world, "me", after=first.items[-1].cursor))
    await world.judge(expected[3], Decision.REJECT, "human:ann")
    await world.judge(ids(first)[0], Decision.REJECT, "human:ann")
    await world.services.cache.poll()
    again = ids(await page(world, "me", after=first.items[-1].cursor))
    assert expected[3] not in again
    assert len(again) == 20
    assert again[:3] == expected[:3]


async def test_quotas_hold_on_every_page(world: World) -> None:
    await fill(world, 120, authors=20)
    for found in (await all_pages(world, "me"))[:4]:
        records = [await world.record(post_id) for post_id in found]
        assert max(Counter(record.author_id for record in records).values()) <= 2
        assert max(Counter(record.category for record in records).values()) <= 8


async def test_what_trends_is_spread_over_topics_while_there_are_others(world: World) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(90):
        category = "music" if number < 40 else TOPICS[1 + number % 5]
        await world.post(
            f"p{number:02}", author=f"a{number}", category=category, rising=100.0 - number
        )
    await world.start()
    items = (await page(world, "me")).items
    trending = [item.card for item in items if item.source is CandidateSource.TRENDING]
    topics = Counter(card.record.category for card in trending)
    assert len(trending) >= 16
    assert max(topics.values()) <= 4
    assert len(topics) >= 5


async def test_quotas_hold_on_a_page_that_is_filled_in_two_steps(world: World) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(60):
        await world.post(
            f"p{number:02}",
            author=f"a{number}",
            category="music" if number < 30 else TOPICS[1 + number % 2],
            rising=100.0 - number,
        )
    await world.start()
    cursor = (await page(world, "me", first=2)).items[-1].cursor
    short = ids(await page(world, "me", first=4, after=cursor))
    full = ids(await page(world, "me", first=20, after=cursor))
    assert full[:4] == short
    categories = Counter([(await world.record(post_id)).category for post_id in full])
    assert categories["music"] == 8


async def test_rules_do_not_give_way_while_the_ranking_has_more_than_the_session(
    world: World,
) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(250):
        await world.post(f"m{number:03}", author=f"a{number}", rising=300.0 - number)
    for number in range(100):
        await world.post(
            f"n{number:03}", author=f"b{number}", category=TOPICS[1 + number % 5], age=60.0
        )
    await world.start()
    for found in (await all_pages(world, None))[:5]:
        records = [await world.record(post_id) for post_id in found]
        assert max(Counter(record.category for record in records).values()) <= 8


async def test_one_author_of_one_topic_still_fills_the_page(world: World) -> None:
    for number in range(30):
        await world.post(f"p{number}", author="only", rising=float(number + 3))
    await world.start()
    assert len((await page(world, "me")).items) == 20


async def test_a_cold_viewer_gets_chosen_regional_worldwide_and_different_posts(
    world: World,
) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(40):
        topic = TOPICS[number % len(TOPICS)]
        await world.post(f"world{number}", category=topic, rising=float(100 + number))
        await world.post(f"near{number}", category=topic, rising={"DE": float(50 + number)})
        await world.post(f"fresh{number}", category="travel", age=60.0 + number)
    for number in range(40):
        await world.post(
            f"chosen{number}", category=("music", "film")[number % 2], rising=float(3 + number)
        )
    await world.start()
    await world.services.viewer.set_onboarding(await world.request("me"), ["music", "film"])
    found = await page(world, "me", region="DE")
    sources = Counter(item.source for item in found.items)
    assert sources[CandidateSource.CATEGORY] == 8
    assert sources[CandidateSource.REGIONAL] == 6
    assert sources[CandidateSource.TRENDING] == 4
    assert sources[CandidateSource.FRESH] + sources[CandidateSource.SERENDIPITY] == 2
    chosen = next(item for item in found.items if item.source is CandidateSource.CATEGORY)
    assert chosen.reasons[0].code is ReasonCode.CHOSEN_TOPIC
    assert chosen.reasons[0].category is not None


async def test_served_and_seen_posts_do_not_return(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    second = await page(world, "me")
    assert not set(ids(first)) & set(ids(second))
    world.clock.advance(601.0)
    await world.services.cache.poll()
    viewed = ids(first)[0]
    await world.services.interactions.track(
        await world.request("me"),
        [Interaction(Target(post_global_id=post_gid(viewed)), Action.VIEW)],
    )
    third = await all_pages(world, "me")
    assert viewed not in {post_id for shown in third for post_id in shown}
    assert ids(first)[1] in {post_id for shown in third for post_id in shown}


async def test_what_was_served_returns_oldest_first_when_nothing_else_is_left(
    world: World,
) -> None:
    await fill(world, 30)
    first = ids(await page(world, "me", first=20))
    rest = ids(await page(world, "me", first=20))
    assert not set(first) & set(rest[:10])
    assert set(rest[10:]) <= set(first)


async def test_own_posts_do_not_come_back_to_their_author(world: World) -> None:
    await fill(world)
    shown = {post_id for found in await all_pages(world, "a7") for post_id in found}
    assert shown == {r.id for r in world.posts.records if r.author_id != "a7"}


async def test_cursors_are_bound_to_viewer_and_arguments(world: World) -> None:
    await fill(world)
    cursor = (await page(world, "me")).items[-1].cursor
    for viewer, after, region in (
        ("you", cursor, None),
        (None, cursor, None),
        ("me", cursor, "DE"),
        ("me", cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), None),
        ("me", "", None),
        ("me", "nonsense", None),
    ):
        with pytest.raises(MalformedCursor):
            await page(world, viewer, after=after, region=region)


@pytest.mark.parametrize("first", [0, -1, 51])
async def test_a_page_size_out_of_range_is_refused(world: World, first: int) -> None:
    await fill(world, 5)
    with pytest.raises(InvalidInput) as refused:
        await page(world, "me", first=first)
    assert refused.value.field == "first"


async def test_a_malformed_region_is_refused(world: World) -> None:
    await fill(world, 5)
    with pytest.raises(InvalidInput) as refused:
        await page(world, "me", region="de")
    assert refused.value.field == "region"


async def test_a_session_that_is_over_starts_anew_without_what_was_served(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    world.viewers.sessions.clear()
    world.restart()
    await world.start()
    again = await page(world, "me", after=first.items[-1].cursor)
    assert len(again.items) == 20
    assert again.items[0].position == 0
    assert not set(ids(first)) & set(ids(again))


async def test_who_comes_back_within_the_hour_goes_on_with_something_else(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    await world.settle()
    world.viewers.sessions.clear()
    world.restart()
    world.clock.advance(30 * 60.0)
    await world.start()
    again = await page(world, "me", after=first.items[-1].cursor)
    assert len(again.items) == 20
    assert not set(ids(first)) & set(ids(again))


async def test_a_stranger_whose_session_is_over_goes_on_at_the_same_place(world: World) -> None:
    await fill(world)
    first = await page(world)
    await world.settle()
    world.viewers.sessions.clear()
    world.restart()
    await world.start()
    again = await page(world, after=first.items[-1].cursor)
    assert [item.position for item in again.items] == list(range(20, 40))
    assert not set(ids(first)) & set(ids(again))


async def test_a_session_that_the_store_lost_is_still_here(world: World) -> None:
    await fill(world)
    first = await page(world)
    await world.settle()
    world.viewers.sessions.clear()
    second = await page(world, after=first.items[-1].cursor)
    world.redis.away = True
    third = await page(world, after=second.items[-1].cursor)
    shown = [*ids(first), *ids(second), *ids(third)]
    assert len(set(shown)) == 60


async def test_a_session_does_not_outlive_its_viewers_erasure(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    await world.services.erasure.request(await world.request("me"))
    (session,) = world.viewers.sessions
    world.viewers.sessions.clear()
    world.viewers.served.clear()
    await page(world, "me", after=first.items[-1].cursor)
    assert len(world.viewers.sessions) == 1
    assert session not in world.viewers.sessions


async def test_a_session_that_was_never_written_does_not_outlive_it_either(world: World) -> None:
    await fill(world)
    world.redis.away = True
    first = await page(world, "me")
    second = await page(world, "me", after=first.items[-1].cursor)
    assert not set(ids(first)) & set(ids(second))
    world.redis.away = False
    await world.services.erasure.request(await world.request("me"))
    world.clock.advance(20.0)
    await page(world, "me", after=second.items[-1].cursor)
    (session,) = world.viewers.sessions
    assert session != SessionCursors(SECRETS).session_of(second.items[-1].cursor)


async def test_a_viewers_session_that_the_store_lost_is_still_here(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    world.viewers.sessions.clear()
    second = await page(world, "me", after=first.items[-1].cursor)
    assert [item.position for item in second.items] == list(range(20, 40))
    assert not set(ids(first)) & set(ids(second))


async def test_new_posts_are_counted_on_later_pages(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    await world.post("hot", author="x", age=60.0, rising=5_000.0)
    await world.services.cache.poll()
    second = await page(world, "me", after=first.items[-1].cursor)
    assert second.info is not None
    assert second.info.new_posts == 1
    assert "hot" not in ids(second)


async def test_a_mute_holds_on_the_next_page_of_an_open_session(world: World) -> None:
    await fill(world)
    first = await page(world, "me")
    second = await page(world, "me", after=first.items[-1].cursor)
    author = second.items[0].card.record.author_id
    outcome = await world.services.viewer.update_interest(
        await world.request("me"),
        Target(creator_global_id=creator_gid(author)),
        InterestChange.MUTE,
    )
    assert outcome.errors == ()
    again = await page(world, "me", after=first.items[-1].cursor)
    assert author not in {item.card.record.author_id for item in again.items}
    assert len(again.items) == 20


async def test_keywords_hide_posts_at_once(world: World) -> None:
    await fill(world, 20)
    await world.post("plain", author="x", rising=500.0, text="A quiet evening")
    await world.post("loud", author="y", rising=600.0, text="The FINALE, spoiled")
    await world.services.cache.poll()
    await world.services.viewer.update_settings(
        await world.request("me"), SettingsChange(muted_keywords=("Finale",))
    )
    shown = {post_id for found in await all_pages(world, "me") for post_id in found}
    assert "plain" in shown
    assert "loud" not in shown


async def test_sensitive_posts_are_for_those_who_asked(world: World) -> None:
    await fill(world, 20)
    await world.post("bare", author="x", rising=500.0, nsfw=0.9)
    await world.services.cache.poll()
    assert "bare" not in ids(await page(world, "me", first=50))
    await world.services.viewer.update_settings(
        await world.request("you"), SettingsChange(show_sensitive=True)
    )
    found = await page(world, "you", first=50)
    card = next(item.card for item in found.items if item.card.record.id == "bare")
    assert card.interstitial is None  # it was asked for


async def test_not_interested_in_a_creator_hides_the_posts(world: World) -> None:
    await fill(world, 60, authors=20)
    first = await page(world, "me")
    unwanted = first.items[0].card.record
    outcome = await world.services.viewer.not_interested(
        await world.request("me"),
        NotInterested(post_gid(unwanted.id), NotInterestedReason.CREATOR),
    )
    assert outcome.value == (
        "You will not see this post again",
        f"You will not see posts by {unwanted.author_id} for 30 days",
    )
    second = await page(world, "me", after=first.items[-1].cursor)
    assert unwanted.author_id not in {item.card.record.author_id for item in second.items}


async def test_analysts_see_an_exact_account(world: World) -> None:
    await fill(world)
    context = await world.request("me", roles=["analyst"])
    found = await world.services.explore.page(context, first=20, after=None, region=None)
    for item in found.items:
        account = item.explanation
        assert account is not None
        total = 0.0
        for term in account.terms:
            assert term.contribution == term.value * term.weight
            total += term.contribution
        for adjustment in account.adjustments:
            total *= adjustment.factor
        assert total == account.total


async def test_a_warm_page_asks_no_store_but_for_the_request_itself(world: World) -> None:
    await fill(world)
    await page(world, "me")
    for outage in (world.redis, world.postgresql, world.opensearch):
        outage.calls.clear()
    context = await world.request("me")
    await world.services.explore.page(context, first=20, after=None, region=None)
    assert world.redis.calls == Counter(begin=1)
    assert world.postgresql.calls == Counter()
    await world.settle()
    assert world.redis.calls == Counter(begin=1, write_session=1)


async def test_more_than_a_session_holds_is_shown_in_the_end(world: World) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(360):
        await world.post(
            f"p{number:03}",
            author=f"a{number}",
            category=TOPICS[number % 6],
            rising=float(number + 3),
        )
    await world.start()
    shown = [post_id for found in await all_pages(world, "me", 50) for post_id in found]
    assert len(shown) == len(set(shown))
    drawn = await drawable(world)
    assert set(shown) == drawn


async def drawable(world: World) -> set[str]:
    """What the feed of a viewer without taste draws from."""
    found: set[str] = set()
    (day, hour, week, fresh) = await world.pools.read(
        [
            pools.trending_worldwide(window)  # pyright: ignore[reportArgumentType] - a text is one
            for window in ("DAY", "HOUR", "WEEK")
        ]
        + [pools.fresh()],
        500,
    )
    for members, start, stop in (
        (day, 0, 250),
        (hour, 0, 60),
        (week, 100, 250),
        (fresh, 0, 120),
    ):
        found.update(members.ids[start:stop])
    return found


async def test_a_hundred_viewers_of_one_pool_read_it_once(world: World) -> None:
    await fill(world, 20)
    await world.pools.write([PoolWrite(pools.by_author("z"), {"p001": 1.0})])
    world.redis.calls.clear()
    names: Sequence[str] = [pools.by_author("z")]
    assert await world.services.cache.require(names) == {}
    assert await world.services.cache.require(names) == {}
    assert world.redis.calls["read"] == 1


async def test_what_people_engaged_with_who_like_what_the_viewer_likes(world: World) -> None:
    await fill(world, 60)
    for number in range(40, 46):
        await world.post(f"q{number}", author=f"b{number}", age=40 * 86_400.0)
    near = {f"q{number}": 0.1 * number for number in range(40, 46)}
    await world.pools.replace(pools.similar("p003"), near)
    await world.learn("me", liked("p003", times=30))
    await world.services.cache.poll()
    found = await page(world, "me")
    own = [item for item in found.items if item.source is CandidateSource.CO_ENGAGED]
    assert [item.card.record.id for item in own][:2] == ["q45", "q44"]
    assert {reason.code for item in own for reason in item.reasons} >= {
        ReasonCode.SIMILAR_TO_LIKED
    }


async def test_copies_of_a_post_do_not_stand_on_a_page_twice_while_there_is_anything_else(
    world: World,
) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(40):
        await world.post(
            f"p{number:02}",
            author=f"a{number}",
            category=TOPICS[number % len(TOPICS)],
            text="One and the same text in every copy"
            if number < 15
            else f"Number {number} it is",
            title="",
            rising=100.0 - number,
        )
    await world.start()
    found = ids(await page(world))
    assert len(found) == 20
    assert sum(post < "p15" for post in found) == 1
    rest = [one for page_ids in (await all_pages(world, None)) for one in page_ids]
    assert len(rest) == 40


async def test_a_pin_of_the_editors_has_a_place_on_the_first_page(world: World) -> None:
    await fill(world)
    await world.post("pin", author="x", category="editorial", age=20 * 86_400.0)
    await world.start()
    found = await page(world, "me")
    (pin,) = [item for item in found.items if item.source is CandidateSource.EDITORIAL]
    assert pin.card.record.id == "pin"
    assert pin.reasons[0].code is ReasonCode.EDITORS_PICK


async def test_new_posts_are_drawn_and_the_chance_they_had_is_in_the_token(world: World) -> None:
    await fill(world, 60)
    for number in range(40):
        await world.post(f"new{number}", author=f"n{number}", age=30.0 + number)
    await world.start()
    context = await world.request("me")
    found = await world.services.explore.page(context, first=20, after=None, region=None)
    chances = {
        item.card.record.id: ImpressionTokens(SECRETS)
        .read(item.token, viewer="me", post=item.card.record.id, now=context.now)
        .propensity
        for item in found.items
    }
    drawn = {i.card.record.id for i in found.items if i.source is CandidateSource.FRESH}
    assert drawn
    assert all(0.0 < (chances[post] or 0.0) < 1.0 for post in drawn)
    assert {chances[post] for post in chances.keys() - drawn} == {None}
    opened = {item.card.record.id: item.token for item in found.items}
    for post, token in opened.items():
        view = Interaction(Target(post_global_id=post_gid(post)), Action.VIEW, token=token)
        await world.services.interactions.track(await world.request("me"), [view])
    told = {
        event.post_id: event.attribution.propensity
        for event in world.events.events
        if isinstance(event, UserInteraction) and event.attribution is not None
    }
    assert told == chances  # what is done with a post tells the chance that it had


async def test_nothing_that_the_viewer_likes_is_called_something_different(world: World) -> None:
    for topic in TOPICS:
        await world.category(topic)
    for number in range(240):
        await world.post(
            f"p{number:03}",
            author=f"a{number}",
            category=TOPICS[number % len(TOPICS)],
            age=3_600.0 + number,
            rising=300.0 - number,
        )
    await world.start()
    profile = InterestProfile()
    liking = InterestInteraction(Action.LIKE, at=world.clock.now(), post=1, topics=("music",))
    await world.learn("me", apply(profile, liking))
    context = await world.request("me")
    found = await world.services.explore.page(context, first=50, after=None, region=None)
    different = [item for item in found.items if item.source is CandidateSource.SERENDIPITY]
    assert different
    for item in different:
        assert item.card.record.category != "music"
        assert ReasonCode.TOPIC_YOU_LIKE not in {reason.code for reason in item.reasons}


async def test_a_new_post_of_a_category_is_not_called_popular(world: World) -> None:
    await world.category("music")
    await world.post("new", age=60.0)
    await world.post("old", age=90 * 86_400.0)
    await world.start()
    context = await world.request(None)
    found = await world.services.explore.category(context, "music", first=5, after=None)
    told = {i.card.record.id: [reason.message for reason in i.reasons] for i in found.items}
    assert told == {"new": ["New and not widely seen yet"], "old": ["Not widely seen yet"]}
