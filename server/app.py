"""The ASGI application: `/graphql`, health, metrics and the schema; built from given resources."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, Router, WebSocketRoute
from starlette.types import ASGIApp

from runtime.clock import Clock
from runtime.metrics import MEDIA_TYPE, Metrics
from runtime.settings import Documents as DocumentRule
from runtime.settings import Settings
from server import open_streams
from server.admission import Admission
from server.auth import Authenticator
from server.begin import Begin
from server.demo_tokens import demo_token_routes
from server.document_source import DocumentSource
from server.documents import Documents
from server.executable_schema import ExecutableSchema
from server.graphql_view import GraphQLView
from server.health import Readiness
from server.http_profile import status_profile
from server.middleware import Observed
from server.operations import MakeContext, Operations
from server.rate_limits import DEVELOPMENT_FACTOR, Quotas
from server.shared_answers import SharedAnswers
from server.static_pages import StaticPages
from server.trusted_documents import TrustedDocuments
from server.view_policy import ViewPolicy

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """All that the application is built from; whoever makes it also starts and closes it.

    `schema` is an `ExecutableSchema` whose `sdl` is served as it stands; `source` prepares
    documents for it and `trusted` holds the stored ones. `begin` is the round trip before each
    operation; `make_context` gives resolvers their `info.context`. What `lists_version` returns
    changes whenever lists may have. `pages` are those for people;
    `routes` are added as they are.
    """

    settings: Settings
    clock: Clock
    metrics: Metrics
    schema: ExecutableSchema
    sdl: str
    source: DocumentSource
    trusted: TrustedDocuments
    authenticator: Authenticator
    begin: Begin
    make_context: MakeContext
    lists_version: Callable[[], object]
    readiness: Readiness = field(default_factory=Readiness)
    pages: StaticPages | None = None
    routes: Sequence[BaseRoute] = ()


def create_app(resources: Resources) -> ASGIApp:
    """The application; it opens nothing itself."""
    view, pages = _view(resources), resources.pages
    routes: list[BaseRoute] = [
        Route("/graphql", pages.before(view) if pages else view),
        WebSocketRoute("/graphql", view),
        *resources.readiness.routes(),
        Route("/metrics", _metrics(resources.metrics)),
        Route("/schema.graphql", _text(resources.sdl)),
        *(pages.routes() if pages else []),
        *demo_token_routes(resources.settings, resources.clock),
        *resources.routes,
    ]
    paths = frozenset(route.path for route in routes if isinstance(route, Route))
    # A bare router: the application class would answer what fails in its own, unmasked way.
    router = Router(routes, redirect_slashes=False)
    return Observed(router, routes=paths, clock=resources.clock, metrics=resources.metrics)


def _view(resources: Resources) -> GraphQLView:
    settings, metrics = resources.settings, resources.metrics
    documents = Documents(
        resources.source,
        resources.trusted,
        metrics,
        stored_only=settings.documents is DocumentRule.REQUIRED,
    )
    factor = DEVELOPMENT_FACTOR if settings.is_development else 1
    quotas = Quotas().times(factor)
    admission = Admission(
        documents, resources.begin, quotas=quotas, clock=resources.clock, metrics=metrics
    )
    policy = ViewPolicy(
        profile=status_profile(settings.http_profile),
        query_timeout=settings.request_timeout,
        mutation_timeout=settings.mutation_timeout,
        trusted_proxies=settings.trusted_proxies,
        allowed_origins=settings.allowed_origins,
        texts_by_get=settings.is_development,
        streams=factor * open_streams.MOST,
    )
    operations = Operations(resources.schema, resources.make_context, metrics)
    shared = SharedAnswers(resources.clock, resources.lists_version)
    return GraphQLView(
        resources.schema, resources.authenticator, admission, operations, policy, shared
    )


def _metrics(metrics: Metrics) -> Endpoint:
    async def endpoint(_request: Request) -> Response:
        return Response(metrics.exposition(), media_type=MEDIA_TYPE)

    return endpoint


def _text(text: str) -> Endpoint:
    async def endpoint(_request: Request) -> Response:
        return PlainTextResponse(text)

    return endpoint
