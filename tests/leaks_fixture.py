"""What a module's tests leave unclosed fails them, not whichever test the collector comes upon."""

import gc
from collections.abc import Generator

import pytest


@pytest.fixture(scope="session", autouse=True)
def imports_are_kept() -> None:
    """Out of the collector's sight, which makes each collection cheap."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def leaks_fail_their_module() -> Generator[None]:
    yield
    gc.collect()
