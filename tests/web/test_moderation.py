"""The moderators' page in a real browser: the queue, decisions by keys alone, two at once."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Request, Route, expect

from server.manifests import document_id
from tests.end_to_end.running_demo import ROOT, RunningDemo
from tests.web.visit import Colors, Visit, visiting

pytestmark = [pytest.mark.end_to_end, pytest.mark.asyncio(loop_scope="session")]

PAGE = "/admin/moderation"
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
CLAIM = document_id((ROOT / "operations/ClaimCase.graphql").read_text())
ROWS = ".queue li button"


class ClaimInput(msgspec.Struct, rename="camel"):
    post_id: str = ""
    release: bool = False


class ClaimVariables(msgspec.Struct):
    input: ClaimInput = msgspec.field(default_factory=ClaimInput)


class Claiming(msgspec.Struct, rename="camel"):
    """A request as far as it may claim a case."""

    document_id: str = ""
    variables: ClaimVariables = msgspec.field(default_factory=ClaimVariables)


@pytest_asyncio.fixture(loop_scope="session")
async def moderator(browser: Browser, running: RunningDemo) -> AsyncGenerator[Visit]:
    async with visiting(browser, running) as one:
        await sign_in(one, "mo")
        yield one
        assert one.problems == []


async def sign_in(one: Visit, name: str) -> None:
    """By a link as the demo prints it."""
    token = one.running.token(name, "moderator")
    await one.page.goto(f"http://127.0.0.1:{one.running.port}{PAGE}#token={token}")
    await expect(one.page.locator(".case article")).to_be_visible()
    assert "token" not in one.page.url


async def in_hand(one: Visit) -> str:
    post_id = await one.page.locator(".case article").get_attribute("data-post")
    assert post_id is not None
    return post_id


async def test_without_the_role_the_page_asks_for_a_token(reader: Visit) -> None:
    await reader.open(PAGE)
    await expect(reader.page.get_by_text("This account is no moderator's")).to_be_visible()
    assert reader.asked == []
    await reader.page.get_by_role("button", name="Sign out").first.click()
    token = reader.running.token("mo", "moderator")
    await reader.page.get_by_label("Access token").fill(token)
    await reader.page.get_by_role("button", name="Sign in").click()
    await expect(reader.page.locator(ROWS).first).to_be_visible()


async def test_a_case_left_before_its_claim_was_answered_is_given_back(moderator: Visit) -> None:
    page, claims, answered = moderator.page, list[str](), asyncio.Event()

    async def slow(route: Route) -> None:
        asked = msgspec.json.decode(route.request.post_data_buffer or b"{}", type=Claiming)
        if asked.document_id == CLAIM and not asked.variables.input.release:
            claims.append(asked.variables.input.post_id)
            await answered.wait()
        await route.continue_()

    def gives_back(request: Request) -> bool:
        asked = msgspec.json.decode(request.post_data_buffer or b"{}", type=Claiming)
        return asked.variables.input == ClaimInput(claims[0], release=True)

    first = await in_hand(moderator)
    await page.route("**/graphql", slow)
    await page.keyboard.press("j")
    await expect(page.locator(f'.case article:not([data-post="{first}"])')).to_be_visible()
    second = await in_hand(moderator)
    async with page.expect_request(gives_back):
        await page.keyboard.press("j")
        await expect(page.locator(f'.case article:not([data-post="{second}"])')).to_be_visible()
        answered.set()
    assert claims[0] == second
    await page.unroute("**/graphql")


async def test_a_case_is_read_and_decided_by_keys_alone(moderator: Visit) -> None:
    page = moderator.page
    first = await in_hand(moderator)
    await expect(page.locator(".scores meter").first).to_be_visible()
    await page.keyboard.press("j")
    await expect(page.locator(f'.case article:not([data-post="{first}"])')).to_be_visible()
    second = await in_hand(moderator)
    await page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Reason, for the record")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_visible()  # no decision without a reason
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Rejected")
    await expect(page.locator(f'{ROWS}[data-post="{second}"]')).to_have_count(0)
    (given,) = moderator.variables("ReviewPost")
    assert (given["input"]["postId"].text, given["input"]["decision"].text) == (second, "REJECT")
    assert given["input"]["reason"].text == "Spam or a scam"
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert moderator.running.ask(node, {"id": second})["node"].plain is None

    await page.keyboard.press("u")
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Taken back")
    await expect(page.locator(f'{ROWS}[data-post="{second}"]')).to_be_visible()
    await page.locator(f'{ROWS}[data-post="{second}"]').click()
    await expect(page.locator(".history")).to_contain_text("Rejected by mo")
    await expect(page.locator(".history")).to_contain_text("Taken back by mo")


async def test_why_a_reader_is_not_shown_a_post_is_told_stage_by_stage(moderator: Visit) -> None:
    await moderator.page.keyboard.press("w")
    await expect(moderator.page.locator(".why-not li.failed").first).to_contain_text("status")
    await moderator.page.keyboard.press("w")
    await expect(moderator.page.locator(".why-not")).to_be_hidden()


async def test_letters_in_a_reason_decide_nothing_and_escape_leaves_all_as_it_is(
    moderator: Visit,
) -> None:
    page = moderator.page
    await page.keyboard.press("e")
    await page.keyboard.type("are we sure? j k")
    field = page.get_by_label("Reason, for the record")
    await expect(field).to_have_value("are we sure? j k")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert moderator.variables("ReviewPost") == []


async def test_a_second_moderator_sees_who_is_working_and_cannot_decide(
    moderator: Visit, browser: Browser
) -> None:
    case = await in_hand(moderator)
    async with visiting(browser, moderator.running) as other:
        await sign_in(other, "max")
        await other.page.locator(f'{ROWS}[data-post="{case}"]').click()
        await expect(other.page.get_by_text("mo is working on it.").first).to_be_visible()
        await expect(other.page.locator(".decisions .approve")).to_be_disabled()
        assert other.problems == []


async def test_pictures_are_not_loaded_before_someone_asks(moderator: Visit) -> None:
    page = moderator.page
    for _ in range(15):
        if await page.locator(".veil").count():
            break
        await page.keyboard.press("j")
    else:
        pytest.skip("none of the first cases has a picture")
    await expect(page.locator(".case img")).to_have_count(0)
    await page.keyboard.press("v")
    await expect(page.locator(".media-of-case img, .media-of-case a").first).to_be_visible()
    await page.keyboard.press("v")
    await expect(page.locator(".case img")).to_have_count(0)


async def test_counts_follow_what_others_do(moderator: Visit) -> None:
    page, number = moderator.page, '[data-count="reported"]'
    await expect(page.locator(number)).not_to_have_text("–")
    before = int(await page.locator(number).inner_text())
    explore = "{ explore(first: 1) { nodes { id } } }"
    post = moderator.running.ask(explore)["explore"]["nodes"][0]["id"].text
    report = "mutation($input: ReportPostInput!) { reportPost(input: $input) { recorded } }"
    variables = {"input": {"postId": post, "reason": "SPAM", "note": "An ad"}}
    moderator.running.ask(report, variables, moderator.running.token("a-reader"))
    await expect(page.locator(number)).to_have_text(str(before + 1))
    await page.get_by_role("button", name="Reported").click()
    await page.locator(f'{ROWS}[data-post="{post}"]').click()
    await expect(page.locator(".viewers-say")).to_contain_text("Reported as spam, ")
    await expect(page.locator(".viewers-say")).to_contain_text("An ad")


@pytest.mark.parametrize("colors", ["light", "dark"])
async def test_axe_finds_nothing(colors: Colors, moderator: Visit) -> None:
    if not AXE.exists():
        pytest.skip("npm ci has not run in web/: axe did not look at the page")
    browser = moderator.page.context.browser
    assert browser is not None
    async with visiting(browser, moderator.running, colors=colors) as one:
        await sign_in(one, "axe")
        found: list[list[str]] = []
        for step in ("", "a"):
            if step:
                await one.page.keyboard.press(step)
            await one.page.evaluate(AXE.read_text())
            found.append(
                await one.page.evaluate(
                    "async () => (await axe.run()).violations"
                    ".map(({id, nodes}) => id + ': ' + nodes[0].html)"
                )
            )
        assert found == [[], []]
