"""The classifiers' models in a running consumer: opened in a thread, opened anew when one moves.

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
from ml.models import ENCODER, TEXT_MODELS, Models, open_models
from ml.shelf import Shelf
from runtime.metrics import Metrics

PATIENCE: Final = 30.0  # seconds for a batch; texts are cut, so it takes one or two
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
    """One batch at a time, in a thread of its own: the event loop goes on meanwhile."""

    def __init__(
        self,
        shelf: Shelf,
        metrics: Metrics,
        open_encoder: Callable[[], Encoder] = MiniLM.installed,
        image_model: ImageModel | None = None,
    ) -> None:
        """``image_model`` is None where no picture is looked at."""
        self._shelf = shelf
        self._open_encoder = open_encoder
        self._image_model = image_model
        self._metrics = metrics
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="classifier")
        self._opening = asyncio.Lock()
        self._aliases: Mapping[str, str] | None = None
        self._models = Models()
        self._problems: Mapping[str, str] = {}

    @property
    def source(self) -> str:
        """Who speaks: a name and a version that changes with every model and the encoder."""
        models = self._models
        versions = [model.version for model in models.live.values()]
        others = (models.bot, models.encoder, self._image_model if self.sees else None)
        versions += [one.version for one in others if one is not None]
        digest = sha256(" ".join(sorted(versions)).encode()).hexdigest()
        return f"{NAME}@{digest[:VERSION_DIGITS]}"

    @property
    def can_judge(self) -> bool:
        """Whether all models are there that a judgment needs."""
        return not self._problems.keys() & {*REQUIRED, ENCODER, NSFW_IMAGE}

    @property
    def sees(self) -> bool:
        """Whether there is a model for pictures."""
        return self._image_model is not None and NSFW_IMAGE not in self._problems

    async def opened(self) -> None:
        """Return when the models that are there are open."""
        if self._aliases is None:
            await self.refresh()

    async def refresh(self) -> None:
        """Open the models if that was not done yet or an alias moved; tell what is missing."""
        async with self._opening:
            aliases = await self._in_thread(self._read_aliases)
            if aliases != self._aliases:
                self._models, problems = await self._in_thread(
                    open_models, self._shelf, self._open_encoder
                )
                self._problems = {**problems, **await self._in_thread(self._image_problems)}
                self._aliases = aliases
                log.info("models.opened", source=self.source)
        images = () if self._image_model is None else (NSFW_IMAGE,)
        for name in (*TEXT_MODELS, ENCODER, *images):
            usable = name not in self._problems
            self._metrics.models_usable.labels(model=name).set(usable)
        for name, why in self._problems.items():
            log.error("model.unusable", model=name, cause=why)

    async def classify(self, batch: Sequence[Material]) -> Sequence[Classification]:
        """Raises ``Unavailable`` where it takes too long."""
        await self.opened()
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._in_thread(Classifier(self._models).classify, batch)
        except TimeoutError as error:
            raise Unavailable("classifier", "too slow") from error

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _read_aliases(self) -> Mapping[str, str]:
        try:
            return self._shelf.aliases()
        except ModelUnavailable:
            return {}

    def _image_problems(self) -> Mapping[str, str]:
        try:
            if self._image_model is not None:
                self._image_model.check()
        except ModelUnavailable as error:
            return {NSFW_IMAGE: str(error)}
        return {}

    async def _in_thread(self, work: Callable[..., Result], *given: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)
