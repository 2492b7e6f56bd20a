"""A thread of the classifiers that hangs keeps nobody else waiting."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from threading import Event, Semaphore

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import override

from consumers.classifier_models import MOST_HUNG, ClassifierModels
from consumers.health import Health
from domain.classification import Material
from domain.errors import Unavailable
from ml.shelf import Shelf
from runtime.metrics import Metrics
from tests.consumers.classify_world import CALM
from tests.fakes.clock import FixedClock
from tests.ml.made_up_sets import LetterEncoder

BATCH = [Material(title="", text=CALM)]


class Hanging(LetterEncoder):
    """Hangs so many times, until it is let go."""

    def __init__(self) -> None:
        self.times = Semaphore(0)
        self.let_go = Event()

    @override
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.times.acquire(blocking=False):
            self.let_go.wait()
        return super().encode(texts)

    def hang(self, times: int) -> None:
        for _ in range(times):
            self.times.release()


@pytest.fixture
def encoder() -> Hanging:
    return Hanging()


@pytest.fixture
async def models(shelf: Path, encoder: Hanging) -> AsyncIterator[ClassifierModels]:
    found = ClassifierModels(Shelf(shelf), Metrics.create(), lambda: encoder, patience=1.0)
    await found.opened()
    yield found
    encoder.let_go.set()
    await found.close()


async def test_what_hangs_is_left_and_the_next_batch_is_answered(
    models: ClassifierModels, encoder: Hanging
) -> None:
    encoder.hang(1)
    with pytest.raises(Unavailable):
        await models.classify(BATCH)
    _, answers = await models.classify(BATCH)
    assert len(answers) == 1
    await models.refresh()
    assert models.is_alive


async def test_a_process_whose_threads_hang_in_a_row_is_to_be_replaced(
    models: ClassifierModels, encoder: Hanging
) -> None:
    health = Health("classify", FixedClock(), Metrics.create(), lambda: models.is_alive)
    encoder.hang(MOST_HUNG)
    for _ in range(MOST_HUNG):
        assert health.is_alive
        with pytest.raises(Unavailable):
            await models.classify(BATCH)
    assert not health.is_alive
    with pytest.raises(Unavailable):  # behind the last one: no more threads are begun
        await models.classify(BATCH)
    encoder.let_go.set()
    await models.classify(BATCH)
    assert health.is_alive
