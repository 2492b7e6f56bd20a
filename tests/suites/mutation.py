"""Good requests with something broken in them: the same ones for the same seed."""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from tests.suites.stranger import STORED

ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    1e308,
    0.1,
    "",
    "\0",
    "\ud7ff",
    "🦜" * 50,
    "a" * 5_000,
    "' OR 1=1 --",
    [],
    [[]],
    {},
    {"a": {"b": []}},
    "1970-01-01T00:00:00Z",
    "UGdvOnA=",
)
TARGET: Final = {"target": {"postId": "x"}, "action": "LIKE", "impressionToken": "t"}
BODIES: Final[tuple[dict[str, Any], ...]] = (
    {"documentId": STORED["Explore"], "variables": {"first": 5, "after": None, "region": "DE"}},
    {"documentId": STORED["Trending"], "variables": {"window": "DAY", "scope": {"region": "DE"}}},
    {"documentId": STORED["Search"], "variables": {"query": "photo", "type": "POSTS", "first": 5}},
    {"documentId": STORED["CategoryPage"], "variables": {"slug": "technology"}},
    {"documentId": STORED["HashtagPage"], "variables": {"name": "photo", "window": "WEEK"}},
    {"documentId": STORED["PostPage"], "variables": {"id": "x"}},
    {"documentId": STORED["TrackInteraction"], "variables": {"input": TARGET}},
    {
        "documentId": STORED["TrackInteractions"],
        "variables": {"input": {"interactions": [TARGET]}},
    },
    {"documentId": STORED["UpdateContentSettings"], "variables": {"input": {"region": "DE"}}},
    {"documentId": STORED["SetOnboardingCategories"], "variables": {"input": {"slugs": ["art"]}}},
    {"query": "query A($n: Int = 3) { trending(first: $n) { nodes { id title } } }"},
    {"query": '{ node(id: "x") { id ... on Post { text } } }', "variables": {}},
    {"query": "subscription { trendingUpdates { version } }", "operationName": None},
    {
        "query": "{ viewer { id interests { maturity } } rateLimit { remaining } }",
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}},
    },
)


def mutated_bodies(count: int, seed: int) -> Iterator[bytes]:
    """Bodies, each with one to three things changed in its values or its bytes."""
    draw = random.Random(seed)
    for _ in range(count):
        body = json.loads(json.dumps(draw.choice(BODIES)))
        for _ in range(draw.randint(1, 3)):
            draw.choice(CHANGES)(body, draw)
        content = json.dumps(body).encode()
        yield _broken(content, draw) if draw.random() < 0.4 else content


def _replace(body: dict[str, Any], draw: random.Random) -> None:
    if places := list(_places(body)):
        holder, key = draw.choice(places)
        holder[key] = draw.choice(ODD)


def _remove(body: dict[str, Any], draw: random.Random) -> None:
    if places := list(_places(body)):
        holder, key = draw.choice(places)
        holder.pop(key)


def _add(body: dict[str, Any], draw: random.Random) -> None:
    body[draw.choice(["variables", "extensions", "query", "documentId", "x"])] = draw.choice(ODD)


def _cut(body: dict[str, Any], draw: random.Random) -> None:
    text = body.get("query")
    if isinstance(text, str) and text:
        at = draw.randrange(len(text))
        body["query"] = text[:at] + draw.choice("{}()[]$@\"'\\#!…&|=:\n\t\0") + text[at + 1 :]


CHANGES: Final[tuple[Callable[[dict[str, Any], random.Random], None], ...]] = (
    _replace,
    _replace,
    _remove,
    _add,
    _cut,
)


def _places(value: dict[Any, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    members: Iterable[tuple[Any, Any]] = (
        value.items() if isinstance(value, dict) else enumerate(value)
    )
    for key, inner in list(members):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)  # pyright: ignore[reportUnknownArgumentType] - any JSON


def _broken(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    kind = draw.randrange(4)
    if kind == 0:
        return content[:at]
    if kind == 1:
        return content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]
    if kind == 2:
        return content[:at] + content[at:] * 2
    return content[:at] + b"[" * draw.randint(1, 200) + content[at:]
