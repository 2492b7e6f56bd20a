"""The subscription: the whole head first, then what changed in it."""

from collections.abc import Sequence
from typing import Any

import pytest

from domain.identifiers import Kind, encode_global_id
from domain.trending import Window
from resolvers import trending_updates
from schema.context import Context
from schema.trending_updates import TrendingUpdate
from services.inputs import TrendingScope
from services.pages import TrendingHead
from tests.graphql.cards import post_card, trending_item
from tests.graphql.scripted import Call, Script, built_schema, request_context

UPDATES = """subscription ($since: Int) {
    trendingUpdates(scope: {region: "DE"}, first: 3, since: $since) {
        version reset entered { rank node { id } } moved { id from to } left
    }
}"""


def head(version: int, *post_ids: str) -> TrendingHead:
    items = [trending_item(post_card(one), rank) for rank, one in enumerate(post_ids, 1)]
    return TrendingHead(version, tuple(items))


def post(post_id: str) -> str:
    return encode_global_id(Kind.POST, post_id)


def entered(*post_ids: str, at: int = 1) -> list[Any]:
    return [{"rank": rank, "node": {"id": post(one)}} for rank, one in enumerate(post_ids, at)]


async def follow(heads: Sequence[TrendingHead], since: int | None) -> tuple[list[Any], Script]:
    """All updates until the list is looked at once more than there are heads."""
    waiting = list(heads)

    def next_head(**_arguments: object) -> TrendingHead:
        return waiting.pop(0)

    script = Script({"trending.head": next_head})
    stream = await built_schema().subscribe(
        UPDATES,
        variable_values={"since": since},
        context_value=Context(request_context(), script.use_cases()),
    )
    updates: list[Any] = []
    async for result in stream:
        if result.errors:
            assert isinstance(result.errors[0].original_error, IndexError)
            break
        assert result.data is not None
        updates.append(result.data["trendingUpdates"])
    return updates, script


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trending_updates, "INTERVAL", 0.0)


async def test_the_whole_head_comes_first_and_then_its_changes() -> None:
    updates, script = await follow(
        [head(4, "a", "b", "c"), head(5, "b", "a", "d"), head(6, "b", "a", "d"), head(7)], None
    )
    assert updates == [
        {"version": 4, "reset": True, "entered": entered("a", "b", "c"), "moved": [], "left": []},
        {
            "version": 5,
            "reset": False,
            "entered": entered("d", at=3),
            "moved": [
                {"id": post("b"), "from": 2, "to": 1},
                {"id": post("a"), "from": 1, "to": 2},
            ],
            "left": [post("c")],
        },
        {
            "version": 7,
            "reset": False,
            "entered": [],
            "moved": [],
            "left": [post("b"), post("a"), post("d")],
        },
    ]
    asked = Call(
        "trending.head",
        (),
        {"first": 3, "window": Window.HOUR, "scope": TrendingScope(region="DE")},
    )
    assert script.calls == [asked] * 5


async def test_who_holds_the_present_version_gets_changes_alone() -> None:
    updates, _ = await follow([head(4, "a"), head(5, "a", "b")], 4)
    assert [(u["version"], u["reset"]) for u in updates] == [(5, False)]


async def test_who_holds_another_version_gets_the_whole_head() -> None:
    updates, _ = await follow([head(4, "a")], 3)
    assert [(u["version"], u["reset"]) for u in updates] == [(4, True)]


def test_a_head_that_did_not_change_makes_no_update() -> None:
    assert TrendingUpdate.between(head(1, "a", "b"), head(2, "a", "b")) is None
