"""Documents made to cost the server much: what refusing each costs, and what others notice.

First the CPU time of this process, the least of a few runs. The control is what graphql-core alone
needs to accept or refuse the same text; it is not tried on what takes it time without bound.

Then over HTTP: two senders let one hostile document follow another, each text a new one, while
readers ask for their page at a steady pace. The control is the same pace with nobody hostile.
"""

import asyncio
import gc
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

import orjson
from graphql import GraphQLError, GraphQLSchema, parse, specified_rules, validate

from benchmarks._demo import demo
from benchmarks._load import Connection, Load, Requests, cpu_seconds, paced, post
from benchmarks.http_page import explore_requests, set_apart, show, viewers
from resolvers.root import create_schema
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema

RUNS: Final = 5
GOAL: Final = 0.020  # seconds
SIZES: Final = (1_000, 5_000, 14_900, 100_000)  # characters; 15,000 are the most that is parsed
CONTROL_SIZE: Final = 5_000
SENDERS: Final = 2
RATE: Final = 50.0  # pages a second that readers ask for
SECONDS: Final = 10.0
GOAL_P99: Final = 0.100  # seconds


def main() -> None:
    gc.collect()
    gc.freeze()  # as the server does: its collections leave the schema alone
    schema = create_schema(ExecutableSchema)
    source = DocumentSource(schema, introspection=True)
    worst = 0.0
    print(f"{'':26}" + "".join(f"{size:>11,}" for size in SIZES) + f"   control {CONTROL_SIZE:,}")
    for name, make in DOCUMENTS.items():
        times = [_least(partial(_refused, source, make(size))) for size in SIZES]
        worst = max(worst, *times)
        print(f"{name:26}" + "".join(f"{1_000 * one:8.2f} ms" for one in times), end="   ")
        if name in BOMBS:
            print("   not tried")
        else:
            control = _least(partial(_plain, source.schema, make(CONTROL_SIZE)), 1)
            print(f"{1_000 * control:9.1f} ms")
    print(f"worst {1_000 * worst:.1f} ms, goal {1_000 * GOAL:.0f} ms")
    with demo("--no-simulator") as running:
        set_apart(running.server, running.others())
        pages = explore_requests(running.tokens(viewers()))
        asyncio.run(_measure(running.port, running.server, pages))


async def _measure(port: int, server: int, pages: list[bytes]) -> None:
    await _readers(port, pages)  # warms up
    before = cpu_seconds(server)
    alone = await _readers(port, pages)
    usual = cpu_seconds(server) - before
    before, refused = cpu_seconds(server), [0] * SENDERS
    texts = _new_texts()
    senders = [
        asyncio.ensure_future(_send(port, texts, refused, number)) for number in range(SENDERS)
    ]
    beside = await _readers(port, pages)
    spent = cpu_seconds(server) - before - usual
    for sender in senders:
        sender.cancel()
    show("readers alone", alone)
    show("beside hostile", beside)
    print(f"goal: p99 {1_000 * GOAL_P99:.0f} ms beside hostile documents")
    each = spent / max(1, sum(refused))
    print(
        f"{sum(refused):,} hostile documents refused, {1_000 * each:.2f} ms of CPU each, "
        f"goal {1_000 * GOAL:.0f} ms"
    )


async def _readers(port: int, pages: list[bytes]) -> Load:
    return await paced(port, Requests(pages), rate=RATE, concurrency=16, seconds=SECONDS)


def _new_texts() -> Iterator[bytes]:
    """Each hostile document in turn, at two sizes; a comment makes each text a new one."""
    hostile = [make for name, make in DOCUMENTS.items() if name not in ANSWERED]
    made = [make(size) for size in SIZES[-2:] for make in hostile]
    for number, text in enumerate(itertools.cycle(made)):
        yield post(orjson.dumps({"query": f"{text}#{number}"}))


async def _send(port: int, texts: Iterator[bytes], refused: list[int], number: int) -> None:
    connection = await Connection.open(port)
    while True:
        _, body = await connection.exchange(next(texts))
        if not body.startswith(b'{"errors"'):
            raise SystemExit(f"a hostile document was answered: {body[:300].decode()}")
        refused[number] += 1


def _refused(source: DocumentSource, text: str) -> bool:
    return bool(source.prepare(text).errors)


def _plain(schema: GraphQLSchema, text: str) -> None:
    try:
        validate(schema, parse(text), specified_rules)
    except (GraphQLError, RecursionError):
        return


