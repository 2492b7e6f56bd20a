"""What a viewer saw, wrote or does not want is not on the feed."""

from domain.events import Action, NotInterestedReason
from services.inputs import Interaction, InterestChange, NotInterested, SettingsChange, Target
from tests.services.explore_pages import all_pages, fill, ids, page
from tests.services.world import World, creator_gid, post_gid


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
