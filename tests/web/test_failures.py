"""What the page says and does when the service does not answer as it should."""

import pytest
from playwright.async_api import Route, expect

from tests.web.visit import Visit

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="session")]

UNAVAILABLE = (
    '{"data": null, "errors": [{"message": "kafka", "extensions": {"code": "UNAVAILABLE"}}]}'
)
LIMITED = """
{"errors": [{"message": "slow down", "extensions": {"code": "RATE_LIMITED", "retryAfterMs": 50}}]}
"""


async def test_without_the_service_people_are_told_and_can_try_again(visit: Visit) -> None:
    page = visit.page
    await page.route("**/graphql*", lambda route: route.abort())
    await visit.open("/")
    await expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    await page.unroute("**/graphql*")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("[role=feed] > *").first).to_be_visible()
    visit.problems.clear()  # the browser itself tells of requests that failed


async def test_a_query_over_the_limit_waits_as_long_as_it_is_told_to(visit: Visit) -> None:
    answers = iter([LIMITED])

    async def limit_once(route: Route) -> None:
        if body := next(answers, None):
            await route.fulfill(status=429, body=body, content_type="application/json")
        else:
            await route.continue_()

    await visit.page.route("**/graphql?*", limit_once)
    await visit.feed()
    assert len(visit.variables("Explore")) == 2
    visit.problems.clear()


async def test_an_interaction_that_is_not_accepted_is_taken_back(reader: Visit) -> None:
    await reader.feed()

    async def refuse(route: Route) -> None:
        await route.fulfill(body=UNAVAILABLE, content_type="application/json")

    await reader.page.route("**/graphql", refuse)
    like = reader.page.locator("[data-action=like]").first
    await like.click()
    await expect(reader.page.get_by_text("Nothing was changed")).to_be_visible()
    await expect(like).to_have_attribute("aria-pressed", "false")


async def test_without_a_stream_trending_is_asked_for_again_and_again(visit: Visit) -> None:
    page = visit.page

    async def no_streams(route: Route) -> None:
        if "text/event-stream" in route.request.headers.get("accept", ""):
            await route.fulfill(status=503, body="{}", content_type="application/json")
        else:
            await route.continue_()

    await page.route("**/graphql*", no_streams)
    await visit.feed("/?view=trending&window=DAY")
    await expect(page.get_by_text("Updated every few seconds")).to_be_visible()
    assert len(visit.variables("TrendingUpdates")) == 4
    visit.problems.clear()


async def test_a_token_that_is_over_is_dropped_and_the_page_goes_on(visit: Visit) -> None:
    page = await visit.open("/?view=settings")
    head, body, _ = visit.running.token("forger").split(".")
    await page.get_by_label("Access token").fill(f"{head}.{body}.AAAA")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_label("Access token")).to_be_visible()
    await visit.feed()
    visit.problems.clear()


async def test_lists_that_are_not_live_are_told_in_one_quiet_line(visit: Visit) -> None:
    async def older(route: Route) -> None:
        answer = await route.fetch()
        text = (await answer.text()).replace('"freshness":"LIVE"', '"freshness":"SNAPSHOT"')
        await route.fulfill(response=answer, body=text)

    await visit.page.route("**/graphql?*", older)
    await visit.feed()
    await expect(visit.page.locator(".freshness")).to_contain_text("last saved ones")


async def test_what_is_not_there_is_said(visit: Visit) -> None:
    await visit.open("/?view=creator&handle=nobody-of-this-name")
    await expect(visit.page.get_by_role("alert")).to_contain_text("not here any more")
