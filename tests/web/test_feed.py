"""For You in a browser: endless, keeps its place, told in batches, open to a word against it."""

import pytest
from playwright.async_api import expect

from tests.web.visit import Visit

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="session")]

NODE = """
query ($id: ID!) { node(id: $id) { ... on Post {
  creator { id } viewerState { hasLiked hasSaved hasSeen } } } }"""
FEED = "[role=feed] > *"


async def _scroll_to(visit: Visit, count: int) -> list[str]:
    """Scroll down until the list has so many posts."""
    while len(keys := await visit.keys()) < count:
        await visit.page.locator(FEED).last.scroll_into_view_if_needed()
        await expect(visit.page.locator(FEED).nth(len(keys))).to_be_attached()
    return keys


async def test_scrolling_goes_on_and_shows_no_post_twice(visit: Visit) -> None:
    await visit.feed()
    keys = await _scroll_to(visit, 60)
    assert len(keys) == len(set(keys))
    positions = await visit.page.eval_on_selector_all(
        FEED, "all => all.map((one) => Number(one.ariaPosInSet))"
    )
    assert positions == list(range(1, len(keys) + 1))
    cursors = [one["after"].plain for one in visit.variables("Explore")]
    assert cursors[0] is None
    assert len(set(cursors)) == len(cursors)


async def test_back_leads_to_the_place_that_one_left(visit: Visit) -> None:
    await visit.feed()
    await _scroll_to(visit, 40)
    await visit.page.locator(FEED).nth(30).scroll_into_view_if_needed()
    (key, top), keys = await visit.place(), await visit.keys()
    asked = len(visit.variables("Explore"))
    await visit.page.locator(FEED).nth(30).locator(".creator").click()
    await expect(visit.page.locator("h1")).not_to_have_text("For You")
    await visit.page.go_back()
    await expect(visit.page.locator("h1")).to_have_text("For You")
    found, now = await visit.place()
    assert (found, await visit.keys()) == (key, keys)
    assert abs(now - top) <= 1
    assert len(visit.variables("Explore")) == asked


async def test_a_reload_leads_to_the_same_place_without_asking_again(visit: Visit) -> None:
    await visit.feed()
    await _scroll_to(visit, 40)
    await visit.page.locator(FEED).nth(30).scroll_into_view_if_needed()
    (key, top), keys = await visit.place(), await visit.keys()
    visit.asked.clear()
    await visit.page.reload()
    await expect(visit.page.locator(FEED).nth(30)).to_be_attached()
    found, now = await visit.place()
    assert (found, await visit.keys()) == (key, keys)
    assert abs(now - top) <= 2
    assert visit.variables("Explore") == []


async def test_what_was_on_screen_is_told_in_a_batch_with_its_tokens(reader: Visit) -> None:
    keys = await reader.feed()
    await reader.page.wait_for_timeout(1_300)  # a post counts after a second on screen
    async with reader.page.expect_response(
        lambda response: (
            "TrackInteractions" in str(reader.asked[-1][0])
            and response.request.method == "POST"
            and "interactions" in (response.request.post_data or "")
        )
    ) as answer:
        await reader.page.locator(FEED).nth(10).scroll_into_view_if_needed()
    (told,) = reader.variables("TrackInteractions")
    interactions = told["input"]["interactions"].items
    assert interactions[0]["target"]["postId"].text == keys[0]
    assert {one["action"].text for one in interactions} == {"VIEW"}
    assert all(1_000 <= one["durationMs"].number < 20_000 for one in interactions)
    assert all(one["impressionToken"].text for one in interactions)
    data = (await (await answer.value).json())["data"]["trackInteractions"]
    assert [one["userErrors"] for one in data["results"]] == [[]] * len(interactions)
    seen = reader.running.ask(NODE, {"id": keys[0]}, reader.token)["node"]["viewerState"]
    assert seen["hasSeen"].plain is True


