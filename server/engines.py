"""Adapters to the engines, opened once per process."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runtime.clock import Clock
from runtime.metrics import Metrics
from runtime.settings import Membership, Settings
from services.assembly import Ports
from services.record_fallback import CreatorFallback, PostFallback
from stores.event_codec import EventCodec
from stores.kafka_events import KafkaEvents, KafkaWriter
from stores.opensearch_client import OpenSearchClient
from stores.opensearch_search import OpenSearchSearch
from stores.postgres_categories import PostgresCategories
from stores.postgres_creators import PostgresCreators
from stores.postgres_documents import PostgresDocuments
from stores.postgres_erasures import PostgresErasures
from stores.postgres_follows import PostgresFollows
from stores.postgres_hashtags import PostgresHashtags
from stores.postgres_moderation import PostgresModeration
from stores.postgres_pool import PostgresPool, open_pool
from stores.postgres_posts import PostgresPosts
from stores.postgres_reactions import PostgresReactions
from stores.postgres_search import PostgresSearch
from stores.postgres_snapshots import PostgresSnapshots
from stores.postgres_viewer_states import PostgresViewerStates
from stores.redis_client import open_redis
from stores.redis_counters import RedisCounters
from stores.redis_pools import RedisPools
from stores.redis_records import RedisCreatorRecords, RedisPostRecords
from stores.redis_viewers import RedisViewers
from stores.static_lists import StaticListFile

REPLICA: Final = "EXPLORE_POSTGRES_REPLICA_DSN"
BACKGROUND_SECONDS: Final = 0.5  # a call that no request waits for; at least this long
COUNTING_SECONDS: Final = 5.0  # hashtags of a week are some hundred thousand uses
COUNTING_CONNECTIONS: Final = 2
REVIEW_SECONDS: Final = 1.5  # a decision of a person is worth waiting for
REVIEW_CONNECTIONS: Final = 4
ERASURE_SECONDS: Final = 1.5  # a person asks once: better late than not at all
ERASURE_CONNECTIONS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """`postgres` is for looks at the schema, `documents` for stored operations."""

    ports: Ports
    postgres: PostgresPool
    documents: PostgresDocuments


@asynccontextmanager
async def open_engines(
    settings: Settings, clock: Clock, metrics: Metrics
) -> AsyncGenerator[Engines]:
    """Everything is connected when it is first used, and closed at the end."""
    async with AsyncExitStack() as stack:
        redis = open_redis(settings.redis_url, timeout=settings.redis_timeout, metrics=metrics)
        stack.push_async_callback(redis.close)
        # Pools are read in the background, where a large answer may take its time.
        patient = max(settings.redis_timeout, BACKGROUND_SECONDS)
        background_redis = open_redis(settings.redis_url, timeout=patient, metrics=metrics)
        stack.push_async_callback(background_redis.close)
        writes = await open_postgres(settings.postgres_dsn, settings, metrics=metrics)
        stack.push_async_callback(writes.close)
        reads = await open_postgres(
            settings.postgres_replica_dsn, settings, setting=REPLICA, metrics=metrics
        )
        stack.push_async_callback(reads.close)
        counting = await open_postgres(
            settings.postgres_replica_dsn,
            settings,
            COUNTING_SECONDS,
            COUNTING_CONNECTIONS,
            setting=REPLICA,
            metrics=metrics,
        )
        stack.push_async_callback(counting.close)
        erasing = await open_postgres(
            settings.postgres_dsn,
            settings,
            ERASURE_SECONDS,
            ERASURE_CONNECTIONS,
            metrics=metrics,
        )
        stack.push_async_callback(erasing.close)
        reviewing = await open_postgres(
            settings.postgres_dsn,
            settings,
            REVIEW_SECONDS,
            REVIEW_CONNECTIONS,
            metrics=metrics,
        )
        stack.push_async_callback(reviewing.close)
        opensearch = OpenSearchClient(
            settings.opensearch_url, timeout=settings.search_timeout, metrics=metrics
        )
        stack.push_async_callback(opensearch.close)
        writer = KafkaWriter(
            settings.kafka_bootstrap,
            timeout=settings.kafka_timeout,
            idempotent=settings.consumer_membership is Membership.GROUP,
            metrics=metrics,
        )
        stack.push_async_callback(writer.close)
        posts, creators = PostgresPosts(reads), PostgresCreators(reads)
        ports = Ports(
            pools=RedisPools(background_redis),
            records=PostFallback(RedisPostRecords(background_redis, posts), posts),
            counts=RedisCounters(background_redis),
            creators=CreatorFallback(RedisCreatorRecords(background_redis, creators), creators),
            posts=posts,
            categories=PostgresCategories(writes),
            hashtags=PostgresHashtags(reads),
            hashtag_counts=PostgresHashtags(counting),
            viewers=RedisViewers(redis, behind=background_redis),
            viewer_states=PostgresViewerStates(writes),
            reactions=PostgresReactions(reads),
            follows=PostgresFollows(reads),
            moderation=PostgresModeration(reviewing),
            erasures=PostgresErasures(erasing),
            snapshots=PostgresSnapshots(reads),
            static=StaticListFile(Path(settings.static_lists)),
            search=OpenSearchSearch(opensearch, clock.now),
            search_fallback=PostgresSearch(reads),
            events=KafkaEvents(writer, EventCodec()),
        )
        yield Engines(ports=ports, postgres=writes, documents=PostgresDocuments(writes))


async def open_postgres(
    dsn: str,
    settings: Settings,
    seconds: float = 0.0,
    connections: int = 10,
    *,
    setting: str = "EXPLORE_POSTGRES_DSN",
    metrics: Metrics | None = None,
) -> PostgresPool:
    """A pool of connections; a call may take `seconds` where that is more than usual.

    Raises:
        SettingError: the DSN, which that setting gave, cannot be read.

    """
    timeout = max(seconds, settings.postgres_timeout)
    return await open_pool(
        dsn, timeout=timeout, size=connections, setting=setting, metrics=metrics
    )
