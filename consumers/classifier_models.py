"""The classifiers' models in a running consumer: opened in a thread, anew when one moves or mends.

What is missing is told again and again, in the log and as a metric: without it posts stay
unclassified, and nobody is recommended what no classifier has seen.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Final, Protocol, TypeVar

import structlog

from domain.classification import NSFW_IMAGE, REQUIRED, Classification, Material
from domain.errors import Unavailable
from ml.artifacts import ModelUnavailable
from ml.classifier import Classifier
from ml.features import Encoder
from ml.minilm.encoder import MiniLM
from ml.models import ENCODER, NONE, TEXT_MODELS, Models, open_models
from ml.shelf import Shelf
from runtime.metrics import Metrics

PATIENCE: Final = 30.0  # seconds for a batch; texts are cut, so it takes one or two
OPENING: Final = 120.0  # seconds for reading the models
MOST_HUNG: Final = 3  # threads in a row that are given up; then the process is to be replaced
NAME: Final = "classifier:explore"
VERSION_DIGITS: Final = 10
Result = TypeVar("Result")

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class ImageModel(Protocol):
    """What looks at pictures, as far as it is one of the models: who it is, and whether it can."""

    @property
    def version(self) -> str: ...
    def check(self) -> None:
        """Raises ``ModelUnavailable``."""
        ...


class ClassifierModels:
    """One batch at a time, in a thread of its own: the event loop goes on meanwhile.

    A thread cannot be ended. One that takes too long is left to itself, and another takes over.
    """

    def __init__(
        self,
        shelf: Shelf,
        metrics: Metrics,
        open_encoder: Callable[[], Encoder] = MiniLM.installed,
        image_model: ImageModel | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """``image_model`` is None where no picture is looked at; ``patience`` is for a batch."""
        self._shelf = shelf
        self._open_encoder = open_encoder
        self._image_model = image_model
        self._metrics = metrics
        self._patience = patience
        self._thread = _thread()
        self._hung = 0  # threads in a row
        self._opening = asyncio.Lock()
        self._models: Models | None = None
        self._problems: Mapping[str, str] = {}

    @property
    def source(self) -> str:
        """Who speaks: a name and a version that changes with every model and the encoder."""
        return self._source_of(self._models or NONE)

    @property
    def can_judge(self) -> bool:
        """Whether all models are there that a judgment needs."""
        return not self._missing() & {*REQUIRED, ENCODER, NSFW_IMAGE}

    @property
    def sees(self) -> bool:
        """Whether there is a model for pictures."""
        return self._image_model is not None and NSFW_IMAGE not in self._problems

    @property
    def is_alive(self) -> bool:
        """False where one thread after another hangs."""
        return self._hung < MOST_HUNG

    async def opened(self) -> None:
        """Return when the models that are there are open."""
        if self._models is None:
            await self.refresh()

    async def refresh(self) -> None:
        """Open what moved or was missing, and tell what cannot be used.

        Raises:
            Unavailable: it takes too long.

        """
        async with self._opening:
            before = self._models
            models, problems = await self._in_thread(
                OPENING, open_models, self._shelf, self._open_encoder, before or NONE
            )
            unseen = before is None or NSFW_IMAGE in self._problems
            if unseen:
                problems = {**problems, **await self._in_thread(OPENING, self._image_problems)}
            self._models, self._problems = models, problems
            if before is None or self._source_of(before) != self.source:
                log.info("models.opened", source=self.source)
        self._tell()

    async def classify(self, batch: Sequence[Material]) -> tuple[str, Sequence[Classification]]:
        """Who speaks, and what is said; raises ``Unavailable`` where it takes too long."""
        await self.opened()
        models, source = self._models or NONE, self.source
        return source, await self._in_thread(self._patience, Classifier(models).classify, batch)

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _source_of(self, models: Models) -> str:
        versions = [model.version for model in models.live.values()]
        others = (models.bot, models.encoder, self._image_model if self.sees else None)
        versions += [one.version for one in others if one is not None]
        digest = sha256(" ".join(sorted(versions)).encode()).hexdigest()
        return f"{NAME}@{digest[:VERSION_DIGITS]}"

    def _missing(self) -> set[str]:
        """What cannot answer. A model whose successor was refused still does."""
        models = self._models or NONE
        missing = {name for name in TEXT_MODELS if name not in models.live}
        if models.encoder is None:
            missing.add(ENCODER)
        return missing | (self._problems.keys() & {NSFW_IMAGE})

    def _tell(self) -> None:
        missing = self._missing()
        images = () if self._image_model is None else (NSFW_IMAGE,)
        for name in (*TEXT_MODELS, ENCODER, *images):
            self._metrics.models_usable.labels(model=name).set(name not in missing)
        live = (self._models or NONE).live
        for name, why in self._problems.items():
            if name in live:
                log.error("model.refused", model=name, cause=why, goes_on=live[name].version)
            else:
                log.error("model.unusable", model=name, cause=why)

    def _image_problems(self) -> Mapping[str, str]:
        try:
            if self._image_model is not None:
                self._image_model.check()
        except ModelUnavailable as error:
            return {NSFW_IMAGE: str(error)}
        return {}

    async def _in_thread(
        self, patience: float, work: Callable[..., Result], *given: object
    ) -> Result:
        thread = self._thread
        try:
            async with asyncio.timeout(patience):
                done = await asyncio.get_running_loop().run_in_executor(thread, work, *given)
        except TimeoutError as error:
            self._leave(thread)
            raise Unavailable("classifier", "too slow") from error
        self._hung = 0
        return done

    def _leave(self, thread: ThreadPoolExecutor) -> None:
        """What waits behind the work that hangs ends by its own deadline."""
        if thread is not self._thread or not self.is_alive:
            return
        self._hung += 1
        log.error("classifier.hung", in_a_row=self._hung)
        if self.is_alive:
            thread.shutdown(wait=False)
            self._thread = _thread()


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="classifier")
