"""Each view in a browser: nothing goes wrong, nothing is loaded from elsewhere."""

import pytest
from playwright.async_api import expect

from tests.web.visit import Visit

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="session")]

INTERESTS = "{ viewer { interests { topics { state category { slug } } } settings { region } } }"
HEAD = "{ trending(first: 20, window: HOUR) { edges { impressionToken node { id } } } }"
RISING = "{ trendingHashtags(first: 20, window: DAY) { edges { node { id } } } }"
REACT = """
mutation ($post: ID!, $action: InteractionAction!, $token: String!) {
  trackInteraction(input: {target: {postId: $post}, action: $action, impressionToken: $token}) {
    recorded } }"""


async def test_categories_lead_to_their_posts(visit: Visit) -> None:
    await visit.open("/?view=categories")
    link = visit.page.locator(".grid a").first
    name = await link.inner_text()
    await link.click()
    await expect(visit.page.locator("h1")).to_have_text(name)
    await expect(visit.page.locator("[role=feed] > *").first).to_be_visible()
    assert await visit.page.title() == f"{name} · Explore"


async def test_following_a_creator_is_recorded(reader: Visit) -> None:
    await reader.feed("/?view=creators")
    await reader.page.locator("[role=feed] h2 a").first.click()
    await expect(reader.page.locator("h1")).not_to_have_text("Creators worth following")
    follow = reader.page.locator(".creator-card").get_by_role("button", name="Follow")
    async with reader.page.expect_response("**/graphql"):
        await follow.click()
    await expect(follow).to_have_attribute("aria-pressed", "true")
    actions = [one["input"]["action"].text for one in reader.variables("TrackInteraction")]
    assert actions == ["PROFILE_VISIT", "FOLLOW"]


async def test_a_post_leads_to_its_hashtags_and_they_to_their_posts(visit: Visit) -> None:
    await visit.feed()
    link = visit.page.locator(".labels a", has_text="#").first
    name = await link.inner_text()
    await link.click()
    await expect(visit.page.locator("h1")).to_have_text(name)
    await visit.page.get_by_role("link", name="This week").click()
    await expect(visit.page.locator("[aria-current=page]").last).to_have_text("This week")
    asked = visit.variables("HashtagPage")
    assert [one["window"].text for one in asked] == ["DAY", "WEEK"]
    assert {f"#{one['name'].text}" for one in asked} == {name}


async def test_rising_hashtags_are_those_of_the_service(visit: Visit) -> None:
    await visit.feed("/?view=hashtags&window=DAY")
    edges = visit.running.ask(RISING)["trendingHashtags"]["edges"]
    assert (await visit.keys())[:20] == [one["node"]["id"].text for one in edges]


async def test_search_suggests_and_marks_what_it_found(visit: Visit) -> None:
    page = await visit.open("/")
    box = page.get_by_role("combobox")
    await box.press_sequentially("photo")
    await expect(page.get_by_role("option").first).to_be_visible()
    await box.press("ArrowDown")
    active = await box.get_attribute("aria-activedescendant")
    await expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    await box.press("Escape")
    await expect(box).to_have_attribute("aria-expanded", "false")
    await box.press("Enter")
    await expect(page.locator("h1")).to_have_text("Search: photo")
    await expect(page.locator("[role=feed] mark").first).to_be_visible()
    await box.fill("wildlife")
    await box.press("Enter")
    await page.get_by_label("What to look for").get_by_role("link", name="Hashtags").click()
    await expect(page.locator("[role=feed] h2").first).to_contain_text("#wildlife")


async def test_interests_can_be_chosen_muted_and_forgotten(reader: Visit) -> None:
    page = await reader.open("/?view=interests")
    await page.get_by_label("Technology").check()
    await page.get_by_role("button", name="Save starting topics").click()
    row = page.locator(".interests li", has_text="Technology")
    await expect(row).to_contain_text("chosen by you")
    await page.get_by_role("button", name="Mute Technology").click()
    await expect(row).to_contain_text("muted")
    data = reader.running.ask(INTERESTS, token=reader.token)["viewer"]["interests"]["topics"]
    assert [(one["category"]["slug"].text, one["state"].text) for one in data] == [
        ("technology", "MUTED")
    ]
    await page.get_by_role("button", name="Forget Technology").click()
    await expect(row).to_have_count(0)


async def test_settings_are_saved(reader: Visit) -> None:
    page = await reader.open("/?view=settings")
    await page.get_by_label("Region").fill("DE")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    data = reader.running.ask(INTERESTS, token=reader.token)["viewer"]["settings"]
    assert data["region"].text == "DE"
    await page.get_by_label("Region").fill("Germany")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".announcement")).not_to_contain_text("Saved")


async def test_a_token_is_kept_in_the_tab_alone(visit: Visit) -> None:
    page = await visit.open("/?view=settings")
    await page.get_by_label("Access token").fill("no token")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("That is no access token")).to_be_visible()
    await page.get_by_label("Access token").fill(visit.running.token("somebody"))
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("Signed in as somebody")).to_be_visible()
    assert await page.evaluate("Object.keys(localStorage)") == []
    assert await page.context.cookies() == []
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Access token")).to_be_visible()
    assert await page.evaluate("Object.keys(sessionStorage)") == []


async def test_colors_can_be_chosen_and_stay(visit: Visit) -> None:
    page = await visit.open("/?view=settings")
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.get_by_label("Colors").select_option("dark")
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    await page.reload()
    await expect(page.locator("h1")).to_be_visible()
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


async def test_trending_follows_what_happens(visit: Visit) -> None:
    running = visit.running
    await visit.feed("/?view=trending&window=HOUR")
    await expect(visit.page.get_by_text("Live", exact=True)).to_be_visible()
    last = (await visit.keys())[19]
    for viewer in ("one", "two", "three", "four"):
        token = running.token(f"live-{viewer}")
        edges = running.ask(HEAD, token=token)["trending"]["edges"]
        (served,) = [one for one in edges if one["node"]["id"].text == last]
        for action in ("LIKE", "SAVE", "SHARE", "COMMENT"):
            impression = served["impressionToken"].text
            given = {"post": last, "action": action, "token": impression}
            assert running.ask(REACT, given, token)["trackInteraction"]["recorded"].plain is True
    card = visit.page.locator(f'[data-key="{last}"]')
    await expect(card.locator(".change")).to_contain_text("▲")
    await expect(card).not_to_have_attribute("aria-posinset", "20")
    numbers = await visit.page.eval_on_selector_all(
        "[role=feed] > *", "all => all.slice(0, 20).map((one) => one.ariaPosInSet)"
    )
    assert numbers == [str(number) for number in range(1, 21)]
    await visit.page.get_by_role("button", name="Pause live changes").click()
    await expect(visit.page.get_by_text("Paused", exact=True)).to_be_visible()


async def test_the_link_that_the_demo_prints_signs_in(visit: Visit) -> None:
    await visit.feed(f"/?view=for-you#token={visit.running.token('linked')}")
    assert await visit.page.evaluate("location.hash") == ""
    await visit.open("/?view=settings")
    await expect(visit.page.get_by_text("Signed in as linked")).to_be_visible()
