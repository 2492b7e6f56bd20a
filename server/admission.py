"""From a request to an operation that may run: what it costs, and the one round trip before it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from domain.ports.viewers import Allowance
from runtime.clock import Clock
from runtime.metrics import Metrics
from server.begin import Begin
from server.caller import Caller
from server.cost import LARGEST
from server.documents import Documents
from server.error_codes import Code
from server.graphql_request import GraphQLRequest
from server.load_gate import LoadGate
from server.prepared_document import PreparedDocument, PreparedOperation
from server.rate_limits import LocalRateLimits, Quotas, bucket_of, charge_for
from server.refusals import Refused, Unexecutable
from services.context import RequestContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, from where, under which request id."""

    caller: Caller
    address: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A request and what it means."""

    request: GraphQLRequest
    prepared: PreparedDocument
    operation: PreparedOperation


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted(Meant):
    """An operation that may run now; `cost` is in points."""

    cost: int
    allowance: Allowance
    context: RequestContext


class Admission:
    """One per process; the same for HTTP, SSE and WebSocket."""

    def __init__(
        self,
        documents: Documents,
        begin: Begin,
        *,
        quotas: Quotas,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._documents = documents
        self._begin = begin
        self._quotas = quotas
        self._clock = clock
        self._metrics = metrics
        self._local_limits = LocalRateLimits(clock)
        self.gate = LoadGate(clock)

    async def understand(self, request: GraphQLRequest) -> Meant:
        """Find the document and operation; raises what `Documents.find` does."""
        prepared, operation = await self._documents.find(request)
        return Meant(request=request, prepared=prepared, operation=operation)

    async def admit(self, meant: Meant, asker: Asker) -> Admitted:
        """Charge the caller and read what belongs to it.

        Raises:
            Unexecutable: the operation costs more than any may.
            Refused: the caller is over its limit.

        """
        operation, variables = meant.operation, meant.request.variables
        cost = operation.cost(variables)
        if cost > LARGEST:
            message = f"The operation costs {cost} points, at most {LARGEST}."
            raise Unexecutable.because(message, Code.COST_LIMIT_EXCEEDED)
        caller = asker.caller
        charge = charge_for(operation, cost, caller, asker.address, self._quotas)
        started = await self._begin(caller, charge, operation.cursors(variables))
        allowance = started.allowance
        if allowance is None:
            allowance = self._local_limits.take(charge)
            started = replace(started, allowance=allowance)
        if not allowance.allowed:
            self._metrics.rate_limited.labels(bucket_of(charge)).inc()
            raise over_limit(allowance)
        return Admitted(
            request=meant.request,
            prepared=meant.prepared,
            operation=operation,
            cost=cost,
            allowance=allowance,
            context=RequestContext(
                viewer_id=caller.viewer_id,
                started=started,
                request_id=asker.request_id,
                now=self._clock.now(),
                roles=caller.roles,
                region=caller.region,
            ),
        )


def limit_headers(allowance: Allowance) -> Mapping[str, str]:
    """What clients may read about their limit; `reset` is in seconds from now."""
    return {
        "x-ratelimit-limit": str(allowance.limit),
        "x-ratelimit-remaining": str(allowance.remaining),
        "x-ratelimit-cost": str(allowance.cost),
        "x-ratelimit-reset": str(ceil(allowance.reset_after)),
    }


def over_limit(allowance: Allowance) -> Refused:
    """The refusal of a caller who is over its limit."""
    retry = {"retry-after": str(ceil(allowance.retry_after))}
    return Refused(
        "Too many requests. Try again later.",
        Code.RATE_LIMITED,
        status=429,
        headers={**limit_headers(allowance), **retry},
        extensions={"retryAfterMs": ceil(allowance.retry_after * 1_000)},
    )
