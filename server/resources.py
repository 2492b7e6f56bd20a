"""The composition root of the API process: everything is opened, started and closed here."""

import gc
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from domain.cursors import SessionCursors
from resolvers.root import create_schema
from runtime.background import Background
from runtime.clock import Clock, SystemClock
from runtime.logs import quiet
from runtime.metrics import Metrics
from runtime.settings import Settings
from schema.context import Context
from schema.sdl import sdl
from schema.use_cases import UseCases
from server.app import Resources
from server.auth import Authenticator
from server.document_source import DocumentSource
from server.engines import Engines, open_engines, open_postgres
from server.erasure_route import ErasureRoute
from server.executable_schema import ExecutableSchema
from server.health import Readiness
from server.own_documents import follow_documents, store_own_documents
from server.plan_cache import PlanCache
from server.round_trip import RoundTrip
from server.signing_keys import SigningKeys, check_file, fetch_from
from server.static_pages import load_pages
from server.trusted_documents import FOLLOW_SECONDS, DocumentStore, TrustedDocuments
from services.assembly import Services, assemble
from services.context import RequestContext
from services.trending_watch import TrendingWatch
from services.viewer_restore import ViewerRestore
from stores.answering import ENGINES, NoAnswer, Question, silent_after
from stores.postgres_documents import PostgresDocuments
from stores.postgres_pool import PostgresPool
from stores.postgres_schema import require_migrated

KEYS_SECONDS: Final = 300.0  # between two fetches of the signing keys
START_SECONDS: Final = 10.0  # that engines have to answer before the start goes on without them
LAST_WRITES: Final = 0.5  # seconds for what requests left to be written

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Workers:
    """`behind` is work that requests start and that ends by itself, `periodic` goes on.

    `at_end` holds what else has to be stopped.
    """

    behind: Background
    periodic: Background
    at_end: AsyncExitStack = field(default_factory=AsyncExitStack)


@asynccontextmanager
async def open_resources(settings: Settings, readiness: Readiness) -> AsyncGenerator[Resources]:
    """All that the application is built from, ready to serve.

    `readiness` is that of the process, which answers probes already.

    Raises:
        CannotStart: a setting cannot be used, the database is not migrated, or there is nothing
            to serve from.

    """
    check_file(settings.jwks)
    clock, metrics = SystemClock(), Metrics.create()

    def note(task: str) -> None:
        metrics.background_failures.labels(task).inc()

    # Apart from each other, for only work that ends by itself can be waited for.
    work = Workers(behind=Background(on_failure=note), periodic=Background(on_failure=note))
    async with open_engines(settings, clock, metrics) as engines:
        try:
            yield await _start(settings, engines, work, clock, metrics, readiness)
        finally:
            await work.at_end.aclose()
            await work.periodic.close()
            await work.behind.drain(LAST_WRITES)
            await work.behind.close()


@asynccontextmanager
async def open_document_store(settings: Settings) -> AsyncGenerator[DocumentStore]:
    """The store of trusted documents alone.

    Raises:
        CannotStart: the database does not answer or is not migrated.

    """
    postgres = await open_postgres(settings.postgres_dsn, settings)
    try:
        if silent := await silent_after(START_SECONDS, [_migrated(postgres)]):
            raise NoAnswer(silent)
        yield PostgresDocuments(postgres)
    finally:
        await postgres.close()


async def _start(
    settings: Settings,
    engines: Engines,
    work: Workers,
    clock: Clock,
    metrics: Metrics,
    readiness: Readiness,
) -> Resources:
    ports = engines.ports
    services = assemble(
        ports,
        secrets=settings.secrets,
        background=work.behind,
        clock=clock,
        metrics=metrics,
        search_is_bounded=settings.search_capacity > 0,
    )
    # Answers are printed by orjson alone, over HTTP, SSE and WebSocket.
    plans = PlanCache(lambda outcome: metrics.plans.labels(outcome).inc(), splices=True)
    schema = create_schema(partial(ExecutableSchema, plans=plans))
    source = DocumentSource(schema, introspection=settings.is_development)
    trusted = TrustedDocuments(source)
    keys = SigningKeys(
        fetch_from(settings.jwks),
        clock,
        on_fetch=lambda result: metrics.key_fetches.labels(result).inc(),
    )
    await _wait_for_something_to_serve(engines, services)
    await services.category_catalog.refresh()
    await store_own_documents(engines.documents, trusted)
    if settings.jwks:
        await keys.refresh()
        work.periodic.repeat("keys.refresh", KEYS_SECONDS, keys.refresh)
    work.periodic.repeat(
        "documents.follow", FOLLOW_SECONDS, lambda: follow_documents(engines.documents, trusted)
    )
    services.start(work.periodic)
    work.behind.start("pools.warm", _warm(services))
    use_cases = _use_cases(services)
    restore = ViewerRestore(ports.viewers, ports.viewer_states, work.behind)

    authenticator = Authenticator(
        keys,
        clock,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        on_refusal=lambda reason: metrics.tokens_refused.labels(reason.value).inc(),
    )
    begin = RoundTrip(ports.viewers, SessionCursors(settings.secrets), restore)
    erasure = ErasureRoute(services.erasure, authenticator, begin, settings, clock)

    watch = TrendingWatch(
        use_cases.trending, stands=services.trending.stands, viewers=ports.viewers
    )
    work.at_end.push_async_callback(watch.stop)
    readiness.on_draining = watch.close

    def make_context(request: RequestContext) -> Context:
        return Context(request, use_cases, watch)

    return Resources(
        settings=settings,
        clock=clock,
        metrics=metrics,
        schema=schema,
        sdl=sdl(schema),
        source=source,
        trusted=trusted,
        authenticator=authenticator,
        begin=begin,
        make_context=make_context,
        lists_version=lambda: services.cache.changes,
        readiness=readiness,
        pages=load_pages(with_graphiql=settings.is_development),
        routes=[erasure.route()],
    )


async def _warm(services: Services) -> None:
    """Read ahead; then spare the collector what lives as long as the process."""
    await services.warm()
    gc.collect()
    gc.freeze()


def _use_cases(services: Services) -> UseCases:
    return UseCases(
        explore=services.explore,
        trending=services.trending,
        categories=services.categories,
        creators=services.creators,
        hashtags=services.hashtags,
        search=services.search,
        nodes=services.nodes,
        related=services.related,
        viewer=services.viewer,
        interactions=services.interactions,
        moderation=services.moderation,
        erasure=services.erasure,
    )


async def _wait_for_something_to_serve(engines: Engines, services: Services) -> None:
    """Wait for migrations and the first pools; without them for snapshots or the static list.

    A process that has something to serve starts, so that an outage does not spread by restarts;
    one that has nothing tells which settings to look at.
    """
    with quiet():
        questions = (_migrated(engines.postgres), Question("redis", services.cache.poll))
        silent = await silent_after(START_SECONDS, questions)
        if not services.cache.is_ready:
            await services.fallback.level()
            if not len(services.cache.catalog.table):
                raise NoAnswer(silent)
    for failure in silent:
        log.warning(
            "engine.away", failure=str(failure), setting=ENGINES[failure.dependency].setting
        )


def _migrated(postgres: PostgresPool) -> Question:
    return Question("postgresql", lambda: require_migrated(postgres))
