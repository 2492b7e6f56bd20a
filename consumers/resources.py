"""The stores that consumers work on, opened once per process and shared by all of them."""

from dataclasses import dataclass
from typing import Final, Self

from runtime.clock import Clock
from runtime.metrics import Metrics
from runtime.settings import Membership, Settings
from stores.event_codec import EventCodec
from stores.kafka_events import KafkaEvents, KafkaWriter
from stores.kafka_progress import KafkaProgress
from stores.opensearch_client import OpenSearchClient
from stores.postgres_creators import PostgresCreators
from stores.postgres_pool import PostgresPool, open_pool
from stores.postgres_posts import PostgresPosts
from stores.redis_client import RedisClient, open_redis
from stores.redis_pools import RedisPools, RedisPoolWriter
from stores.redis_records import RedisCreatorRecords, RedisPostRecords

# A batch may wait longer than a request: seconds for a call.
REDIS: Final = 2.0
POSTGRES: Final = 10.0
OPENSEARCH: Final = 10.0
KAFKA: Final = 10.0


@dataclass(frozen=True, slots=True)
class Resources:
    settings: Settings
    clock: Clock
    metrics: Metrics
    redis: RedisClient
    postgres: PostgresPool
    opensearch: OpenSearchClient
    writer: KafkaWriter
    progress: KafkaProgress

    @classmethod
    async def open(cls, settings: Settings, clock: Clock, metrics: Metrics) -> Self:
        """Nothing is connected before it is used."""
        return cls(
            settings=settings,
            clock=clock,
            metrics=metrics,
            redis=open_redis(settings.redis_url, timeout=REDIS, metrics=metrics),
            postgres=await open_pool(settings.postgres_dsn, timeout=POSTGRES, metrics=metrics),
            opensearch=OpenSearchClient(
                settings.opensearch_url, timeout=OPENSEARCH, metrics=metrics
            ),
            writer=KafkaWriter(
                settings.kafka_bootstrap,
                timeout=KAFKA,
                idempotent=settings.consumer_membership is Membership.GROUP,
                metrics=metrics,
            ),
            progress=KafkaProgress(settings.kafka_bootstrap),
        )

    async def close(self) -> None:
        await self.writer.close()
        await self.progress.close()
        await self.opensearch.close()
        await self.postgres.close()
        await self.redis.close()

    @property
    def events(self) -> KafkaEvents:
        return KafkaEvents(self.writer, EventCodec())

    @property
    def pools(self) -> RedisPools:
        return RedisPools(self.redis)

    @property
    def pool_writer(self) -> RedisPoolWriter:
        return RedisPoolWriter(self.redis)

    @property
    def posts(self) -> PostgresPosts:
        return PostgresPosts(self.postgres)

    @property
    def creators(self) -> PostgresCreators:
        return PostgresCreators(self.postgres)

    @property
    def post_records(self) -> RedisPostRecords:
        return RedisPostRecords(self.redis, self.posts)

    @property
    def creator_records(self) -> RedisCreatorRecords:
        return RedisCreatorRecords(self.redis, self.creators)
