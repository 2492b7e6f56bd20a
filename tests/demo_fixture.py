"""One demo without simulated people, for all tests that ask the whole service from outside."""

from collections.abc import Generator, Mapping
from typing import Final

import pytest

from tests.end_to_end.running_demo import RunningDemo, demo

# A busy machine is no outage: what is asked here is answered in full, if late.
PATIENT: Final[Mapping[str, str]] = {
    "EXPLORE_REDIS_TIMEOUT_MS": "2000",
    "EXPLORE_POSTGRES_TIMEOUT_MS": "2000",
    "EXPLORE_SEARCH_TIMEOUT_MS": "2000",
    "EXPLORE_KAFKA_TIMEOUT_MS": "5000",
    "EXPLORE_REQUEST_TIMEOUT_MS": "5000",
    "EXPLORE_MUTATION_TIMEOUT_MS": "10000",
}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningDemo]:
    folder = tmp_path_factory.mktemp("demo")
    with demo(folder, "--ephemeral", "--no-simulator", **PATIENT) as started:
        yield started