def _least(run: Callable[[], object], runs: int = RUNS) -> float:
    times: list[float] = []
    for _ in range(runs):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def _repeated(size: int, part: str, head: str = "{ ", tail: str = " }") -> str:
    return head + part * max(1, (size - len(head) - len(tail)) // len(part)) + tail


def _numbered(size: int, part: Callable[[int], str], head: str = "{ ", tail: str = " }") -> str:
    parts: list[str] = []
    length = len(head) + len(tail)
    while length < size:
        parts.append(part(len(parts)))
        length += len(parts[-1])
    return head + "".join(parts) + tail


def _bomb(size: int) -> str:
    """Each fragment spreads the next one twice."""
    parts = _numbered(
        size - 60, lambda n: f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} ", "", ""
    )
    last = parts.count("fragment")
    return f"{{ ...F0 }} {parts}fragment F{last} on Query {{ __typename }}"


def _wide_bomb(size: int) -> str:
    """Fields of fragments over fragments, each with nested selections of one name."""
    parts = _numbered(
        size - 80,
        lambda n: (
            f"fragment F{n} on Category {{ posts {{ nodes {{ id }} }} ...F{n + 1} ...F{n + 1} }} "
        ),
        "",
        "",
    )
    last = parts.count("fragment")
    return f'{{ category(slug: "a") {{ ...F0 }} }} {parts}fragment F{last} on Category {{ id }}'


def _cycle(size: int) -> str:
    parts = _numbered(size - 40, lambda n: f"fragment F{n} on Query {{ ...F{n + 1} }} ", "", "")
    last = parts.count("fragment")
    return f"{{ ...F0 }} {parts}fragment F{last} on Query {{ ...F0 }}"


def _same_nested(size: int) -> str:
    """One field again and again, each with the same fields below: every pair is compared."""
    return _repeated(size, "categories { nodes { id slug name } } ")


def _same_in_fragments(size: int) -> str:
    """Nine times the same field at each of many levels of inline fragments."""
    return _repeated(size, "... on Query { categories { nodes { id } } } ")


def _two_by_two(size: int) -> str:
    """Pairs of the same field below pairs of the same field: comparing doubles with each level."""
    depth = 9
    text = "id "
    for name in ["nodes", "posts"] * (depth // 2):
        text = f"{name} {{ {text} }} {name} {{ {text} }} " if len(text) < size / 2.3 else text
    return f"{{ categories {{ {text} }} }}"


def _fragment_pairs(size: int) -> str:
    """Many fragments side by side with one field in common."""
    names = _numbered(size // 2, lambda n: f"...F{n} ", "{ ", " }")
    count = names.count("...")
    return names + "".join(
        f" fragment F{n} on Query {{ categories {{ nodes {{ id }} }} }}" for n in range(count)
    )


BOMBS: Final = frozenset({"fragment bomb", "bomb with fields", "pairs below pairs"})
ANSWERED: Final = frozenset({"blank"})  # it asks for nothing, and gets it
DOCUMENTS: Final[Mapping[str, Callable[[int], str]]] = {
    "fragment bomb": _bomb,
    "bomb with fields": _wide_bomb,
    "fragment cycle": _cycle,
    "one field repeated": lambda size: _repeated(size, "__typename "),
    "same field, nested": _same_nested,
    "in inline fragments": _same_in_fragments,
    "pairs below pairs": _two_by_two,
    "many fragments": _fragment_pairs,
    "aliases": lambda size: _numbered(size, lambda n: f"a{n}: __typename "),
    "directives": lambda size: _repeated(size, "@skip(if: false) ", "{ __typename ", " }"),
    "unknown directives": lambda size: _numbered(size, lambda n: f"@d{n} ", "{ __typename ", " }"),
    "unknown fields": lambda size: _numbered(size, lambda n: f"b{n} "),
    "nesting": lambda size: "{ a" * (size // 4) + " }" * (size // 4),
    "nested values": lambda size: (
        f"{{ nodes(ids: {'[' * (size // 2)}{']' * (size // 2)}) {{ id }} }}"
    ),
    "long list": lambda size: _repeated(size, "1 ", "{ nodes(ids: [", "]) { id } }"),
    "long text": lambda size: _repeated(size, "x", '{ search(query: "', '") { totalCount } }'),
    "block text": lambda size: _repeated(
        size, "\\n ", '{ search(query: """', '""") { totalCount } }'
    ),
    "comments": lambda size: _repeated(size, "#\n", "{ ", " }"),
    "variables": lambda size: _numbered(
        size, lambda n: f"$v{n}: Int ", "query (", ") { __typename }"
    ),
    "operations": lambda size: _numbered(size, lambda n: f"query Q{n} {{ __typename }} ", "", ""),
    "blank": lambda size: _repeated(size, " ", "{", "}"),
    "introspection": lambda size: _repeated(
        size, "fields { type { ", '{ __type(name: "Post") { ', " } }"
    ),
}
