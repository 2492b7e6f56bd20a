"""Hostile documents: what is counted, exactly, and that counting takes time linear in size."""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from graphql import parse

from server.document_limits import DocumentLimits, violations
from server.document_source import CACHE_SIZE, DocumentSource
from server.documents import MOST_WAITING
from server.prepared_document import PreparedDocument
from tests.server.toy_app import Toy, codes

LIMITS = DocumentLimits()


def over(text: str, limits: DocumentLimits = LIMITS) -> set[str]:
    """Which limits a document exceeds."""
    messages = [error.message for error in violations(parse(text), limits)]
    return {message.removeprefix("The document is too complex: ") for message in messages}


def bomb(levels: int, body: str = "id") -> str:
    parts = ["query { explore { nodes { ...f0 } } }"]
    parts += [f"fragment f{i} on Post {{ ...f{i + 1} ...f{i + 1} }}" for i in range(levels)]
    return "\n".join([*parts, f"fragment f{levels} on Post {{ {body} }}"])


def milliseconds(call: Callable[[], object]) -> float:
    """Of CPU, the best of five: what the work takes, whatever else the machine does."""
    best = 60_000.0
    for _ in range(5):
        started = time.process_time()
        call()
        best = min(best, (time.process_time() - started) * 1_000)
    return best


def test_each_limit_is_exact() -> None:
    def nested(levels: int) -> str:
        return "{ " + "a { " * (levels - 1) + "id" + " }" * levels

    def times(count: int, part: str) -> str:
        return "{ x { " + " ".join(part.format(i) for i in range(count)) + " } }"

    assert over(nested(12)) == set()
    assert over(nested(13)) == {"depth 13, at most 12."}
    assert over(times(15, "a{}: id")) == set()
    assert over(times(16, "a{}: id")) == {"aliases 16, at most 15."}
    assert over(times(50, "b{} @skip(if: false)")) == set()
    assert over(times(51, "b{} @skip(if: false)")) == {"directives 51, at most 50."}
    assert over(times(10, "id")) == set()
    assert over(times(11, "id")) == {"repeats 11, at most 10."}
    assert over("{ " + " ".join(f"r{i}" for i in range(10)) + " }") == set()
    assert over("{ " + " ".join(f"r{i}" for i in range(11)) + " }") == {
        "root fields 11, at most 10."
    }
    assert over(" ".join(f"query q{i} {{ id }}" for i in range(11))) == {
        "operations 11, at most 10."
    }


def test_fragments_count_as_often_as_they_are_spread() -> None:
    aliases = " ".join(f"a{i}: id" for i in range(8))
    once = f"{{ x {{ ...F }} }} fragment F on Post {{ {aliases} }}"
    assert over(once) == set()
    assert over(once.replace("...F", "...F ... on Post { ...F }")) == {"aliases 16, at most 15."}
    deep = (
        f"{{ x {{ ...F @skip(if: true) }} }} fragment F on Post {{ {'y { ' * 11}id{' }' * 11} }}"
    )
    assert over(deep) == {"depth 13, at most 12."}


def test_fields_of_one_place_count_together() -> None:
    def pairs(levels: int) -> str:
        return "id" if levels == 0 else f"a {{ {pairs(levels - 1)} }} a {{ {pairs(levels - 1)} }}"

    assert over(f"{{ {pairs(3)} }}") == set()
    assert over(f"{{ {pairs(4)} }}") == {"repeats 16, at most 10."}
    apart = "a { id id id } " * 3 + "b { id id id }"
    limits = replace(LIMITS, comparisons=41)
    assert over(f"{{ {apart} }}", limits) == {"comparisons 42, at most 41."}
    assert over(f"{{ {apart} }}", replace(LIMITS, comparisons=42)) == set()


def test_the_walk_ends_at_the_limit() -> None:
    assert over(bomb(40)) == {"selections 2001, at most 2000."}
    assert over("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }") == {
        "nesting 101, at most 100."
    }
    assert over(
        "{ x { ...A } } fragment A on Post { x { ...A } }", replace(LIMITS, depth=9_999)
    ) == {"selections 2001, at most 2000."}
    many = " ".join(f"query q{i} {{ ...F }}" for i in range(10))
    body = " ".join(f"x{i} {{ id }}" for i in range(10))
    assert over(f"{many} fragment F on Query {{ {body} }}") == set()
    limits = replace(LIMITS, selections=209)  # ten times the spread, ten fields and their ids
    assert over(f"{many} fragment F on Query {{ {body} }}", limits) == {
        "selections 210, at most 209."
    }


def test_fragments_are_few_and_used() -> None:
    def document(count: int) -> str:
        spreads = " ".join(f"...f{i}" for i in range(count))
        parts = " ".join(f"fragment f{i} on Post {{ x{i} }}" for i in range(count))
        return f"{{ x {{ {spreads} }} }} {parts}"

    assert over(document(50)) == set()
    assert over(document(51)) == {"fragments 51, at most 50."}
    unused = "{ id } " + " ".join(f"fragment f{i} on Post {{ id }}" for i in range(9))
    assert over(unused) == {f"Fragment 'f{i}' is never used." for i in range(5)}


def test_what_describes_the_schema_may_be_deep_but_not_repeat() -> None:
    assert over("{ __schema { " + "ofType { " * 20 + "name" + " }" * 20 + " } }") == set()
    assert over("{ __schema { types { " + "name " * 11 + "} } }") == {"repeats 11, at most 10."}


