"""Every call to a store has a span and a duration, and is counted where it fails."""

from collections.abc import Sequence

import pytest
from opentelemetry.trace import StatusCode
from redis.exceptions import TimeoutError as TimedOut

from domain.errors import Unavailable
from runtime.metrics import Metrics
from stores.kafka_batches import Outgoing
from stores.kafka_events import KafkaWriter
from stores.opensearch_client import OpenSearchClient
from stores.postgres_pool import open_pool
from stores.redis_client import RedisClient
from stores.redis_protocol import Command, Reply, Script
from stores.store_calls import StoreCalls
from tests.tracing_fixture import Observer

NOBODY = "127.0.0.1:1"


class Scripted:
    """A server in memory that answers everything with one reply, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    async def run(self, commands: Sequence[Command]) -> list[Reply]:
        if self._failure is not None:
            raise self._failure
        return [b"reply" for _ in commands]

    async def load(self, script: Script) -> None:
        """Knows all scripts."""

    async def identities(self) -> str:
        return "one"

    async def close(self) -> None:
        """Holds nothing."""


def failures(metrics: Metrics, store: str, reason: str) -> float | None:
    labels = {"store": store, "reason": reason}
    return metrics.registry.get_sample_value("explore_store_failures_total", labels)


def calls(metrics: Metrics, store: str, call: str) -> float | None:
    name = "explore_store_call_duration_seconds_count"
    return metrics.registry.get_sample_value(name, {"store": store, "call": call})


def client(metrics: Metrics, failure: Exception | None = None) -> RedisClient:
    return RedisClient(Scripted(failure), timeout=1.0, in_cluster=False, metrics=metrics)


async def test_a_call_to_redis_is_measured_and_traced(observer: Observer) -> None:
    metrics = Metrics.create()
    redis = client(metrics)
    await redis.run([("GET", "a"), ("GET", "b")])
    await redis.run([])  # nothing is asked
    await redis.identities()
    assert calls(metrics, "redis", "run") == 1.0
    assert calls(metrics, "redis", "identities") == 1.0
    assert failures(metrics, "redis", "unavailable") is None
    assert list(observer.spans) == ["redis.run", "redis.identities"]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (OSError(), "unavailable"),
        (TimedOut(), "timeout"),
        (TimeoutError(), "timeout"),
    ],
)
async def test_failures_are_counted_by_their_reason(
    failure: Exception, reason: str, observer: Observer
) -> None:
    metrics = Metrics.create()
    with pytest.raises(Unavailable):
        await client(metrics, failure).run([("GET", "a")])
    assert failures(metrics, "redis", reason) == 1.0
    assert calls(metrics, "redis", "run") == 1.0
    assert observer.spans["redis.run"].status.status_code is StatusCode.ERROR


async def test_what_a_caller_gives_up_is_no_failure_of_the_store() -> None:
    metrics = Metrics.create()
    with pytest.raises(KeyError), StoreCalls("redis", metrics)("run"):
        raise KeyError
    assert failures(metrics, "redis", "unavailable") is None
    assert calls(metrics, "redis", "run") == 1.0


async def test_without_metrics_nothing_is_kept() -> None:
    with StoreCalls("redis")("run") as nothing:
        assert nothing is None


@pytest.mark.integration
async def test_stores_that_are_away_are_counted(observer: Observer) -> None:
    metrics = Metrics.create()
    postgres = await open_pool(f"postgresql://x@{NOBODY}/x", timeout=1.0, metrics=metrics)
    opensearch = OpenSearchClient(f"http://{NOBODY}", timeout=1.0, metrics=metrics)
    kafka = KafkaWriter(NOBODY, timeout=1.0, idempotent=False, metrics=metrics)
    for asked in (
        postgres.fetch("SELECT 1"),
        opensearch.count("posts"),
        kafka.send([Outgoing("topic", b"key", b"value")]),
    ):
        with pytest.raises(Unavailable):
            await asked
    with pytest.raises(Unavailable):
        async with postgres.transaction():
            pass
    for store, call in (("postgresql", "fetch"), ("opensearch", "count"), ("kafka", "send")):
        assert calls(metrics, store, call) == 1.0
        assert observer.spans[f"{store}.{call}"].status.status_code is StatusCode.ERROR
    assert calls(metrics, "postgresql", "transaction") == 1.0
    assert failures(metrics, "postgresql", "unavailable") == 2.0
    await postgres.close()
    await opensearch.close()
    await kafka.close()
