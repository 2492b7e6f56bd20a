"""GraphiQL in a browser: from our own files, with examples, a token and live results."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from demo.world.world import make_world
from tests.web.visit import Visit

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="session")]

RUN = "button.graphiql-execute-button"


async def test_it_runs_examples_as_whoever_the_token_says(visit: Visit) -> None:
    page = visit.page
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    await page.goto(f"http://127.0.0.1:{visit.running.port}/graphql")
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    tabs = await page.locator(".graphiql-tab-button").all_inner_texts()
    assert tabs == [
        "Welcome",
        "Explore",
        "Trending",
        "TrendingUpdates",
        "Search",
        "CreatorPage",
        "Viewer",
    ]
    await page.locator(RUN).click()
    await expect(page.locator(".result-window")).to_contain_text('"explore"')
    await page.get_by_label("Access token").fill(visit.running.token("developer"))
    await page.locator(".graphiql-tab-button", has_text="Viewer").click()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("viewer")
    await page.locator(RUN).click()
    await expect(page.locator(".result-window")).to_contain_text('"developer"')
    assert {host for host in hosts if host} == {f"127.0.0.1:{visit.running.port}"}


async def test_people_of_the_demo_are_one_click_away(visit: Visit) -> None:
    page = visit.page
    await page.goto(f"http://127.0.0.1:{visit.running.port}/graphql")
    people = page.get_by_role("group", name="People of the demo").get_by_role("button")
    await expect(people).to_have_text(["reader", "analyst", "moderator"])
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    await page.locator(".graphiql-tab-button", has_text="Viewer").click()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("viewer")
    for name in ("analyst", "moderator"):
        before = await page.get_by_label("Access token").input_value()
        await people.filter(has_text=name).click()
        await expect(page.get_by_label("Access token")).not_to_have_value(before)
        await page.locator(RUN).click()
        await expect(page.locator(".result-window")).to_contain_text(f'"id": "{name}"')


async def test_the_creator_of_the_example_is_there(visit: Visit) -> None:
    page = visit.page
    await page.goto(f"http://127.0.0.1:{visit.running.port}/graphql")
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    await page.locator(".graphiql-tab-button", has_text="CreatorPage").click()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("CreatorPage")
    await page.locator(RUN).click()
    handle = make_world().creators[0].handle
    await expect(page.locator(".result-window")).to_contain_text(f'"handle": "{handle}"')


async def test_a_subscription_shows_its_first_result(visit: Visit) -> None:
    page = visit.page
    await page.goto(f"http://127.0.0.1:{visit.running.port}/graphql")
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    await page.locator(".graphiql-tab-button", has_text="TrendingUpdates").click()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("subscription")
    await page.locator(RUN).click()
    await expect(page.locator(".result-window")).to_contain_text('"reset": true')
    await page.locator(RUN).click()


async def test_the_link_that_the_demo_prints_signs_in_and_leaves_the_address(visit: Visit) -> None:
    page = visit.page
    token = visit.running.token("developer")
    await page.goto(f"http://127.0.0.1:{visit.running.port}/graphql#token={token}")
    await expect(page.get_by_label("Access token")).to_have_value(token)
    assert urlsplit(page.url).fragment == ""
