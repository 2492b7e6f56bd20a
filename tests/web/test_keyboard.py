"""By keyboard alone, and as assistive technology reads it."""

import pytest
from playwright.async_api import expect

from tests.end_to_end.running_demo import ROOT
from tests.web.visit import Colors, Visit, visiting

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="session")]

FEED = "[role=feed] > *"
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
VIEWS = (
    "/",
    "/?view=trending&window=DAY",
    "/?view=categories",
    "/?view=category&slug=technology",
    "/?view=creators",
    "/?view=hashtags&window=DAY",
    "/?view=search&query=coffee&type=POSTS",
    "/?view=interests",
    "/?view=settings",
)


async def test_the_first_tab_skips_to_the_posts(visit: Visit) -> None:
    await visit.feed()
    await visit.page.evaluate("document.activeElement.blur()")
    await visit.page.keyboard.press("Tab")
    await expect(visit.page.get_by_text("Skip to the posts")).to_be_focused()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator("main")).to_be_focused()


async def test_keys_lead_from_post_to_post_and_open_why(visit: Visit) -> None:
    await visit.feed()
    posts = visit.page.locator(FEED)
    await posts.first.focus()
    await visit.page.keyboard.press("j")
    await visit.page.keyboard.press("PageDown")
    await expect(posts.nth(2)).to_be_focused()
    await visit.page.keyboard.press("k")
    await expect(posts.nth(1)).to_be_focused()
    await visit.page.keyboard.press("w")
    await expect(posts.nth(1).locator(".why")).to_be_visible()
    await expect(posts.nth(1)).to_be_in_viewport()


async def test_letters_typed_into_the_search_do_nothing_else(visit: Visit) -> None:
    await visit.feed()
    await visit.page.get_by_role("combobox").press_sequentially("jwlx")
    await expect(visit.page.get_by_role("combobox")).to_have_value("jwlx")
    await expect(visit.page.get_by_role("dialog")).to_have_count(0)


async def test_a_dialog_closes_by_escape_and_gives_the_focus_back(visit: Visit) -> None:
    await visit.feed()
    opener = visit.page.locator(FEED).first.get_by_role("button", name="Not interested")
    await opener.press("Enter")
    await expect(visit.page.get_by_role("dialog")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()


@pytest.mark.parametrize("colors", ["light", "dark"])
async def test_axe_finds_nothing_in_any_view(
    colors: Colors, visit: Visit, request: pytest.FixtureRequest
) -> None:
    if not AXE.exists():
        pytest.skip("npm ci has not run in web/: axe did not look at the page")
    browser = visit.page.context.browser
    assert browser is not None
    found: dict[str, list[str]] = {}
    async with visiting(browser, visit.running, viewer="axe", colors=colors) as one:
        for view in VIEWS:
            await one.open(view)
            await expect(one.page.locator("main .loading")).to_have_count(0)
            await one.page.evaluate(AXE.read_text())
            violations = await one.page.evaluate(
                "async () => (await axe.run()).violations"
                ".map(({id, nodes}) => id + ': ' + nodes[0].html)"
            )
            if violations:
                found[view] = violations
    assert found == {}
