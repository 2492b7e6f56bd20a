"""How a consumer is: what it applied, how far it lags, whether it moves at all."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import structlog

from consumers.batches import Batch, Place, Record
from runtime.clock import Clock
from runtime.metrics import Metrics

STUCK: Final = 10.0  # seconds that a batch may take before the log names it
MILLISECONDS: Final = 1_000.0
DEAD: Final = 60.0  # seconds without a round after which the process is to be replaced

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Health:
    """Of one consumer; written by its loop, read by the watch and the probes."""

    def __init__(
        self,
        consumer: str,
        clock: Clock,
        metrics: Metrics,
        works: Callable[[], bool] = lambda: True,
    ) -> None:
        self.consumer = consumer
        self._works = works
        self._clock = clock
        self._metrics = metrics
        self._moved = clock.monotonic()
        self._working_since: float | None = None
        self._working_on = ""
        # By partition a time before which nothing waits: of its first record that is not done, as
        # far as one is known.
        self._since: dict[Place, float] = {}

    @property
    def is_alive(self) -> bool:
        return self._clock.monotonic() - self._moved < DEAD and self._works()

    def alive(self) -> None:
        self._moved = self._clock.monotonic()

    def halted(self) -> None:
        self._metrics.partitions_paused.labels(consumer=self.consumer).set(1)

    def paused(self, reason: str) -> None:
        """Count a pause; ``reason`` is ``away`` or ``slow``, of a store."""
        self._metrics.consumer_pauses.labels(consumer=self.consumer, reason=reason).inc()

    @contextmanager
    def working(self, batch: Batch) -> Generator[None]:
        """Around a batch: one log line, its metrics, and the watch for batches that hang."""
        started = self._working_since = self._clock.monotonic()
        self._working_on = ", ".join(sorted({place.topic for place in batch.through}))
        try:
            yield
        finally:
            self._working_since = None
        elapsed = self._clock.monotonic() - started
        self._metrics.batch_seconds.labels(consumer=self.consumer).observe(elapsed)
        for topic, count in Counter(one.place.topic for one in batch.received).items():
            self._metrics.events_applied.labels(consumer=self.consumer, topic=topic).inc(count)
        log.info(
            "batch.applied",
            consumer=self.consumer,
            topics=self._working_on,
            events=len(batch.received),
            milliseconds=round(elapsed * 1_000, 1),
        )

    def took(self, records: Sequence[Record]) -> None:
        """Note what is in hand and not done: of each partition its first record's time."""
        self._note(reversed(records))

    def did(self, records: Sequence[Record]) -> None:
        """Note what is done: the next record of each partition is no older than its last one."""
        self._note(records)
        for topic, count in Counter(
            one.place.topic for one in records if one.only_for not in (None, self.consumer)
        ).items():
            self._metrics.events_skipped.labels(topic=topic, reason="replayed").inc(count)

    def lags(self, records: Mapping[Place, int], now: float) -> None:
        """Note how many records of each partition are not done yet."""
        behind: Counter[str] = Counter()
        oldest: dict[str, float] = {}
        for place, count in records.items():
            behind[place.topic] += count
            if count > 0:
                at = self._since.setdefault(place, now)
                oldest[place.topic] = min(oldest.get(place.topic, at), at)
            else:
                self._since[place] = now
        for topic, count in behind.items():
            labels = {"consumer": self.consumer, "topic": topic}
            self._metrics.consumer_lag_records.labels(**labels).set(count)
            seconds = max(0.0, now - oldest.get(topic, now))
            self._metrics.consumer_lag_seconds.labels(**labels).set(seconds)

    def _note(self, records: Iterable[Record]) -> None:
        for record in records:
            if record.timestamp > 0:
                self._since[record.place] = record.timestamp / MILLISECONDS

    async def watch(self) -> None:
        """Name a batch that hangs; to be called every few seconds."""
        if self._working_since is None:
            return
        elapsed = self._clock.monotonic() - self._working_since
        if elapsed > STUCK:
            log.error(
                "handler.stuck",
                consumer=self.consumer,
                topics=self._working_on,
                seconds=round(elapsed, 1),
            )
