"""The schema as it is executed: prepared documents in, compiled completion of what comes out.

Operations go to graphql-core directly. Strawberry's own entry parses and validates again or asks
extensions how not to, and runs hooks that nobody here uses: a third of what a page costs.
"""

# The library's types are generics of unknown types:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import AsyncGenerator, Hashable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError, create_source_event_stream
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig

from schema.rendered import Rendered
from server.compiled_executor import CompiledExecutor
from server.document_source import MAX_ERRORS
from server.plan_cache import PlanCache
from server.prepared_document import PreparedDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """An operation of a valid document, `name` None for its only one, and what it is run with."""

    document: PreparedDocument
    name: str | None = None
    variables: Mapping[str, object]
    context: object


class ExecutableSchema(strawberry.Schema):
    """A schema that runs prepared operations, with their compiled plans."""

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        *,
        types: Iterable[type] = (),
        config: StrawberryConfig | None = None,
        plans: PlanCache | None = None,
    ) -> None:
        super().__init__(
            query,
            mutation,
            subscription,
            types=types,
            config=config,
            execution_context_class=CompiledExecutor,
        )
        self.plans = plans or PlanCache()

    async def run(self, request: PreparedRequest) -> ExecutionResult:
        """A query or a mutation, to its end; whatever fails is among the errors."""
        try:
            executor = self._executor(request)
            if isinstance(executor, list):
                return ExecutionResult(None, executor)
            result: Any = executor.execute_operation()
            return await result if executor.is_awaitable(result) else result
        except Exception as error:  # noqa: BLE001 - the library reports its own, others are reported here
            return ExecutionResult(None, [_located(error)])

    async def events(self, request: PreparedRequest) -> AsyncGenerator[ExecutionResult]:
        """Results of a subscription as they come; the same for an event that several are sent."""
        try:
            executor = self._executor(request)
            if isinstance(executor, list):
                yield ExecutionResult(None, executor)
                return
            source: Any = create_source_event_stream(executor)
            source = await source if executor.is_awaitable(source) else source
            if isinstance(source, ExecutionResult):
                yield source
                return
            key = request.document.text, request.name, orjson.dumps(dict(request.variables))
            async with aclosing(cast("AsyncGenerator[object]", source)) as events:
                async for event in events:
                    yield await self._of_event(executor, event, key)
        except Exception as error:  # noqa: BLE001 - as above
            yield ExecutionResult(None, [_located(error)])

    async def _of_event(
        self, executor: CompiledExecutor, event: object, key: Hashable
    ) -> ExecutionResult:
        shared = getattr(event, "rendered", None) if self.plans.splices else None
        if isinstance(shared, Rendered) and (known := shared.find(key)) is not None:
            return _whole(known)
        result: Any = executor.build_per_event_executor(event).execute_operation()
        result = await result if executor.is_awaitable(result) else result
        if isinstance(shared, Rendered) and not result.errors:
            return _whole(shared.of(key, partial(getattr, result, "data")))
        return result

    def _executor(self, request: PreparedRequest) -> "CompiledExecutor | list[GraphQLError]":
        build: Any = CompiledExecutor.build
        return build(
            self._schema,
            request.document.document,
            None,
            request.context,
            dict(request.variables),
            request.name,
            max_coercion_errors=MAX_ERRORS,
            hide_suggestions=True,
            is_awaitable=optimized_is_awaitable,
        )


def _whole(data: orjson.Fragment) -> ExecutionResult:
    return ExecutionResult(cast("Any", data), None)


def _located(error: Exception) -> GraphQLError:
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)
