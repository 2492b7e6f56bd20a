"""Runs admitted operations on the schema; only public errors leave it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from graphql import ExecutionResult

from runtime.metrics import Metrics
from runtime.tracing import span
from server.admission import Admitted
from server.answers import Execution
from server.error_codes import public_errors
from server.executable_schema import ExecutableSchema, PreparedRequest
from services.context import RequestContext

MakeContext = Callable[[RequestContext], object]
"""The value that resolvers find as `info.context`, one per operation."""


class Operations:
    def __init__(
        self, schema: ExecutableSchema, make_context: MakeContext, metrics: Metrics
    ) -> None:
        self._schema = schema
        self._make_context = make_context
        self._metrics = metrics

    async def execute(self, admitted: Admitted) -> Execution:
        """Run a query or a mutation to its end."""
        attributes = {"graphql.operation.name": admitted.operation.name or ""}
        with span(f"graphql.{admitted.operation.type.value}", attributes):
            return _execution(await self._schema.run(self._request(admitted)), admitted)

    async def stream(self, admitted: Admitted) -> AsyncGenerator[Execution]:
        """Results of a subscription as they come."""
        results = self._schema.events(self._request(admitted))
        with self._metrics.subscriptions.track_inprogress():
            async with aclosing(results) as open_results:
                async for result in open_results:
                    yield _execution(result, admitted)

    def _request(self, admitted: Admitted) -> PreparedRequest:
        return PreparedRequest(
            document=admitted.prepared,
            name=admitted.operation.name,
            variables=admitted.request.variables,
            context=self._make_context(admitted.context),
        )


def _execution(result: ExecutionResult, admitted: Admitted) -> Execution:
    given = result.errors or []
    # With errors, no data, and no path in any of them, no field was reached.
    before_fields = (
        bool(given) and result.data is None and all(error.path is None for error in given)
    )
    errors = public_errors(given, admitted.context.request_id)
    return Execution(result.data, errors, reached_fields=not before_fields)
