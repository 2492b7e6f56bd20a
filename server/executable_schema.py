"""The schema as it is executed: prepared documents in, compiled completion of what comes out."""

from collections.abc import Iterable, Iterator
from typing import Final

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from typing_extensions import override

from server.compiled_executor import CompiledExecutor
from server.plan_cache import PlanCache
from server.prepared_document import PreparedDocument

PREPARED: Final = "preparedDocument"  # key among the operation's extensions


class PreparedDocuments(SchemaExtension):
    """Hands a prepared document to the executor, so that nothing is parsed or validated again.

    Clients can send extensions of any name, so the value is known by its type.
    """

    @override
    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        prepared = (context.operation_extensions or {}).get(PREPARED)
        if isinstance(prepared, PreparedDocument):
            context.graphql_document = prepared.document
            context.validation_rules = ()
        yield


class ExecutableSchema(strawberry.Schema):
    """A schema with the extension and the executor above, and with the plans of its operations.

    Errors are logged where they are masked, with the request's id, and not here.
    """

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
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - generics of unknown types
            query,
            mutation,
            subscription,
            types=types,
            config=config,
            extensions=[PreparedDocuments],
            execution_context_class=CompiledExecutor,
        )
        self.plans = plans or PlanCache()

    @override
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        return
