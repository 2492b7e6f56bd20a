"""A real browser on a real demo: Debian's Chromium, headless, driven by Playwright."""

import shutil
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.end_to_end.running_demo import RunningDemo
from tests.web.visit import QUIET, Visit, visiting


@pytest.fixture(scope="session")
def chromium() -> str:
    for name in ("chromium", "chromium-browser"):
        if found := shutil.which(name):
            return found
    pytest.skip("chromium is not here: the tests in a real browser did not run")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, running: RunningDemo) -> AsyncGenerator[Visit]:
    """An anonymous visitor; nothing may go wrong in the window that the test does not expect."""
    async with visiting(browser, running) as one:
        yield one
        assert one.problems == []


@pytest_asyncio.fixture(loop_scope="session")
async def reader(
    browser: Browser, running: RunningDemo, request: pytest.FixtureRequest
) -> AsyncGenerator[Visit]:
    """A signed-in visitor, a new person for each test."""
    name = request.node.name.removeprefix("test_")[:60]
    async with visiting(browser, running, viewer=name) as one:
        yield one
        assert one.problems == []