@pytest.mark.parametrize("body", ["id", "a: id", "id @skip(if: true)", "creator { handle }"])
def test_a_bomb_of_40_levels_is_judged_in_5_ms(body: str) -> None:
    document = parse(bomb(40, body))
    assert milliseconds(lambda: violations(document, LIMITS)) < 5
    assert violations(document, LIMITS)


def test_doubling_the_levels_at_most_doubles_the_time() -> None:
    small, large = (parse(bomb(levels)) for levels in (30, 120))
    spent = [milliseconds(lambda d=d: violations(d, LIMITS)) for d in (small, large)]
    assert spent[1] < 4 * spent[0] * 2


HOSTILE = {
    "wide": "{ " + " ".join(f"a{i}: explore(first: {i}) {{ ...C }}" for i in range(60))
    + " } fragment C on Connection { nodes { ...P ...P } } fragment P on Post { id }",
    "cycle": "{ explore { ...A } } fragment A on Connection { ...B ...B }"
    " fragment B on Connection { ...A }",
    "chain": "{ ...f0 }" + "".join(f" fragment f{i} on Query {{...f{i + 1}}}" for i in range(99)),
    "inline": "{ explore { nodes { " + "... on Post { " * 150 + "id" + " }" * 150 + " } } }",
    "conflicts": "{ explore { nodes { " + " ".join(f"id(a: {i})" for i in range(200)) + " } } }",
    "repeated": "{ explore { nodes { " + "id " * 900 + "} } }",
    "long": "{ name " + "# " * 15_000 + "\n }",
    "tokens": "{ " + "name " * 1_100 + "}",
    "comments": "#\n" * 60 + "{ name }",
    "deep": "{ explore " * 400 + "{ nodes { id } }" + " }" * 400,
    "lists": '{ echo(text: "x", list: ' + "[" * 900 + " }",
    "unknown": "{ explore { nodes { " + " ".join(f"u{i}" for i in range(900)) + " } } }",
    "operations": " ".join(f"query q{i} {{ name }}" for i in range(100)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_documents_are_refused_fast(name: str) -> None:
    toy = Toy()
    response = await toy.post({"query": HOSTILE[name]})
    assert set(codes(response)) <= {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}
    assert len(response.json()["errors"]) <= 6
    assert "Did you mean" not in response.text
    assert toy.begin.begun == []
    assert milliseconds(lambda: toy.source.prepare(HOSTILE[name])) < 60


def test_texts_are_prepared_once_and_forgotten_in_time() -> None:
    toy = Toy()
    for i in range(CACHE_SIZE + 1):
        toy.source.remember(toy.source.prepare(f"{{ a{i}: name }}"))
    assert toy.source.cached("{ a0: name }") is None
    kept = toy.source.cached("{ a1: name }")
    assert kept is toy.source.cached("{ a1: name }")


def test_outside_development_the_schema_is_not_described() -> None:
    toy = Toy()
    text = '{ __type(name: "Post") { name } }'
    assert toy.source.prepare(text).errors == []
    closed = DocumentSource(toy.schema).prepare(text)
    assert "introspection" in closed.errors[0].message


async def test_new_texts_are_read_in_turn_with_other_work_between() -> None:
    toy = Toy()
    read: list[int] = []
    prepare = toy.source.prepare

    def counted(text: str, document_id: str | None = None) -> PreparedDocument:
        read.append(turns)
        return prepare(text, document_id)

    toy.source.prepare = counted
    turns, ended = 0, asyncio.Event()

    async def other_work() -> None:
        nonlocal turns
        while not ended.is_set():
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(other_work())
        async with toy.http() as http, asyncio.TaskGroup() as asking:
            for number in range(20):
                asking.create_task(http.post("/graphql", json={"query": f"{{ n{number}: name }}"}))
        ended.set()
    assert len(set(read)) == 20


async def test_only_so_many_new_texts_wait() -> None:
    toy = Toy()
    async with toy.http() as http, asyncio.TaskGroup() as group:
        asked = [
            group.create_task(http.post("/graphql", json={"query": f"{{ n{number}: name }}"}))
            for number in range(3 * MOST_WAITING)
        ]
    refused = [task.result() for task in asked if task.result().status_code == 503]
    assert refused
    assert {(*codes(one), one.headers["retry-after"]) for one in refused} == {("OVERLOADED", "1")}
    assert (await toy.post({"query": "{ name }"})).json() == {"data": {"name": "n"}}


async def test_refusing_many_texts_leaves_nothing_for_a_collection_of_everything() -> None:
    toy = Toy()
    texts = [f"{{ {'name ' * 900} }} #{number}" for number in range(60)]
    texts += [f"{{ {' '.join(f'b{n}' for n in range(400))} }} #{number}" for number in range(60)]
    async with toy.http() as http:
        await http.post("/graphql", json={"query": "{ nothing }"})
        gc.collect()
        kept = len(gc.get_objects())
        before = gc.get_stats()[2]["collections"]
        for text in texts:
            assert "errors" in (await http.post("/graphql", json={"query": text})).json()
        assert gc.get_stats()[2]["collections"] - before <= 1  # without care: some 10
        assert len(gc.get_objects()) - kept < 100 * len(texts)  # a text has thousands of parts
