"""Executing the stored For You page of 20: from the cards that services hand out to JSON.

CPU time of this process, the median of many runs. Two controls from the same cards by the same
document: Strawberry as its documentation sets it up, and with its caches of parsed and validated
texts. ``anew`` is the page of which no post was shown before.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import orjson
import strawberry
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache

from resolvers.root import create_schema
from schema.context import Context
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema, PreparedRequest
from server.plan_cache import PlanCache
from services.pages import FeedItem, PostViewerState
from tests.graphql.cards import creator_card, feed_item, page, post_card
from tests.graphql.scripted import Script, context, request_context

DOCUMENT: Final = Path(__file__).parents[1] / "operations" / "Explore.graphql"
POSTS: Final = 20
RUNS: Final = 400
GOAL: Final = 0.00025  # seconds
GOAL_RATIO: Final = 8.0
Make = Callable[[int], list[FeedItem]]
Execute = Callable[[Context], Awaitable[bytes]]


def main() -> None:
    text = DOCUMENT.read_text()
    ours = create_schema(partial(ExecutableSchema, plans=PlanCache(splices=True)))
    prepared = DocumentSource(ours).prepare(text)
    stock = create_schema()
    caches: list[type[SchemaExtension]] = [ParserCache, ValidationCache]
    cached = create_schema(partial(strawberry.Schema, extensions=caches))

    async def compiled(asked: Context) -> bytes:
        request = PreparedRequest(document=prepared, variables={}, context=asked)
        result = await ours.run(request)
        return orjson.dumps({"data": result.data})

    async def reference(schema: strawberry.Schema, asked: Context) -> bytes:
        result = await schema.execute(text, context_value=asked)
        return json.dumps({"data": result.data}).encode()

    same = _time(compiled, _same_posts)
    anew = _time(compiled, _new_posts)
    with_caches = _time(partial(reference, cached), _same_posts, RUNS // 8)
    plain = _time(partial(reference, stock), _same_posts, RUNS // 8)
    rows = (
        ("stored, compiled", same),
        ("  the same, anew", anew),
        ("Strawberry with caches", with_caches),
        ("Strawberry", plain),
    )
    for name, seconds in rows:
        print(f"{name:24}{1_000 * seconds:7.3f} ms   {seconds / same:5.1f} times")
    print(f"goals: at most {1_000 * GOAL} ms, stock at least {GOAL_RATIO:.0f} times")


def _time(execute: Execute, make: Make, runs: int = RUNS) -> float:
    """Seconds of CPU of one page, the cards not counted."""

    async def run() -> list[float]:
        times: list[float] = []
        for number in range(runs):
            asked = _context(make(number))
            started = time.process_time()
            body = await execute(asked)
            times.append(time.process_time() - started)
            if len(orjson.loads(body)["data"]["explore"]["edges"]) != POSTS:
                raise SystemExit(f"the page is not whole: {body[:200].decode()}")
        return times[runs // 10 :]

    return median(asyncio.run(run()))


def _context(items: list[FeedItem]) -> Context:
    return context(request_context("v"), Script({"explore.page": page(*items)}).use_cases())


def _same_posts(_number: int) -> list[FeedItem]:
    return _items("p")


def _new_posts(number: int) -> list[FeedItem]:
    return _items(f"p{number}-")


def _items(prefix: str) -> list[FeedItem]:
    state = PostViewerState(has_liked=False, has_saved=False, has_seen=False)
    return [
        feed_item(
            post_card(
                f"{prefix}{place}",
                viewer_state=state,
                creator=creator_card(f"c{place}", is_followed=False),
            ),
            place,
        )
        for place in range(POSTS)
    ]
