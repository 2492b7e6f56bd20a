"""The ``classify`` consumer with models trained on made-up sets."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copytree

import pytest

from ml.training.run import train
from stores.postgres_pool import PostgresPool
from tests.consumers.classify_world import NAMES, World
from tests.ml.made_up_sets import LetterEncoder, write_all
from tests.picture_server import PictureServer, picture_server


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    write_all(data)
    for name in NAMES:
        train(name, data, data / "models", licensed=True, encoder=LetterEncoder(), alias=name)
    return data / "models"


@pytest.fixture
def shelf(trained: Path, tmp_path: Path) -> Path:
    """A folder of models of one's own."""
    return copytree(trained, tmp_path / "models")


@pytest.fixture
async def world(postgres_of_worker: PostgresPool, shelf: Path) -> AsyncIterator[World]:
    found = World(postgres_of_worker, shelf)
    yield found
    await found.close()


@pytest.fixture
async def server() -> AsyncIterator[PictureServer]:
    async with picture_server() as found:
        yield found


@pytest.fixture
async def seeing(
    postgres_of_worker: PostgresPool, shelf: Path, server: PictureServer
) -> AsyncIterator[World]:
    """A consumer that looks at the pictures of a server on this machine."""
    found = World(postgres_of_worker, shelf, [server.host])
    yield found
    await found.close()
