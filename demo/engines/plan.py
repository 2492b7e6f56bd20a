"""The engines as the supervisor's first stages, and the settings that lead to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from demo.children import Child, Stage
from demo.engines.engine import Engine
from demo.log_epoch import begin_log_epoch

CONSUMERS: Final = "consumers"  # the child that has to begin anew when an engine forgot


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """What to run, and how its users find it."""

    stages: tuple[Stage, ...]
    settings: dict[str, str]


def plan(
    engines: Sequence[Engine], places: Mapping[str, int], given: Mapping[str, str]
) -> EnginePlan:
    """Plan the engines at their places; settings that are `given` win over theirs.

    Engines that keep their data come first: where an engine forgets its own is noted in Redis.
    """
    settings: dict[str, str] = {}
    for engine in engines:
        settings |= engine.settings(places[engine.name])
    settings |= given
    keeping = tuple(one.child(places[one.name]) for one in engines if not one.forgets)
    forgetting = tuple(
        _watched(one, one.child(places[one.name]), settings) for one in engines if one.forgets
    )
    return EnginePlan(tuple(stage for stage in (keeping, forgetting) if stage), settings)


def _watched(engine: Engine, child: Child, settings: Mapping[str, str]) -> Child:
    child = replace(child, restarts=frozenset({CONSUMERS}))
    if engine.setting != "EXPLORE_KAFKA_BOOTSTRAP":
        return child

    async def begin() -> None:
        await begin_log_epoch(settings["EXPLORE_REDIS_URL"])

    return replace(child, on_started=begin)
