from collections.abc import AsyncGenerator

import pytest

from tests.services.world import World


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    made = World()
    yield made
    await made.settle()
    await made.background.close()
