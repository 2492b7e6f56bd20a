"""One browser window on a demo, what it asked the service, and what went wrong in it."""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

import msgspec
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Route,
    expect,
)

from tests.end_to_end.running_demo import ROOT, RunningDemo
from tests.end_to_end.tree import Tree

# Chromium's own calls home are refused where the network is closed, many at a time.
QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE: Final = 20_000  # milliseconds; the machine may be busy with other tests
WINDOW: Final = {"width": 1000, "height": 800}
PICTURE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">'
    '<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(HUE 55% 62%)"/>'
    '<stop offset="1" stop-color="hsl(HUE 60% 35%)"/></linearGradient></defs>'
    '<rect width="640" height="360" fill="url(#g)"/></svg>'
)
NAMES: Final[Mapping[str, str]] = {
    identifier: text.split("(")[0].split("{")[0].split()[1]
    for identifier, text in msgspec.json.decode(
        (ROOT / "operations/manifest.json").read_bytes(), type=dict[str, str]
    ).items()
}
Colors = Literal["light", "dark"]


@dataclass
class Visit:
    """`asked` holds each operation with its variables, in their order."""

    page: Page
    running: RunningDemo
    viewer: str | None
    token: str | None
    problems: list[str] = field(default_factory=list[str])
    asked: list[tuple[str, Tree]] = field(default_factory=list[tuple[str, Tree]])

    async def open(self, address: str = "/") -> Page:
        """Go there as by the address bar, and wait until a view is there."""
        await self.page.goto(f"http://127.0.0.1:{self.running.port}{address}")
        await expect(self.page.locator("main h1")).to_be_visible()
        return self.page

    async def feed(self, address: str = "/") -> list[str]:
        """Open a view with posts; the ids of those on it."""
        await self.open(address)
        await expect(self.page.locator("[role=feed] > *").first).to_be_visible()
        return await self.keys()

    async def keys(self) -> list[str]:
        """What stands in the list, in its order."""
        return await self.page.eval_on_selector_all(
            "[role=feed] > *", "all => all.map((one) => one.dataset.key)"
        )

    async def place(self) -> tuple[str, int]:
        """The first item that is on screen at least in part, and how far below the upper edge."""
        key, top = await self.page.evaluate(
            """() => {
              const all = [...document.querySelectorAll("[role=feed] > *")];
              const one = all.find((each) => each.getBoundingClientRect().bottom > 0);
              return [one.dataset.key, Math.round(one.getBoundingClientRect().top)];
            }"""
        )
        return key, top

    def variables(self, operation: str) -> list[Tree]:
        """With what an operation was asked for, each time."""
        return [variables for name, variables in self.asked if name == operation]

    def note_request(self, request: Request) -> None:
        if "/graphql" not in request.url:
            return
        if request.method == "GET":
            given = _query(request.url)
            variables = msgspec.json.decode(given.get("variables", "{}"))
        else:
            given = msgspec.json.decode(request.post_data or "{}", type=dict[str, object])
            variables = given.get("variables")
        self.asked.append((NAMES.get(str(given.get("documentId")), "?"), Tree(variables)))

    def note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def note_error(self, error: Error) -> None:
        self.problems.append(f"uncaught: {error.message}")


@asynccontextmanager
async def visiting(
    browser: Browser,
    running: RunningDemo,
    viewer: str | None = None,
    colors: Colors = "light",
) -> AsyncGenerator[Visit]:
    context = await browser.new_context(
        viewport={"width": WINDOW["width"], "height": WINDOW["height"]},
        color_scheme=colors,
        reduced_motion="reduce",
        locale="en-US",
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    token = running.token(viewer) if viewer else None
    page = await context.new_page()
    if token:
        await page.add_init_script(f"sessionStorage['explore.token'] ??= '{token}'")
    await page.route(re.compile("^https://"), _picture)
    one = Visit(page, running, viewer, token)
    page.on("request", one.note_request)
    page.on("console", one.note_message)
    page.on("pageerror", one.note_error)
    try:
        yield one
    finally:
        await context.close()


async def _picture(route: Route) -> None:
    """A picture of its own for each address: the demo's are nowhere."""
    picture = PICTURE.replace("HUE", str(sum(route.request.url.encode()) * 47 % 360))
    await route.fulfill(body=picture, content_type="image/svg+xml")


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
