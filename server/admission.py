"""From a request to an operation that may run: document, limits, cost, and the one round trip."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from graphql import OperationType

from domain.ports import Allowance
from runtime.clock import Clock
from runtime.metrics import Metrics
from server.begin import Begin
from server.caller import Caller
from server.cost import LARGEST
from server.document_source import DocumentSource
from server.error_codes import Code, refusal
from server.graphql_request import GraphQLRequest
from server.prepared_document import PreparedDocument, PreparedOperation
from server.rate_limits import LocalRateLimits, Quotas, bucket_of, charge_for
from server.refusals import Refused, Unexecutable
from server.trusted_documents import TrustedDocuments
from services.context import RequestContext

ONLY_STORED: Final = frozenset({"reviewPost", "upsertCategory"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """An operation that may run now, and what is known about its request.

    `cost` is in points; `degraded` collects the sources that failed while it runs.
    """

    prepared: PreparedDocument
    operation: PreparedOperation
    variables: Mapping[str, object]
    caller: Caller
    cost: int
    allowance: Allowance
    request: RequestContext
    degraded: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, from where, under which request id."""

    caller: Caller
    address: str
    request_id: str


class Admission:
    """One per process; the same for HTTP, SSE and WebSocket."""

    def __init__(
        self,
        *,
        source: DocumentSource,
        trusted: TrustedDocuments,
        stored_only: bool,
        begin: Begin,
        quotas: Quotas,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._source = source
        self._trusted = trusted
        self._stored_only = stored_only
        self._begin = begin
        self._quotas = quotas
        self._clock = clock
        self._metrics = metrics
        self._local_limits = LocalRateLimits(clock)

    def document(self, request: GraphQLRequest) -> PreparedDocument:
        """The document that a request means.

        Raises:
            Refused: there is none, it is not stored, or only stored ones are served.
            Unexecutable: it does not parse, or is not valid.

        """
        if request.document_id is not None:
            stored = self._trusted.get(request.document_id)
            if stored is not None:
                self._metrics.documents.labels("stored").inc()
                return stored
            # Text beside an unknown id is not looked at: it would make a typing error an attack.
            raise Refused("PersistedQueryNotFound", Code.PERSISTED_QUERY_NOT_FOUND)
        if request.query is None:
            raise Refused("There is neither query nor documentId.")
        if self._stored_only:
            message = "Only stored operations are served here: send a documentId."
            raise Refused(message, Code.PERSISTED_QUERY_REQUIRED)
        return self._ad_hoc(request.query)

    def operation(self, prepared: PreparedDocument, name: str | None) -> PreparedOperation:
        """The operation of a document that is meant.

        Raises:
            Refused: it runs only as a stored document.
            Unexecutable: the document has no such operation, or several and none is named.

        """
        operation = prepared.operation(name)
        if operation is None:
            message = "Must provide operation name." if name is None else "Unknown operation name."
            raise Unexecutable.because(message, Code.BAD_USER_INPUT)
        if prepared.document_id is None and operation.root_fields & ONLY_STORED:
            message = "This operation runs only as a stored document."
            raise Refused(message, Code.PERSISTED_QUERY_REQUIRED)
        return operation

    async def admit(
        self,
        prepared: PreparedDocument,
        operation: PreparedOperation,
        variables: Mapping[str, object],
        asker: Asker,
    ) -> Admitted:
        """Charge the caller and read what belongs to it.

        Raises:
            Unexecutable: the operation costs more than any may.
            Refused: the caller is over its limit.

        """
        cost = operation.cost(variables)
        if cost > LARGEST:
            message = f"The operation costs {cost} points, at most {LARGEST}."
            raise Unexecutable.because(message, Code.COST_LIMIT_EXCEEDED)
        caller = asker.caller
        charge = charge_for(operation, cost, caller, asker.address, self._quotas)
        started = await self._begin(caller, charge, operation.cursors(variables))
        allowance = started.allowance or self._local_limits.take(charge)
        if not allowance.allowed:
            self._metrics.rate_limited.labels(bucket_of(charge)).inc()
            raise over_limit(allowance)
        request = RequestContext(
            viewer_id=caller.viewer_id,
            started=started,
            request_id=asker.request_id,
            now=self._clock.now(),
            roles=caller.roles,
            region=caller.region,
        )
        return Admitted(
            prepared=prepared,
            operation=operation,
            variables=variables,
            caller=caller,
            cost=cost,
            allowance=allowance,
            request=request,
        )

    def _ad_hoc(self, text: str) -> PreparedDocument:
        prepared = self._source.cached(text)
        result = "cached"
        if prepared is None:
            prepared = self._source.prepare(text)
            self._source.remember(prepared)
            result = "parsed"
        if prepared.errors:
            self._metrics.documents.labels("refused").inc()
            raise Unexecutable([refusal(error) for error in prepared.errors])
        self._metrics.documents.labels(result).inc()
        return prepared


def limit_headers(allowance: Allowance) -> dict[str, str]:
    """What clients may read about their limit; `reset` is in seconds from now."""
    return {
        "x-ratelimit-limit": str(allowance.limit),
        "x-ratelimit-remaining": str(allowance.remaining),
        "x-ratelimit-cost": str(allowance.cost),
        "x-ratelimit-reset": str(-int(-allowance.reset_after // 1)),
    }


def over_limit(allowance: Allowance) -> Refused:
    headers = limit_headers(allowance) | {"retry-after": str(-int(-allowance.retry_after // 1))}
    return Refused(
        "Too many requests. Try again later.",
        Code.RATE_LIMITED,
        status=429,
        headers=headers,
        extensions={"retryAfterMs": -int(-allowance.retry_after * 1_000 // 1)},
    )


def is_subscription(operation: PreparedOperation) -> bool:
    return operation.type is OperationType.SUBSCRIPTION
