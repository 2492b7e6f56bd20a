"""How much of an author, a topic or one text a page of the feed may have."""

from collections import Counter

from domain.feed import CandidateSource
from tests.services.explore_pages import TOPICS, all_pages, fill, ids, page
from tests.services.world import World


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
