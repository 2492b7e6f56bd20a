"""Where the posts of a page of the feed come from, and what it says of that."""

from collections import Counter

from domain import pools
from domain.events import Action, UserInteraction
from domain.feed import CandidateSource, ReasonCode
from domain.interests import Interaction as InterestInteraction
from domain.interests import InterestProfile, apply
from domain.tokens import ImpressionTokens
from services.inputs import Interaction, Target
from tests.services.explore_pages import TOPICS, fill, liked, page
from tests.services.world import SECRETS, World, post_gid


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
