"""The pictures of many posts: which are looked at, a few at a time, within one time for all."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from yarl import URL

from consumers.images.fetching import Fetching
from consumers.images.media_hosts import MediaHosts
from domain.errors import Unavailable
from domain.images import ImageClassifier, ImageRefused, Sight
from domain.posts import Media, MediaKind
from runtime.breaker import BreakerPolicy, CircuitBreaker, CircuitOpen, State
from runtime.metrics import Metrics

MOST: Final = 4  # pictures of a post
AT_A_TIME: Final = 8  # pictures in memory
OF_A_HOST: Final = 4  # so that one that hangs does not keep the others waiting
PATIENCE: Final = 12.0  # seconds for the pictures of all posts asked about
FAILING: Final = BreakerPolicy(
    window_calls=20,
    window_seconds=60.0,
    minimum_calls=8,
    slow_after=60.0,  # none is: each has a time of its own
    open_seconds=20.0,
)
SCORED: Final = "scored"
FAILED: Final = "failed"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class _Host:
    """Who is asked a few times at once, and not at all for a while when most of it fails."""

    def __init__(self, name: str) -> None:
        self.places = asyncio.Semaphore(OF_A_HOST)
        self.breaker = CircuitBreaker(name, FAILING, counts_as_failure=_is_outage, on_change=_told)


class PostImages:
    def __init__(
        self,
        hosts: MediaHosts,
        fetching: Fetching,
        classifier: ImageClassifier,
        metrics: Metrics,
        patience: float = PATIENCE,
    ) -> None:
        self._hosts = hosts
        self._fetching = fetching
        self._classifier = classifier
        self._metrics = metrics
        self._patience = patience
        self._places = asyncio.Semaphore(AT_A_TIME)
        self._known: dict[str, _Host] = {}

    @property
    def version(self) -> str:
        return self._classifier.version

    def wanted(self, media: Sequence[Media]) -> tuple[str, ...]:
        """The addresses of a post's first pictures that may be fetched."""
        addresses = dict.fromkeys(
            one.url for one in media if one.kind in (MediaKind.IMAGE, MediaKind.LINK)
        )
        admitted = [one for one in addresses if self._hosts.admitted(one) is not None]
        return tuple(admitted[:MOST])

    async def look(
        self, posts: Sequence[Sequence[str]], *, insisting: bool = False
    ) -> list[Sight]:
        """One answer per post, in order, after at most ``patience`` seconds.

        ``insisting``: hosts of which most fails are asked all the same.
        """
        seen = dict.fromkeys((one for images in posts for one in images), Sight(again=True))

        async def see(address: str) -> None:
            try:
                async with asyncio.timeout_at(end):
                    seen[address] = await self._look(address, insisting=insisting)
            except TimeoutError:
                self._count(FAILED)

        end = asyncio.get_running_loop().time() + self._patience
        async with asyncio.TaskGroup() as group:
            for address in seen:
                group.create_task(see(address))
        return [_worst([seen[one] for one in images]) for images in posts]

    async def _look(self, address: str, *, insisting: bool) -> Sight:
        url = self._hosts.admitted(address)
        if url is None:
            return Sight()
        try:
            score = await self._score(url, insisting=insisting)
        except ImageRefused as refused:
            log.info("image.refused", host=url.raw_host, reason=refused.reason)
            self._count(refused.reason)
            return Sight()
        except (Unavailable, CircuitOpen) as error:
            log.warning("image.postponed", host=url.raw_host, cause=str(error))
            self._count(FAILED)
            return Sight(again=True)
        self._count(SCORED)
        return Sight(score)

    async def _score(self, url: URL, *, insisting: bool) -> float:
        host = self._known.setdefault(url.authority, _Host(url.authority))
        fetch = partial(self._fetching.fetch, url)
        async with host.places, self._places:
            content = await (fetch() if insisting else host.breaker.call(fetch))
            return await self._classifier.score(content)

    def _count(self, result: str) -> None:
        self._metrics.images_classified.labels(result=result).inc()


def _is_outage(error: Exception) -> bool:
    return isinstance(error, Unavailable)


def _told(host: str, state: State) -> None:
    log.warning("media_host.changed", host=host, circuit=state.name.lower())


def _worst(sights: Sequence[Sight]) -> Sight:
    scores = [one.score for one in sights if one.score is not None]
    return Sight(max(scores, default=None), any(one.again for one in sights))
