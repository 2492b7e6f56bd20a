"""The compiled executor against the reference, on data of every wrong kind, and what it is for."""

import gc
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import ExecutionContext
from typing_extensions import override

from schema.rendered import MOST, Rendered
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema, PreparedRequest
from server.plan_cache import MAX_OPERATIONS, MAX_VARIANTS, Outcome, PlanCache
from server.prepared_document import PreparedDocument
from tests.server.corrupted_posts import (
    JUNK,
    Query,
    corrupted,
    current,
    damaged,
    document,
    make_post,
)

pytestmark = pytest.mark.filterwarnings(  # planted coroutines that no query asks for
    "ignore::RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
FEED = """{ feed { total edges { cursor node { id title text kind score createdAt tags notes
  creator { id handle avatarUrl isVerified } related { id handle } stats { likes views } } } } }"""
DOCUMENTS, CORRUPTIONS = 200, 33  # of each document: 6,600 cases
Make = Callable[[], list[Any]]


class Reference(strawberry.Schema):
    """Strawberry's own executor, without its log of each planted error."""

    @override
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        return


class Pair:
    """The same schema with the reference executor and with the compiled one."""

    def __init__(self, *, splices: bool = False) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.plans = PlanCache(lambda outcome: self.outcomes.update([outcome]), splices=splices)
        self.compiled = ExecutableSchema(Query, plans=self.plans)
        self.reference = Reference(Query, extensions=[ParserCache, ValidationCache])
        self.source = DocumentSource(self.compiled)

    def prepare(self, text: str) -> PreparedDocument:
        prepared = self.source.prepare(text)
        assert prepared.errors == []
        return prepared

    async def answer(
        self, schema: strawberry.Schema, prepared: PreparedDocument, variables: dict[str, Any]
    ) -> str:
        """The whole answer as text; objects that print their address are cut there."""
        if isinstance(schema, ExecutableSchema):
            result = await schema.run(
                PreparedRequest(document=prepared, variables=variables, context=None)
            )
        else:
            result = await schema.execute(prepared.text, variables)
        errors = sorted(
            json.dumps(error.formatted, sort_keys=True) for error in result.errors or []
        )
        whole = json.dumps({"data": result.data, "errors": errors}, default=_printed)
        return whole.split(" at 0x", maxsplit=1)[0]

    async def both(
        self, prepared: PreparedDocument, variables: dict[str, Any], make: Make
    ) -> tuple[str, str]:
        """What both executors answer on the same fresh data.

        When a failing operation cancels what it awaits, the reference executor may, rarely, report
        another one of two competing errors; a difference that is ours would not go away.
        """
        want = got = ""
        for _ in range(3):
            current[:] = make()
            want = await self.answer(self.reference, prepared, variables)
            current[:] = make()
            got = await self.answer(self.compiled, prepared, variables)
            if want == got:
                break
        return want, got


def _printed(value: object) -> object:
    """What kept JSON says; anything else as it shows itself."""
    return json.loads(orjson.dumps(value)) if isinstance(value, orjson.Fragment) else repr(value)


@pytest.fixture(params=[False, True], ids=["completed", "spliced"])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    yield Pair(splices=request.param)
    current.clear()
    gc.collect()


async def test_thousands_of_corrupt_cases_are_answered_identically(pair: Pair) -> None:
    with_errors = 0
    for seed in range(pair.plans.splices, DOCUMENTS, 2):  # half of them either way
        rng = random.Random(seed)
        prepared = pair.source.prepare(document(rng))
        while prepared.errors:  # one alias for two fields
            prepared = pair.source.prepare(document(rng))
        variables = {"yes": rng.random() < 0.6, "no": rng.random() < 0.4}
        current[:] = [make_post(0)]
        await pair.answer(pair.compiled, prepared, variables)  # first sight: not compiled yet
        for case in range(seed * CORRUPTIONS, (seed + 1) * CORRUPTIONS):
            want, got = await pair.both(prepared, variables, lambda case=case: corrupted(case))
            assert got == want, (case, prepared.text, variables)
            with_errors += '"errors": []' not in want
    cases = DOCUMENTS * CORRUPTIONS // 2
    assert with_errors > cases / 5
    assert pair.outcomes["plan"] > cases
    assert pair.outcomes["deopt"] > cases / 3


async def test_every_single_corruption_is_answered_identically(pair: Pair) -> None:
    text = FEED.rstrip("} ") + " } } } } mixed { title excerpt kind stats { likes } } }"
    prepared = pair.prepare(text)
    current[:] = [make_post(0)]
    for _ in range(2):
        await pair.answer(pair.compiled, prepared, {})
    for part in ("", "creator", "related", "stats"):
        for name in vars(getattr(make_post(0), part) if part else make_post(0)):
            if name == "rendered":
                continue
            for junk in JUNK:
                want, got = await pair.both(
                    prepared, {}, lambda j=junk, p=part, n=name: damaged(j, p, n)
                )
                assert got == want, (part, name)


async def test_the_order_of_fields_is_kept(pair: Pair) -> None:
    text = "{ mixed { title excerpt id editor { id handle } score stats { views likes } } }"
    prepared = pair.prepare(text)
    for _ in range(3):
        want, got = await pair.both(
            prepared, {}, lambda: [make_post(i, Rendered()) for i in range(3)]
        )
        assert want == got
        assert '"title": "title 0", "excerpt": "tit", "id": "p0", "editor"' in got


async def test_an_operation_is_compiled_when_it_comes_again(pair: Pair) -> None:
    prepared = pair.prepare(FEED)
    current[:] = [make_post(1)]
    await pair.answer(pair.compiled, prepared, {})
    assert pair.outcomes == {}
    await pair.answer(pair.compiled, prepared, {})
    assert pair.outcomes == {"compile": 1, "plan": 1}


async def test_clients_cannot_grow_the_caches(pair: Pair) -> None:
    current[:] = [make_post(1)]
    names = [f"v{i}" for i in range(7)]
    conditions = " ".join(f"a{name}: title @include(if: ${name})" for name in names)
    head = ", ".join(f"${name}: Boolean!" for name in names)
    text = f"query ({head}) {{ feed {{ edges {{ node {{ id {conditions} }} }} }} }}"
    prepared = pair.prepare(text)
    for i in range(2 + 2**7):
        await pair.answer(
            pair.compiled, prepared, {name: bool(i >> k & 1) for k, name in enumerate(names)}
        )
    assert [len(plans) for plans in pair.plans.operations] == [MAX_VARIANTS]
    for i in range(MAX_OPERATIONS + 10):
        other = pair.prepare(f"{{ a{i}: feed {{ total }} }}")
        for _ in range(2):
            await pair.answer(pair.compiled, other, {})
    assert len(pair.plans.operations) == MAX_OPERATIONS


async def test_it_is_several_times_faster(pair: Pair) -> None:
    prepared = pair.prepare(FEED)
    current[:] = [make_post(i) for i in range(20)]
    best: dict[str, float] = {}
    for name, schema in (("reference", pair.reference), ("compiled", pair.compiled)):
        rounds: list[float] = []
        for _ in range(12):
            started = time.process_time()
            for _ in range(5):
                await pair.answer(schema, prepared, {})
            rounds.append(time.process_time() - started)
        best[name] = min(rounds)
    assert best["compiled"] < best["reference"] / 4


async def test_json_is_kept_with_the_object_that_it_shows() -> None:
    pair = Pair(splices=True)
    first, second = (
        pair.prepare(f"{{ feed {{ edges {{ node {{ {names} }} }} }} }}")
        for names in ("id", "title")
    )
    post = make_post(1, Rendered())
    current[:] = [post]
    for _ in range(3):
        assert '"id": "p1"' in await pair.answer(pair.compiled, first, {})
    post.title = "an object with kept JSON is not changed: a new one is made"
    for _ in range(3):
        assert "an object" in await pair.answer(pair.compiled, second, {})
    assert len(post.rendered or ()) == 2
    post.id = strawberry.ID("p2")
    assert '"id": "p1"' in await pair.answer(pair.compiled, first, {})
    current.clear()


def test_json_kept_with_an_object_is_bounded_and_failures_are_not_kept() -> None:
    rendered = Rendered()
    for number in range(3 * MOST):
        assert orjson.dumps(rendered.of(number, lambda n=number: {"n": n})) == b'{"n":%d}' % number
        assert len(rendered) <= MOST
    with pytest.raises(ZeroDivisionError):
        rendered.of("failing", lambda: 1 // 0)
    assert orjson.dumps(rendered.of("failing", lambda: 1)) == b"1"
