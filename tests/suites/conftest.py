"""Tools of others, run on the demo and on servers beside it with other settings."""

import shutil
from collections.abc import Generator

import pytest

from tests.end_to_end.running_demo import RunningDemo
from tests.suites.installed import installed
from tests.suites.node import Node
from tests.suites.other_server import other_server


@pytest.fixture(scope="session")
def node() -> Node:
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not here: the suites of others did not run")
    return Node(installed())


@pytest.fixture(scope="session")
def production(running: RunningDemo, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A server as in production: stored documents only, small limits, nothing for developers."""
    folder = tmp_path_factory.mktemp("production")
    settings = {
        "EXPLORE_ENVIRONMENT": "production",
        "EXPLORE_TRUSTED_PROXIES": "127.0.0.1",  # so that each test is an address of its own
    }
    with other_server(running, folder, **settings) as address:
        yield address


@pytest.fixture(scope="session")
def september(running: RunningDemo, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A server for developers that answers by the edition of September 2026."""
    folder = tmp_path_factory.mktemp("september")
    with other_server(running, folder, EXPLORE_HTTP_PROFILE="2026-09") as address:
        yield address