async def test_a_post_that_is_gone_back_to_is_dwelt_upon(reader: Visit) -> None:
    keys = await reader.feed()
    cards = reader.page.locator(FEED)
    for seconds in (1.5, 4.0):  # together more than five
        await reader.page.wait_for_timeout(1_000 * seconds)
        async with reader.page.expect_response("**/graphql"):
            await cards.nth(10).scroll_into_view_if_needed()
        await cards.first.scroll_into_view_if_needed()
    batches = reader.variables("TrackInteractions")
    told = [
        (one["action"].text, one["durationMs"].number)
        for batch in batches
        for one in batch["input"]["interactions"].items
        if one["target"]["postId"].text == keys[0]
    ]
    assert [action for action, _ in told] == ["VIEW", "DWELL"]
    assert 1_000 <= told[0][1] <= 5_000 < told[1][1] < 60_000


async def test_nothing_is_told_of_people_who_are_not_signed_in(visit: Visit) -> None:
    await visit.feed()
    await visit.page.wait_for_timeout(1_300)
    await visit.page.locator(FEED).nth(10).scroll_into_view_if_needed()
    await visit.open("/?view=settings")
    assert visit.variables("TrackInteractions") == []
    assert await visit.page.context.cookies() == []


async def test_a_like_is_there_at_once_and_stays(reader: Visit) -> None:
    keys = await reader.feed()
    like = reader.page.locator(FEED).first.locator("[data-action=like]")
    before = int((await like.inner_text()).split()[-1])
    async with reader.page.expect_response("**/graphql"):
        await like.click()
        await expect(like).to_have_attribute("aria-pressed", "true")
        await expect(like).to_have_text(f"Like {before + 1}")
    state = reader.running.ask(NODE, {"id": keys[0]}, reader.token)["node"]["viewerState"]
    assert state["hasLiked"].plain is True
    await reader.page.locator(FEED).first.locator("h2 a").click()
    like = reader.page.locator("main article").first.locator("[data-action=like]")
    await expect(like).to_have_attribute("aria-pressed", "true")


async def test_anonymous_people_are_told_how_to_sign_in(visit: Visit) -> None:
    await visit.feed()
    like = visit.page.locator(FEED).first.locator("[data-action=like]")
    await like.click()
    await expect(visit.page.get_by_text("Sign in for this")).to_be_visible()
    await expect(like).to_have_attribute("aria-pressed", "false")
    assert visit.variables("TrackInteraction") == []


async def test_why_says_the_reasons_of_the_service(visit: Visit) -> None:
    await visit.feed()
    card = visit.page.locator(FEED).first
    why = card.get_by_role("button", name="Why this?")
    await expect(why).to_have_attribute("aria-expanded", "false")
    await why.click()
    await expect(why).to_have_attribute("aria-expanded", "true")
    assert (await card.locator(".why li").first.inner_text()).strip()


async def test_not_interested_in_a_creator_holds_from_the_next_page_on(reader: Visit) -> None:
    keys = await reader.feed()
    creator = reader.running.ask(NODE, {"id": keys[0]})["node"]["creator"]["id"].text
    card = reader.page.locator(FEED).first
    await card.get_by_role("button", name="Not interested").click()
    dialog = reader.page.get_by_role("dialog")
    choices = await dialog.get_by_role("button").all_inner_texts()
    assert len(choices) == 11  # five reasons, five complaints, and "Cancel"
    await dialog.get_by_role("button", name="Posts of").click()
    await expect(card).to_have_class("card away")
    await expect(card).to_be_focused()
    (said,) = reader.variables("MarkNotInterested")
    assert said["input"]["because"].text == "CREATOR"
    assert said["input"]["impressionToken"].text
    await _scroll_to(reader, 40)
    later = (await reader.keys())[20:]
    creators = {
        reader.running.ask(NODE, {"id": one})["node"]["creator"]["id"].text for one in later
    }
    assert creator not in creators
