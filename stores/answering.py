"""Whether engines answer at a start: asked all at once, and named in one line if they do not."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, NamedTuple

from domain.errors import Unavailable
from runtime.start import CannotStart

AGAIN: Final = 0.3  # seconds between two questions to one engine


class Engine(NamedTuple):
    name: str
    setting: str


ENGINES: Final[Mapping[str, Engine]] = {  # by what `Unavailable` calls them
    "postgresql": Engine("PostgreSQL", "EXPLORE_POSTGRES_DSN"),
    "redis": Engine("Redis", "EXPLORE_REDIS_URL"),
    "kafka": Engine("Kafka", "EXPLORE_KAFKA_BOOTSTRAP"),
    "opensearch": Engine("OpenSearch", "EXPLORE_OPENSEARCH_URL"),
}


class Question(NamedTuple):
    """`ask` returns once the engine has answered, and raises `Unavailable` if it does not."""

    dependency: str
    ask: Callable[[], Awaitable[object]]


class NoAnswer(CannotStart):
    """Engines that are away, unreachable or too slow; said of all of them at once."""

    def __init__(self, failures: Iterable[Unavailable]) -> None:
        silent = {failure.dependency: failure for failure in failures}
        engines = [ENGINES.get(name, Engine(name, name)) for name in silent]
        details = [str(failure).partition(": ")[2] for failure in silent.values()]
        named = [
            f"{engine.name} ({detail})" if detail else engine.name
            for engine, detail in zip(engines, details, strict=True)
        ]
        one = len(silent) == 1
        settings = _listed([engine.setting for engine in engines])
        super().__init__(
            f"{_listed(named)} {'does' if one else 'do'} not answer",
            f"start {'it' if one else 'them'}, or correct {settings}",
        )


async def silent_after(seconds: float, questions: Iterable[Question]) -> list[Unavailable]:
    """Ask until all have answered, for so long at most; why those that did not are silent.

    Raises:
        CannotStart: one answered, but not what it has to.

    """
    try:
        async with asyncio.TaskGroup() as group:
            asking = [group.create_task(_answer(each, seconds)) for each in questions]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [failure for task in asking if (failure := task.result()) is not None]


async def _answer(question: Question, seconds: float) -> Unavailable | None:
    last = Unavailable(question.dependency, "too slow")
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    await question.ask()
                except Unavailable as failure:
                    last = failure
                    await asyncio.sleep(AGAIN)
                else:
                    return None
    except TimeoutError:
        return last


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
