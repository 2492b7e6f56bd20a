"""The product's processes are given what the command line asked for."""

from pathlib import Path

import pytest

from demo.children import Child, Stage
from demo.options import Options
from demo.processes import product
from demo.supervisor import STOP_SECONDS, longest_stop
from demo.topics import OwnTopics
from runtime.settings import load_settings
from runtime.start import CannotStart

SETTINGS = {
    "EXPLORE_ENVIRONMENT": "production",
    "EXPLORE_HTTP_HOST": "127.0.0.1",
    "EXPLORE_HTTP_PORT": "8000",
    "EXPLORE_KAFKA_BOOTSTRAP": "127.0.0.1:1",
}


def _simulator(stages: tuple[Stage, ...]) -> Child:
    (found,) = (
        child
        for stage in stages
        if isinstance(stage, tuple)
        for child in stage
        if child.name == "simulator"
    )
    return found


def test_the_rate_is_the_simulators(tmp_path: Path) -> None:
    command = _simulator(product(SETTINGS, Options(rate=50.0), tmp_path)).command
    assert command[-3:] == ("demo.simulator", "--rate", "50.0")
    real = product(SETTINGS, Options(data=tmp_path), tmp_path)
    assert _simulator(real).command[-3:] == ("--rate", "5.0", "--no-posts")


def test_stopping_leaves_time_for_the_engines(tmp_path: Path) -> None:
    engines = 2.5 + 1.0  # those that keep their data, then those that forget it
    stages = product(SETTINGS, Options(), tmp_path)
    assert longest_stop(stages) + engines <= STOP_SECONDS


@pytest.mark.integration  # a refused connection, no engines
async def test_topics_that_cannot_be_made_are_one_line() -> None:
    topics = OwnTopics(load_settings(SETTINGS))
    with pytest.raises(CannotStart, match="start it, or correct EXPLORE_KAFKA_BOOTSTRAP"):
        await topics.make()
