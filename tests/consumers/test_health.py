"""How far a consumer lags, by the times of records that are not done."""

from consumers.batches import Place, Record
from consumers.health import Health
from domain.topics import ENGAGEMENT_UPDATED
from runtime.metrics import Metrics
from tests.fakes.clock import FixedClock

PLACE = Place(ENGAGEMENT_UPDATED.name, 3)
NOW = 1_790_000_000.0


class Rig:
    def __init__(self) -> None:
        self.metrics = Metrics.create()
        self.health = Health("test", FixedClock(NOW), self.metrics)

    def lag(self, records: int, now: float) -> float:
        """In seconds."""
        self.health.lags({PLACE: records}, now)
        name = f'explore_consumer_lag_seconds{{consumer="test",topic="{PLACE.topic}"}} '
        lines = self.metrics.exposition().decode().splitlines()
        return float(next(line.removeprefix(name) for line in lines if line.startswith(name)))


def record(offset: int, at: float, only_for: str | None = None) -> Record:
    return Record(PLACE, offset, offset, round(at * 1_000), 0, None, b"", only_for)


def test_the_lag_is_the_age_of_the_oldest_record_that_is_not_done() -> None:
    rig = Rig()
    rig.health.took([record(0, NOW - 50.0), record(1, NOW - 40.0)])
    assert rig.lag(5, NOW) == 50.0
    rig.health.did([record(0, NOW - 50.0), record(1, NOW - 40.0)])
    assert rig.lag(3, NOW) == 40.0
    assert rig.lag(0, NOW) == 0.0


def test_what_comes_after_an_hour_of_silence_does_not_lag_an_hour() -> None:
    rig = Rig()
    rig.health.did([record(0, NOW - 3_600.0)])
    assert rig.lag(0, NOW) == 0.0
    assert rig.lag(1, NOW + 1.0) == 1.0


def test_records_that_were_put_back_for_others_are_counted_as_skipped() -> None:
    rig = Rig()
    rig.health.did([record(0, NOW), record(1, NOW, "other"), record(2, NOW, "test")])
    line = f'explore_events_skipped_total{{reason="replayed",topic="{PLACE.topic}"}} 1.0'
    assert line in rig.metrics.exposition().decode()
