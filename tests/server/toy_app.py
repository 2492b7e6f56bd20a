"""The server on a schema of a dozen fields, with everything that real requests meet around it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import strawberry
from graphql import GraphQLError
from starlette.types import ASGIApp

from domain.errors import (
    InvalidInput,
    MalformedCursor,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMany,
    Unavailable,
)
from domain.interests import InterestProfile
from domain.ports.viewers import Charge, ViewerReads
from domain.viewer import ViewerState
from runtime.deadlines import remaining
from runtime.metrics import Metrics
from runtime.settings import load_settings
from server.app import Resources, create_app
from server.auth import Authenticator
from server.caller import Caller
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema
from server.signing_keys import SigningKeys
from server.trusted_documents import TrustedDocuments
from services.context import RequestContext
from tests.fakes.clock import FixedClock
from tests.server.token_factory import AUDIENCE, ISSUER, key_set

Info = strawberry.Info[RequestContext, None]
FAULTS: Mapping[str, Exception] = {
    "cursor": MalformedCursor(),
    "input": InvalidInput("first must be 1 to 50.", field="first"),
    "forbidden": NotAllowed("This needs the role moderator."),
    "sign-in": NotSignedIn("Sign in to do this."),
    "missing": NotFound("There is no such thing."),
    "too-many": TooMany("At most 100."),
    "unavailable": Unavailable("redis", "10.0.0.7:6379 refused"),
    "timeout": TimeoutError(),
    "bug": RuntimeError("password=hunter2"),
    "coded": GraphQLError("Not now.", extensions={"code": "OVERLOADED"}),
    "odd-code": GraphQLError("secret", extensions={"code": "TEAPOT"}),
}


@strawberry.type
class Creator:
    handle: str


@strawberry.type
class Post:
    id: strawberry.ID
    creator: Creator
    tags: list[Creator]


@strawberry.type
class Edge:
    cursor: str
    node: Post


@strawberry.type
class Connection:
    edges: list[Edge]
    nodes: list[Post]


def connection(first: int) -> Connection:
    posts = [
        Post(id=strawberry.ID(f"p{i}"), creator=Creator(handle=f"h{i}"), tags=[])
        for i in range(first)
    ]
    return Connection(edges=[Edge(cursor=post.id, node=post) for post in posts], nodes=posts)


@strawberry.type
class Query:
    @strawberry.field
    def name(self) -> str:
        return "n"

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def fault(self, kind: str) -> str | None:
        raise FAULTS[kind]

    @strawberry.field
    def required_fault(self, kind: str) -> str:
        raise FAULTS[kind]

    @strawberry.field
    def seconds_left(self) -> float | None:
        return remaining()

    @strawberry.field
    def null_text(self) -> str:
        return None  # pyright: ignore[reportReturnType] - what a broken resolver gives

    @strawberry.field
    def large_number(self) -> int | None:
        return 2**40

    @strawberry.field
    def explore(self, info: Info, first: int = 20, after: str | None = None) -> Connection:
        return connection(first)

    @strawberry.field
    def search(self, query: str, first: int = 20) -> Connection:
        return connection(first)

    @strawberry.field
    def viewer(self, info: Info) -> Creator | None:
        viewer_id = info.context.viewer_id
        return None if viewer_id is None else Creator(handle=viewer_id)

    @strawberry.field
    def rate_limit(self, info: Info) -> int:
        allowance = info.context.started.allowance
        assert allowance is not None
        return allowance.remaining


@strawberry.type
class Mutation:
    @strawberry.mutation
    def track(self) -> bool:
        return True

    @strawberry.mutation
    def review_post(self) -> bool:
        return True

    @strawberry.mutation
    def upsert_category(self) -> bool:
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int, *, fail: bool = False) -> AsyncGenerator[int]:
        for number in range(to):
            yield number
            await asyncio.sleep(0)
        if fail:
            raise FAULTS["bug"]

    @strawberry.subscription
    async def forever(self) -> AsyncGenerator[int]:
        yield 0
        await asyncio.Event().wait()


@dataclass
class Begun:
    """What the view asked for before it executed."""

    caller: Caller
    charge: Charge
    cursors: Sequence[str]


@dataclass
class StoreAway:
    """`Begin` while the store does not answer: the process's own limits hold then."""

    begun: list[Begun] = field(default_factory=list[Begun])

    async def __call__(
        self, caller: Caller, charge: Charge, cursors: Sequence[str]
    ) -> ViewerReads:
        self.begun.append(Begun(caller, charge, cursors))
        return ViewerReads(None, InterestProfile(), ViewerState())


@dataclass(kw_only=True)
class Toy:
    """One server; `settings` are environment variables over those of a development server."""

    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    clock: FixedClock = field(default_factory=FixedClock)
    metrics: Metrics = field(default_factory=Metrics.create)
    begin: StoreAway = field(default_factory=StoreAway)
    lists_version: int = 0

    def __post_init__(self) -> None:
        self.schema = ExecutableSchema(Query, Mutation, Subscription)
        self.source = DocumentSource(self.schema, introspection=True)
        self.trusted = TrustedDocuments(self.source)
        keys = SigningKeys(self._keys, self.clock)
        environment = {"EXPLORE_ENVIRONMENT": "development", **self.settings}
        self.resources = Resources(
            settings=load_settings(environment),
            clock=self.clock,
            metrics=self.metrics,
            schema=self.schema,
            sdl="type Query { name: String! }\n",
            source=self.source,
            trusted=self.trusted,
            authenticator=Authenticator(keys, self.clock, issuer=ISSUER, audience=AUDIENCE),
            begin=self.begin,
            make_context=lambda request: request,
            lists_version=lambda: self.lists_version,
        )
        self.app: ASGIApp = create_app(self.resources)

    async def _keys(self) -> bytes:
        return key_set()

    @asynccontextmanager
    async def http(
        self, client: tuple[str, int] = ("203.0.113.7", 1)
    ) -> AsyncGenerator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield http

    async def post(
        self,
        body: object,
        headers: Mapping[str, str] | None = None,
        client: tuple[str, int] = ("203.0.113.7", 1),
    ) -> httpx.Response:
        """POST a value as JSON, or bytes as they are."""
        given = {"content-type": "application/json", **(headers or {})}
        async with self.http(client) as http:
            if isinstance(body, bytes):
                return await http.post("/graphql", content=body, headers=given)
            return await http.post("/graphql", json=body, headers=given)

    async def get(
        self, parameters: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        async with self.http() as http:
            return await http.get("/graphql", params=dict(parameters), headers=dict(headers or {}))


def codes(response: httpx.Response) -> list[str]:
    """The codes of a response's errors."""
    errors: list[dict[str, Any]] = response.json()["errors"]
    return [error["extensions"]["code"] for error in errors]
