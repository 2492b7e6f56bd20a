"""Who is let in under load, who is turned away first, and how the bound follows the work."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack

import pytest
from typing_extensions import override

from domain.ports.viewers import Charge, ViewerReads
from server.caller import ANONYMOUS, Caller, Role
from server.load_gate import LEAST, MOST, TARGET, LoadGate, Priority, priority_of
from server.refusals import Refused
from tests.fakes.clock import FixedClock
from tests.server.toy_app import StoreAway, Toy, codes

ADA = Caller("ada")


@pytest.mark.parametrize(
    ("text", "caller", "priority"),
    [
        ("mutation { track }", ADA, Priority.FIRST),
        ("{ name }", Caller("eve", frozenset({Role.MODERATOR})), Priority.FIRST),
        ("{ explore { nodes { id } } }", ADA, Priority.PERSONAL),
        ("{ explore { nodes { id } } }", ANONYMOUS, Priority.PERSONAL),
        ("{ __typename }", ADA, Priority.LISTS),
        ('{ search(query: "x") { nodes { id } } }', ADA, Priority.SEARCH),
        ('{ name search(query: "x") { nodes { id } } }', ADA, Priority.SEARCH),
    ],
)
def test_priorities(text: str, caller: Caller, priority: Priority) -> None:
    (operation,) = Toy().source.prepare(text).operations
    assert priority_of(operation, caller) is priority


def let_in(gate: LoadGate, priority: Priority, held: ExitStack) -> int:
    """How many more of a kind the gate lets in."""
    count = 0
    while True:
        try:
            held.enter_context(gate.passed(priority))
        except Refused:
            return count
        count += 1


def test_each_kind_fills_its_part_only() -> None:
    gate = LoadGate(FixedClock())
    with ExitStack() as held:
        kinds = (Priority.SEARCH, Priority.LISTS, Priority.PERSONAL)
        assert [let_in(gate, kind, held) for kind in kinds] == [48, 20, 14]
        gate.check()
        assert let_in(gate, Priority.FIRST, held) == 14
        with pytest.raises(Refused):
            gate.check()
    gate.check()


def test_the_bound_follows_what_queries_take() -> None:
    clock = FixedClock()
    gate = LoadGate(clock)
    for _ in range(1_000):
        with gate.passed(Priority.FIRST):
            clock.advance(2 * TARGET)
    assert gate.bound == MOST
    for _ in range(1_000):
        with gate.passed(Priority.PERSONAL):
            clock.advance(2 * TARGET)
    assert gate.bound == LEAST
    for _ in range(10):
        with gate.passed(Priority.PERSONAL):
            clock.advance(TARGET / 2)
    assert gate.bound == LEAST  # nobody needs more
    for _ in range(4_700):
        with ExitStack() as held:
            for _ in range(round(gate.bound * 0.6)):
                held.enter_context(gate.passed(Priority.FIRST))
            with gate.passed(Priority.PERSONAL):
                clock.advance(TARGET / 2)
    assert gate.bound == MOST


class SlowStore(StoreAway):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()

    @override
    async def __call__(
        self, caller: Caller, charge: Charge, cursors: Sequence[str]
    ) -> ViewerReads:
        reads = await super().__call__(caller, charge, cursors)
        await self.answers.wait()
        return reads


async def test_what_is_too_much_is_refused_unread_and_the_rest_is_served() -> None:
    store = SlowStore()
    toy = Toy(begin=store)
    search = {"query": '{ search(query: "x") { nodes { id } } }'}
    async with toy.http() as http, asyncio.TaskGroup() as group:
        asked = [group.create_task(http.post("/graphql", json=search)) for _ in range(60)]
        while sum(task.done() for task in asked) + len(store.begun) < len(asked):  # noqa: ASYNC110 - of two kinds
            await asyncio.sleep(0)
        assert len(store.begun) == round(MOST * Priority.SEARCH.value)
        refused = [task.result() for task in asked if task.done()]
        mutation = group.create_task(http.post("/graphql", json={"query": "mutation { track }"}))
        store.answers.set()
    assert len(refused) == 12
    for response in refused:
        assert (response.status_code, codes(response)) == (503, ["OVERLOADED"])
        assert response.headers["retry-after"] == "1"
        assert response.json()["errors"][0]["extensions"]["retryAfterMs"] == 1_000
        assert "data" not in response.json()
    assert mutation.result().json() == {"data": {"track": True}}
    served = [task.result().json() for task in asked if task.result().status_code == 200]
    assert len(served) == 48
    assert 'outcome="shed"' in toy.metrics.exposition().decode()
