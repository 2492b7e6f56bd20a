"""`python -m tests.web.screenshots`: take the pictures of `docs/images` anew, from a demo."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from playwright.async_api import async_playwright, expect

from tests.demo_fixture import PATIENT
from tests.end_to_end.running_demo import ROOT, RunningDemo, demo
from tests.web.visit import QUIET, Colors, Visit, visiting

IMAGES: Final = ROOT / "docs" / "images"
POSTS: Final = "[role=feed] > *"


async def for_you(one: Visit) -> None:
    await one.feed()
    await one.page.locator(POSTS).first.get_by_role("button", name="Why this?").click()


async def trending(one: Visit) -> None:
    await one.feed("/?view=trending&window=DAY")
    await expect(one.page.get_by_text("Live", exact=True)).to_be_visible()


async def interests(one: Visit) -> None:
    await one.open("/?view=interests")
    for topic in ("Photography", "Science", "Travel"):
        await one.page.get_by_label(topic, exact=True).check()
    await one.page.get_by_role("button", name="Save starting topics").click()
    await one.page.get_by_role("button", name="Pin Photography").click()
    await expect(one.page.get_by_text("pinned")).to_be_visible()


async def graphiql(one: Visit) -> None:
    await one.page.goto(f"http://127.0.0.1:{one.running.port}/graphql")
    await expect(one.page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    await one.page.locator("button.graphiql-execute-button").click()
    await expect(one.page.locator(".result-window")).to_contain_text('"explore"')


async def moderation(one: Visit) -> None:
    token = one.running.token("mo", "moderator")
    await one.page.set_viewport_size({"width": 1280, "height": 860})
    await one.page.goto(f"http://127.0.0.1:{one.running.port}/admin/moderation#token={token}")
    await expect(one.page.locator(".case article")).to_be_visible()
    await expect(one.page.locator('[data-count="waiting"]')).not_to_have_text("–")


async def moderation_decision(one: Visit) -> None:
    await moderation(one)
    await one.page.keyboard.press("j")
    await one.page.keyboard.press("r")
    await one.page.keyboard.press("1")
    await expect(one.page.get_by_role("dialog")).to_be_visible()


SHOWN: Final[tuple[tuple[str, Colors, Callable[[Visit], Awaitable[None]]], ...]] = (
    ("for-you", "light", for_you),
    ("trending", "dark", trending),
    ("interests", "light", interests),
    ("graphiql", "light", graphiql),
    ("moderation", "light", moderation),
    ("moderation-decision", "dark", moderation_decision),
)


async def take_all(chromium: str, running: RunningDemo) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for name, colors, show in SHOWN:
            viewer = f"picture-{name}"
            async with visiting(browser, running, viewer=viewer, colors=colors) as one:
                await show(one)
                await one.page.wait_for_timeout(1_000)  # pictures and rows still come in
                await one.page.screenshot(path=IMAGES / f"{name}.png")
        await browser.close()


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not here")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder), "--ephemeral", "--no-simulator", **PATIENT) as running,
    ):
        asyncio.run(take_all(chromium, running))


if __name__ == "__main__":
    main()
