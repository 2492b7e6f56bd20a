"""Runs admitted operations on the schema; only public errors leave it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, cast

import strawberry
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from runtime.metrics import Metrics
from runtime.tracing import span
from server.admission import Admitted
from server.answers import Execution
from server.error_codes import public_errors
from server.executable_schema import PREPARED
from services.context import RequestContext

MakeContext = Callable[[RequestContext], object]
"""The value that resolvers find as `info.context`, one per operation."""


class Operations:
    def __init__(
        self, schema: strawberry.Schema, make_context: MakeContext, metrics: Metrics
    ) -> None:
        self._schema = schema
        self._make_context = make_context
        self._metrics = metrics

    async def execute(self, admitted: Admitted) -> Execution:
        """Run a query or a mutation to its end."""
        attributes = {"graphql.operation.name": admitted.operation.name or ""}
        with span(f"graphql.{admitted.operation.type.value}", attributes):
            result = await self._schema.execute(
                admitted.prepared.text,
                variable_values=dict(admitted.request.variables),
                context_value=self._make_context(admitted.context),
                operation_name=admitted.operation.name,
                operation_extensions={PREPARED: admitted.prepared},
            )
        return _execution(result, admitted)

    async def stream(self, admitted: Admitted) -> AsyncGenerator[Execution]:
        """Run an operation and give its results one by one: of a subscription any number."""
        results = await self._schema.stream(
            admitted.prepared.text,
            variable_values=dict(admitted.request.variables),
            context_value=self._make_context(admitted.context),
            operation_name=admitted.operation.name,
            operation_extensions={PREPARED: admitted.prepared},
        )
        with self._metrics.subscriptions.track_inprogress():
            async with aclosing(cast("AsyncGenerator[Any, None]", results)) as open_results:
                async for result in open_results:
                    yield _execution(result, admitted)


def _execution(result: ExecutionResult, admitted: Admitted) -> Execution:
    given = result.errors or []
    # With errors, no data, and no path in any of them, no field was reached.
    before_fields = isinstance(result, PreExecutionError) or (
        bool(given) and result.data is None and all(error.path is None for error in given)
    )
    errors = public_errors(given, admitted.context.request_id)
    return Execution(result.data, errors, reached_fields=not before_fields)
