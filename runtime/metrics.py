"""All metrics of the project: one closed, commented catalogue.

Base units, closed sets of label values, never an id. Each process builds one `Metrics` with a
registry of its own; whoever measures gets it from the composition root.
"""

from dataclasses import dataclass
from typing import Final, Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
# Seconds. 0.150 and 0.300 are the edges of the service level objective, so they must be buckets.
LATENCY: Final = (
    0.005, 0.010, 0.025, 0.050, 0.075, 0.100, 0.120, 0.150, 0.200, 0.250, 0.300, 0.500, 1.0, 2.5,
)  # fmt: skip
CALL: Final = (0.0005, 0.001, 0.0025, 0.005, 0.010, 0.020, 0.030, 0.050, 0.080, 0.150, 0.5, 2.5)
BATCH: Final = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    registry: CollectorRegistry

    # The API
    http_request_seconds: Histogram
    """By route (a fixed path or `other`), method and status."""
    operation_seconds: Histogram
    """By operation (a stored operation's name, else `other`) and outcome: ok, degraded,
    client_error, error, shed."""
    documents: Counter
    """By result: stored, cached, parsed, refused."""
    rate_limited: Counter
    """By bucket: viewer, address, search."""
    tokens_refused: Counter
    """Access tokens; by reason, a closed set."""
    key_fetches: Counter
    """Fetches of the signing keys; by result: ok, error."""
    plans: Counter
    """The compiled executor; by outcome: compile, plan, deopt."""
    subscriptions: Gauge
    """Open subscriptions over all connections."""

    # Ranking and reading
    ranking_seconds: Histogram
    """By feed."""
    cache_requests: Counter
    """By cache and result: hit, stale, miss, error."""
    degraded_responses: Counter
    """By what was missing or old, as `degradedSources` names it, and reason: timeout, unavailable,
    stale."""
    source_candidates: Counter
    """Candidates of rankings, by feed and source: the first that found each."""
    source_posts: Counter
    """Posts on pages, by feed and source."""
    snapshot_age_seconds: Gauge
    """Age of the newest list in PostgreSQL that pages could fall back to; of the materializer."""

    # Stores
    store_call_seconds: Histogram
    """By store (redis, postgresql, opensearch, kafka) and call, the client's method."""
    store_failures: Counter
    """By store and reason: timeout, unavailable."""

    # Consumers
    consumer_lag_records: Gauge
    """By consumer and topic, summed over partitions."""
    consumer_lag_seconds: Gauge
    """By consumer and topic: age of the oldest record not yet applied."""
    events_applied: Counter
    """By consumer and topic."""
    events_skipped: Counter
    """By topic and reason: replayed, unreadable (another consumer buries it)."""
    dead_letters: Counter
    """By topic and reason: unreadable, rejected, stale."""
    batch_seconds: Histogram
    """By consumer: from the first record's decoding to the commit."""
    consumer_pauses: Counter
    """By consumer and reason: away, slow (a store's smallest answer takes over 50 ms)."""
    partitions_paused: Gauge
    """By consumer."""
    outbox_lag_seconds: Gauge
    """Age of the oldest moderation decision that Kafka has not got yet."""

    models_usable: Gauge
    """By model: 1 where it classifies, 0 where it is missing or was refused."""
    posts_classified: Counter
    """By result: judged, unanswered, left (it is scored already), held (its pictures could not be
    had now)."""
    images_classified: Counter
    """By result: scored, failed (to be tried again), or why it was refused: address, redirect,
    absent, bytes, pixels, format, broken."""

    # Any process
    background_failures: Counter
    """By task: rounds of background work that raised."""

    @classmethod
    def create(cls) -> Self:
        registry = CollectorRegistry()
        return cls(
            registry=registry,
            http_request_seconds=Histogram(
                "http_server_request_duration_seconds",
                "HTTP requests.",
                ("route", "method", "status"),
                buckets=LATENCY,
                registry=registry,
            ),
            operation_seconds=Histogram(
                "explore_graphql_operation_duration_seconds",
                "GraphQL operations.",
                ("operation", "outcome"),
                buckets=LATENCY,
                registry=registry,
            ),
            documents=Counter(
                "explore_graphql_documents", "GraphQL documents.", ("result",), registry=registry
            ),
            rate_limited=Counter(
                "explore_rate_limited_requests",
                "Requests over a limit.",
                ("bucket",),
                registry=registry,
            ),
            tokens_refused=Counter(
                "explore_tokens_refused", "Refused tokens.", ("reason",), registry=registry
            ),
            key_fetches=Counter(
                "explore_key_fetches", "Fetches of signing keys.", ("result",), registry=registry
            ),
            plans=Counter(
                "explore_graphql_plans", "Compiled completions.", ("outcome",), registry=registry
            ),
            subscriptions=Gauge(
                "explore_subscriptions_open", "Open subscriptions.", (), registry=registry
            ),
            ranking_seconds=Histogram(
                "explore_ranking_duration_seconds",
                "Ranking of a page.",
                ("feed",),
                buckets=CALL,
                registry=registry,
            ),
            cache_requests=Counter(
                "explore_cache_requests",
                "Look-ups in caches.",
                ("cache", "result"),
                registry=registry,
            ),
            degraded_responses=Counter(
                "explore_degraded_responses",
                "Responses with a source missing or old.",
                ("source", "reason"),
                registry=registry,
            ),
            source_candidates=Counter(
                "explore_source_candidates",
                "Candidates of rankings.",
                ("feed", "source"),
                registry=registry,
            ),
            source_posts=Counter(
                "explore_source_posts", "Posts on pages.", ("feed", "source"), registry=registry
            ),
            snapshot_age_seconds=Gauge(
                "explore_snapshot_age_seconds",
                "Age of the newest snapshot.",
                (),
                registry=registry,
            ),
            store_call_seconds=Histogram(
                "explore_store_call_duration_seconds",
                "Calls to stores.",
                ("store", "call"),
                buckets=CALL,
                registry=registry,
            ),
            store_failures=Counter(
                "explore_store_failures",
                "Failed calls to stores.",
                ("store", "reason"),
                registry=registry,
            ),
            consumer_lag_records=Gauge(
                "explore_consumer_lag_records",
                "Records not yet applied.",
                ("consumer", "topic"),
                registry=registry,
            ),
            consumer_lag_seconds=Gauge(
                "explore_consumer_lag_seconds",
                "Age of the oldest one.",
                ("consumer", "topic"),
                registry=registry,
            ),
            events_applied=Counter(
                "explore_events_applied",
                "Applied events.",
                ("consumer", "topic"),
                registry=registry,
            ),
            events_skipped=Counter(
                "explore_events_skipped", "Skipped events.", ("topic", "reason"), registry=registry
            ),
            dead_letters=Counter(
                "explore_dlq_records", "Dead letters.", ("topic", "reason"), registry=registry
            ),
            batch_seconds=Histogram(
                "explore_batch_duration_seconds",
                "Batches of records.",
                ("consumer",),
                buckets=BATCH,
                registry=registry,
            ),
            consumer_pauses=Counter(
                "explore_consumer_pauses",
                "Pauses for the sake of a store.",
                ("consumer", "reason"),
                registry=registry,
            ),
            partitions_paused=Gauge(
                "explore_partitions_paused", "Paused partitions.", ("consumer",), registry=registry
            ),
            outbox_lag_seconds=Gauge(
                "explore_outbox_lag_seconds", "Age of the oldest unsent event.", registry=registry
            ),
            models_usable=Gauge(
                "explore_models_usable", "Classifiers' models.", ("model",), registry=registry
            ),
            posts_classified=Counter(
                "explore_posts_classified", "Posts classified.", ("result",), registry=registry
            ),
            images_classified=Counter(
                "explore_images_classified", "Pictures of posts.", ("result",), registry=registry
            ),
            background_failures=Counter(
                "explore_background_failures",
                "Failed rounds of background work.",
                ("task",),
                registry=registry,
            ),
        )

    def exposition(self) -> bytes:
        """All values in Prometheus' text format (`MEDIA_TYPE`)."""
        return generate_latest(self.registry)
