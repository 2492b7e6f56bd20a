"""The subscription: the whole head first, then what changed in it; one look for all listeners."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from itertools import count
from typing import Any, cast

import orjson
import pytest

from domain.errors import Unavailable
from domain.identifiers import Kind, encode_global_id
from domain.trending import Window
from resolvers.root import create_schema
from schema.context import Context
from schema.trending_updates import TrendingUpdate
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema, PreparedRequest
from server.plan_cache import PlanCache
from services import trending_watch
from services.inputs import TrendingScope
from services.pages import TrendingHead
from services.shown_heads import ShownHead
from services.trending_watch import (
    FIRST_VERSIONS,
    KEPT,
    TooManyListeners,
    TrendingWatch,
    WatchedHead,
)
from tests.graphql.cards import post_card, trending_item
from tests.graphql.scripted import Call, Script, built_schema, request_context

UPDATES = """subscription ($since: Int) {
    trendingUpdates(scope: {region: "DE"}, first: 3, since: $since) {
        version reset entered { rank node { id } } moved { id from to } left
    }
}"""


def head(*post_ids: str) -> TrendingHead:
    items = [trending_item(post_card(one), rank) for rank, one in enumerate(post_ids, 1)]
    return TrendingHead(tuple(items))


def post(post_id: str) -> str:
    return encode_global_id(Kind.POST, post_id)


def entered(*post_ids: str, at: int = 1) -> list[Any]:
    return [{"rank": rank, "node": {"id": post(one)}} for rank, one in enumerate(post_ids, at)]


class Lists:
    """A trending list that shows the next head whenever it is told to."""

    def __init__(self, first: TrendingHead, *, version: int = 1, most: int = 100) -> None:
        versions = count(version, 1_000)
        self.head: TrendingHead | Exception = first
        self.script = Script({"trending.head": self._answer})
        self._services = self.script.use_cases()
        self.watch = TrendingWatch(
            self._services.trending, interval=0.001, most=most, first_version=versions.__next__
        )

    def _answer(self, **_asked: object) -> TrendingHead:
        if isinstance(self.head, Exception):
            raise self.head
        return self.head

    async def listen(
        self, since: int | None = None, viewer_id: str | None = None
    ) -> AsyncGenerator[Any]:
        """Updates as a client gets them."""
        stream = await built_schema().subscribe(
            UPDATES,
            variable_values={"since": since},
            context_value=Context(request_context(viewer_id), self._services, self.watch),
        )
        async with aclosing(cast("AsyncGenerator[Any]", stream)) as results:
            async for result in results:
                if result.errors:
                    raise result.errors[0]
                yield result.data["trendingUpdates"]

    async def looked(self) -> None:
        """Return when the list was looked at again, twice to be sure that it was shown."""
        for _ in range(2):
            before = len(self.script.calls)
            while len(self.script.calls) == before:  # noqa: ASYNC110 - the script has no event
                await asyncio.sleep(0.001)

    async def rested(self) -> None:
        """Return when nobody looks at the list any more."""
        (shared,) = self.watch._lists.values()  # pyright: ignore[reportPrivateUsage] - it shows nowhere else
        while shared.is_looked_at:  # noqa: ASYNC110 - it ends without an event
            await asyncio.sleep(0.001)


@asynccontextmanager
async def lists(
    first: TrendingHead, *, version: int = 1, most: int = 100
) -> AsyncGenerator[Lists]:
    made = Lists(first, version=version, most=most)
    try:
        yield made
    finally:
        await made.watch.stop()


def changes(update: dict[str, Any]) -> tuple[Any, ...]:
    return update["version"], update["reset"], len(update["entered"])


async def test_the_whole_head_comes_first_and_then_its_changes() -> None:
    async with lists(head("a", "b", "c"), version=4) as one:
        updates = one.listen()
        assert await anext(updates) == {
            "version": 4,
            "reset": True,
            "entered": entered("a", "b", "c"),
            "moved": [],
            "left": [],
        }
        one.head = head("b", "a", "d")
        assert await anext(updates) == {
            "version": 5,
            "reset": False,
            "entered": entered("d", at=3),
            "moved": [
                {"id": post("b"), "from": 2, "to": 1},
                {"id": post("a"), "from": 1, "to": 2},
            ],
            "left": [post("c")],
        }
        one.head = head("b", "a", "d")  # nothing moved
        await one.looked()
        one.head = head()
        assert await anext(updates) == {
            "version": 6,
            "reset": False,
            "entered": [],
            "moved": [],
            "left": [post("b"), post("a"), post("d")],
        }
        await updates.aclose()
    arguments = {"first": 3, "window": Window.HOUR, "scope": TrendingScope(region="DE")}
    assert set(map(str, one.script.calls)) == {str(Call("trending.head", (), arguments))}


async def test_who_comes_back_goes_on_from_the_version_held() -> None:
    async with lists(head("a"), version=4) as one:
        first = one.listen()
        await anext(first)
        one.head = head("a", "b")
        await anext(first)
        present, before, unknown = one.listen(5), one.listen(4), one.listen(3)
        assert changes(await anext(before)) == (5, False, 1)
        assert changes(await anext(unknown)) == (5, True, 2)
        waiting = asyncio.ensure_future(anext(present))
        one.head = head("a", "b", "c")
        assert changes(await waiting) == (6, False, 1)
        for stream in (first, present, before, unknown):
            await stream.aclose()


@pytest.mark.parametrize("viewer_id", [None, "ada"])
async def test_who_was_away_hears_of_a_withdrawal(viewer_id: str | None) -> None:
    async with lists(head("a", "b", "c")) as one:
        updates = one.listen(viewer_id=viewer_id)
        held = (await anext(updates))["version"]
        await updates.aclose()
        await one.rested()
        one.head = head("a", "c")  # and no pool has another version for that
        back = one.listen(held, viewer_id)
        update = await anext(back)
        assert changes(update) == (held + 1, False, 0)
        assert update["left"] == [post("b")]
        assert update["moved"] == [{"id": post("c"), "from": 3, "to": 2}]
        await back.aclose()


async def test_a_version_of_another_process_is_never_taken_for_one_of_ours() -> None:
    async with lists(head("a", "b"), version=500) as one, lists(head("a"), version=9_000) as two:
        updates = one.listen()
        held = (await anext(updates))["version"]
        elsewhere = two.listen(held)
        assert changes(await anext(elsewhere)) == (9_000, True, 1)
        for stream in (updates, elsewhere):
            await stream.aclose()


async def test_versions_begin_at_random() -> None:
    use_cases = Script({"trending.head": head("a")}).use_cases()
    asked = WatchedHead(3, Window.HOUR, TrendingScope())
    begun: set[int] = set()
    for _ in range(3):
        watch = TrendingWatch(use_cases.trending)
        async with aclosing(watch.changes(request_context(), asked, None)) as found:
            begun.add((await anext(found)).version)
        await watch.stop()
    assert len(begun) == 3
    assert all(0 <= version < FIRST_VERSIONS for version in begun)


async def test_heads_of_one_viewer_are_not_those_of_another() -> None:
    async with lists(head("a", "b")) as one:
        ada = one.listen(viewer_id="ada")
        held = (await anext(ada))["version"]
        ben, nobody = one.listen(held, "ben"), one.listen(held)
        assert (await anext(ben))["reset"] is True
        assert (await anext(nobody))["reset"] is True
        for stream in (ada, ben, nobody):
            await stream.aclose()


async def test_only_so_many_versions_are_remembered() -> None:
    async with lists(head("p0"), version=0) as one:
        first = one.listen()
        await anext(first)
        for version in range(1, KEPT + 2):
            one.head = head(f"p{version}")
            await anext(first)
        forgotten, known = one.listen(1), one.listen(2)
        assert changes(await anext(forgotten)) == (KEPT + 1, True, 1)
        assert changes(await anext(known)) == (KEPT + 1, False, 1)
        for stream in (first, forgotten, known):
            await stream.aclose()


async def test_viewers_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trending_watch, "MOST_OWN", 1)
    async with lists(head("a")) as one:
        held: dict[str, int] = {}
        for viewer_id in ("ada", "ben"):
            updates = one.listen(viewer_id=viewer_id)
            held[viewer_id] = (await anext(updates))["version"]
            await updates.aclose()
        await one.rested()
        one.head = head("b")
        known = one.listen(held["ben"], "ben")
        assert (await anext(known))["reset"] is False
        forgotten = one.listen(held["ada"], "ada")
        assert (await anext(forgotten))["reset"] is True
        await known.aclose()
        await forgotten.aclose()


async def test_a_list_that_nobody_listens_to_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trending_watch, "MOST_LISTS", 1)
    async with lists(head("a")) as one:
        hour, day = (
            WatchedHead(3, window, TrendingScope()) for window in (Window.HOUR, Window.DAY)
        )
        first = one.watch.changes(request_context(), hour, None)
        await anext(first)
        with pytest.raises(TooManyListeners):
            await anext(one.watch.changes(request_context(), day, None))
        await first.aclose()
        await one.rested()
        second = one.watch.changes(request_context(), day, None)
        await anext(second)
        await second.aclose()


async def test_one_look_serves_all_anonymous_listeners() -> None:
    async with lists(head("a")) as one:
        streams = [one.listen() for _ in range(50)]
        for stream in streams:
            await anext(stream)
        assert len(one.script.calls) < 50
        one.head = head("b")
        seen = [await anext(stream) for stream in streams]
        assert {changes(update) for update in seen} == {(2, False, 1)}
        for stream in streams:
            await stream.aclose()
        idle = len(one.script.calls)
        await asyncio.sleep(0.05)
        assert len(one.script.calls) <= idle + 1  # nobody listens, so nobody looks


async def test_who_is_slow_gets_the_sum() -> None:
    async with lists(head("a")) as one:
        quick, slow = one.listen(), one.listen()
        await anext(quick)
        await anext(slow)
        for version in (2, 3, 4):
            one.head = head("a", f"p{version}")
            await anext(quick)
        update = await anext(slow)
        held = {post("a"), *(edge["node"]["id"] for edge in update["entered"])}
        while update["version"] < 4:
            update = await anext(slow)
            held |= {edge["node"]["id"] for edge in update["entered"]}
            held -= set(update["left"])
        assert held == {post("a"), post("p4")}
        await quick.aclose()
        await slow.aclose()


async def test_a_viewer_gets_heads_of_its_own() -> None:
    async with lists(head("a")) as one:
        updates = one.listen(viewer_id="ada")
        assert changes(await anext(updates)) == (1_001, True, 1)
        one.head = head("a", "b")
        assert changes(await anext(updates)) == (1_002, False, 1)
        await updates.aclose()


async def test_an_outage_is_waited_out() -> None:
    async with lists(head("a")) as one:
        updates = one.listen()
        await anext(updates)
        one.head = Unavailable("redis")
        await one.looked()
        one.head = head("b")
        assert changes(await anext(updates)) == (2, False, 1)
        await updates.aclose()


async def test_listeners_are_bounded() -> None:
    async with lists(head("a"), most=2) as one:
        streams = [one.listen(), one.listen()]
        for stream in streams:
            await anext(stream)
        with pytest.raises(Exception, match="Too many listen here") as refused:
            await anext(one.listen())
        assert getattr(refused.value, "extensions", {})["code"] == "OVERLOADED"
        await streams[0].aclose()
        again = one.listen()
        await anext(again)
        await again.aclose()
        await streams[1].aclose()


async def test_streams_end_when_the_process_does() -> None:
    async with lists(head("a")) as one:
        updates, own = one.listen(), one.listen(viewer_id="ada")
        await anext(updates)
        await anext(own)
        ends = [asyncio.ensure_future(anext(stream, "end")) for stream in (updates, own)]
        await asyncio.sleep(0)
        one.watch.close()
        assert [await end for end in ends] == ["end", "end"]


async def test_what_listeners_share_is_printed_once_for_each_document() -> None:
    schema = create_schema(partial(ExecutableSchema, plans=PlanCache(splices=True)))
    source = DocumentSource(schema)
    ids, ranks = (
        source.prepare(f"subscription {{ trendingUpdates {{ version entered {{ {part} }} }} }}")
        for part in ("node { id }", "rank")
    )
    async with lists(head("a", "b")) as one:
        seen: list[Any] = []
        for document in (ids, ranks, ids, ranks):
            request = PreparedRequest(
                document=document,
                variables={},
                context=Context(request_context(), one.script.use_cases(), one.watch),
            )
            async with aclosing(schema.events(request)) as results:
                seen.append((await anext(results)).data)
    assert seen[2] is seen[0]
    assert seen[3] is seen[1]
    entered_ids = [{"node": {"id": post("a")}}, {"node": {"id": post("b")}}]
    assert [orjson.loads(orjson.dumps(data)) for data in seen[:2]] == [
        {"trendingUpdates": {"version": 1, "entered": entered_ids}},
        {"trendingUpdates": {"version": 1, "entered": [{"rank": 1}, {"rank": 2}]}},
    ]


def test_a_head_that_did_not_change_makes_no_update() -> None:
    assert TrendingUpdate.between(ShownHead(1, ("a", "b")), 2, head("a", "b")) is None
