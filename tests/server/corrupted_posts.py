"""A toy schema, posts whose attributes are not what their types say, and documents that ask."""

# Values of any type on purpose, in a schema whose root has no other source of data than a list:
# ruff: noqa: ANN401
# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import asyncio
import copy
import datetime as dt
import enum
import random
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

import strawberry

from schema.rendered import Rendered

T = TypeVar("T")


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Creator(Node):
    handle: str
    avatar_url: str | None
    is_verified: bool


@strawberry.type
class Stats:
    likes: int
    views: int | None


@strawberry.enum
class MediaKind(enum.Enum):
    IMAGE = "image"
    VIDEO = "video"


@strawberry.type
class Post(Node):
    title: str
    text: str | None
    kind: MediaKind
    score: float
    created_at: dt.datetime
    tags: list[str]
    notes: list[str | None] | None
    creator: Creator
    related: Creator | None
    stats: Stats
    rendered: strawberry.Private[Rendered | None] = None


@strawberry.type
class MixedPost(Post):
    @strawberry.field
    def excerpt(self) -> str:
        return self.title[:3]

    @strawberry.field
    async def editor(self) -> Creator:
        await asyncio.sleep(0)
        return self.creator


@strawberry.type(name="Edge")
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(name="Connection")
class Connection(Generic[T]):
    edges: list[Edge[T]]
    total: int


current: list[Any] = []


@strawberry.type
class Query:
    @strawberry.field
    async def feed(self) -> Connection[Post]:
        return Connection(edges=[Edge(cursor="c", node=p) for p in current], total=len(current))

    @strawberry.field
    def mixed(self) -> list[MixedPost | None]:
        return [MixedPost(**vars(p)) if type(p) is Post else p for p in current]

    @strawberry.field
    def nodes(self) -> list[Node]:
        return current


def make_post(i: int, rendered: Rendered | None = None) -> Post:
    creator = Creator(id=strawberry.ID(f"u{i}"), handle=f"h{i}", avatar_url=None, is_verified=True)
    return Post(
        id=strawberry.ID(f"p{i}"), title=f"title {i}", text=None, kind=MediaKind.VIDEO, score=0.5,
        created_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), tags=["a", "b"], notes=["x", None],
        creator=creator, related=copy.copy(creator), stats=Stats(likes=i, views=None),
        rendered=rendered,
    )  # fmt: skip


class Text(str):
    __slots__ = ()


class Lazy:
    """Awaitable, printable, and with any attribute: what a naive fast path would print."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, None, Any]:
        return asyncio.sleep(0, self.value).__await__()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.value, name)


class Broken(Exception):
    handle, is_verified, avatar_url, id = "h", True, None, "u"


JUNK: list[Callable[[Any], Any]] = [
    lambda old: None, lambda old: strawberry.UNSET, lambda old: 7, lambda old: 2**40,
    lambda old: float("nan"), lambda old: float("inf"), lambda old: 1.5, lambda old: True,
    lambda old: Text("sub"), lambda old: "image", lambda old: [1, None], lambda old: ("t", "u"),
    lambda old: iter(["i"]), lambda old: {"a": 1}, lambda old: Broken("boom"),
    Lazy, lambda old: asyncio.sleep(0, old), lambda old: object(),
    lambda old: MediaKind.IMAGE,
    lambda old: strawberry.cast(Stats, copy.copy(old)) if hasattr(old, "__dict__") else old,
]  # fmt: skip
LEAVES = ["id", "title", "text", "kind", "score", "createdAt", "tags", "notes", "__typename"]
NESTED = {
    "creator": ["id", "handle", "avatarUrl", "isVerified", "__typename"],
    "related": ["id", "handle", "__typename"],
    "stats": ["likes", "views", "__typename"],
}


def corrupted(seed: int) -> list[Any]:
    """Three posts, some of their parts not what they should be; each keeps JSON of its own."""
    rng = random.Random(seed)
    posts: list[Any] = [make_post(i, Rendered()) for i in range(3)]
    for _ in range(rng.choice([0, 1, 1, 2, 4])):
        post = rng.choice(posts)
        part = rng.choice(["", "", "creator", "related", "stats"])
        target = getattr(post, part, None) if part else post
        names = list(vars(target)) if isinstance(target, (Post, Creator, Stats)) else []
        names = [name for name in names if name != "rendered"]
        if not names:
            continue
        name = rng.choice(names)
        if rng.random() < 0.08:
            delattr(target, name)
        else:
            setattr(target, name, rng.choice(JUNK)(getattr(target, name)))
    if rng.random() < 0.1:
        posts[rng.randrange(3)] = rng.choice([None, Broken("boom"), Lazy(make_post(9)), 5])
    return posts


def damaged(junk: Callable[[Any], Any], part: str, name: str) -> list[Any]:
    post = make_post(1)
    target = getattr(post, part) if part else post
    setattr(target, name, junk(getattr(target, name)))
    return [make_post(0), post]


def _selection(rng: random.Random, names: list[str]) -> str:
    parts: list[str] = []
    for name in rng.sample(names, rng.randint(1, len(names))):
        alias = rng.choice(["", "", f"a{rng.randrange(9)}_{name.strip('_')}: "])
        condition = rng.choice(["", "", "@include(if: $yes)", "@skip(if: $no)", "@skip(if: true)"])
        parts.append(f"{alias}{name} {condition}")
    return " ".join(parts)


def document(rng: random.Random) -> str:
    nested = [f"{n} {{ {_selection(rng, f)} }}" for n, f in NESTED.items() if rng.random() < 0.7]
    fragment = f"fragment F on Post {{ {_selection(rng, LEAVES)} {' '.join(nested)} }}"
    post = f"... on Post {{ {_selection(rng, LEAVES)} creator {{ handle }} }}"
    editor = f"editor {{ {_selection(rng, NESTED['creator'])} }}"
    parts = [
        f"feed {{ total edges {{ cursor node {{ ...F ... on Node {{ id }} {post} }} }} }}",
        f"mixed {{ {_selection(rng, LEAVES)} excerpt creator {{ id }} {editor} }}",
        f"nodes {{ __typename id ... on Post {{ {_selection(rng, LEAVES)} stats {{ likes }} }} }}",
    ]
    chosen = rng.sample(parts, rng.randint(1, 3))
    used = fragment if any("...F" in part for part in chosen) else ""
    ends = "yes: __typename @include(if: $yes) no: __typename @skip(if: $no)"
    return f"query Q($yes: Boolean!, $no: Boolean!) {{ {' '.join(chosen)} {ends} }} {used}"
