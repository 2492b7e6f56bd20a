"""Use cases that answer what a test set and note what they were asked; one fake for all ports."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import strawberry

from domain.interests import InterestProfile
from domain.ports.viewers import Allowance, ViewerReads
from domain.viewer import ViewerState
from resolvers.root import create_schema
from schema.context import Context
from schema.use_cases import UseCases
from services.context import RequestContext
from services.trending_watch import TrendingWatch
from tests.graphql.cards import NOON

AREAS = tuple(UseCases.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Call:
    """A use case, such as ``explore.page``, with all that it was given but the context."""

    name: str
    positional: tuple[object, ...]
    named: Mapping[str, object]


@dataclass
class Script:
    """``answers`` by use case: a value, an exception to raise, or a function of the arguments."""

    answers: dict[str, Any]
    calls: list[Call] = field(default_factory=list[Call])

    def use_cases(self) -> UseCases:
        areas: dict[str, Any] = {area: _Area(area, self) for area in AREAS}
        return UseCases(**areas)

    async def perform(self, call: Call) -> object:
        self.calls.append(call)
        answer = self.answers[call.name]
        if isinstance(answer, Exception):
            raise answer
        return answer(*call.positional, **call.named) if callable(answer) else answer


class _Area:
    def __init__(self, name: str, script: Script) -> None:
        self._name = name
        self._script = script

    def __getattr__(self, use_case: str) -> Callable[..., Awaitable[object]]:
        async def perform(context: RequestContext, *positional: object, **named: object) -> object:
            assert isinstance(context, RequestContext)
            return await self._script.perform(Call(f"{self._name}.{use_case}", positional, named))

        return perform


@cache
def built_schema() -> strawberry.Schema:
    return create_schema()


def request_context(viewer_id: str | None = None, *roles: str) -> RequestContext:
    return RequestContext(
        viewer_id=viewer_id,
        started=ViewerReads(
            allowance=Allowance(
                allowed=True, limit=30, cost=1, remaining=29, retry_after=0.0, reset_after=2.0
            ),
            profile=InterestProfile(),
            state=ViewerState(),
        ),
        request_id="r-1",
        now=NOON,
        roles=frozenset(roles),
    )


def context(
    request: RequestContext, services: UseCases, watch: TrendingWatch | None = None
) -> Context:
    return Context(request, services, watch or TrendingWatch(services.trending))


@dataclass(frozen=True)
class Answer:
    """What a client would get, with errors as (path, original error)."""

    data: Any
    errors: list[tuple[Any, Exception | None]]
    calls: list[Call]


async def execute(
    document: str,
    answers: dict[str, Any] | None = None,
    *,
    variables: dict[str, Any] | None = None,
    viewer_id: str | None = None,
) -> Answer:
    script = Script(answers or {})
    result = await built_schema().execute(
        document,
        variable_values=variables,
        context_value=context(request_context(viewer_id), script.use_cases()),
    )
    errors = [(error.path, error.original_error) for error in result.errors or []]
    return Answer(result.data, errors, script.calls)
