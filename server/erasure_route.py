"""``DELETE /api/users/me/data``: the same erasure as the mutation's, for privacy tooling."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.erasure import Erasure
from domain.errors import DomainError
from domain.ports.viewers import Charge
from runtime.clock import Clock
from runtime.deadlines import within
from runtime.settings import Settings
from schema.scalars import print_instant
from server.admission import over_limit
from server.answers import PRIVATE
from server.auth import Authenticator, TokenRefused
from server.begin import Begin
from server.caller import Caller
from server.error_codes import Code, code_of, public_errors
from server.rate_limits import DEVELOPMENT_FACTOR, Bucket, LocalRateLimits, Quotas
from server.refusals import Refused
from server.request_record import record_of, viewer_hash
from services.context import RequestContext
from services.erasure import ErasureService

PATH: Final = "/api/users/me/data"
ACCEPTED: Final = 202
SIGN_IN: Final = {"www-authenticate": "Bearer"}
_STATUS: Final = {Code.UNAUTHENTICATED: 401, Code.RATE_LIMITED: 429, Code.UNAVAILABLE: 503}
UNITS: Final = 1


class ErasureRoute:
    """``begin`` reads what belongs to the caller and charges its limit, as for an operation."""

    def __init__(
        self,
        erasure: ErasureService,
        authenticator: Authenticator,
        begin: Begin,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._erasure = erasure
        self._authenticator = authenticator
        self._begin = begin
        self._clock = clock
        self._timeout = settings.mutation_timeout
        quotas = Quotas().times(DEVELOPMENT_FACTOR if settings.is_development else 1)
        self._per_minute = quotas.viewer
        self._local_limits = LocalRateLimits(clock)

    def route(self) -> Route:
        return Route(PATH, self._respond, methods=["DELETE"])

    async def _respond(self, request: Request) -> Response:
        record = record_of(request.scope)
        try:
            caller = await self._authenticate(request.headers.get("authorization"))
            record.fields["viewer"] = viewer_hash(caller.viewer_id)
            with within(self._timeout):
                context = await self._admit(caller, record.request_id)
                erasure = await self._erasure.request(context)
        except Refused as refused:
            record.note_errors(refused.errors)
            status = refused.status or _STATUS[Code.UNAVAILABLE]
            return _answer(_errors(refused.errors), status, refused.headers)
        except (DomainError, TimeoutError) as error:
            wrapped = GraphQLError(str(error), original_error=error)
            errors = public_errors([wrapped], record.request_id)
            record.note_errors(errors)
            return _answer(_errors(errors), _STATUS.get(code_of(errors[0]), 500))
        return _answer(_receipt(erasure), ACCEPTED)

    async def _authenticate(self, authorization: str | None) -> Caller:
        try:
            caller = await self._authenticator.authenticate(authorization)
        except TokenRefused:
            message = "The access token is not valid."
            raise Refused(message, Code.UNAUTHENTICATED, status=401, headers=SIGN_IN) from None
        if caller.viewer_id is None:
            raise Refused("Sign in to do this.", Code.UNAUTHENTICATED, status=401, headers=SIGN_IN)
        return caller

    async def _admit(self, caller: Caller, request_id: str) -> RequestContext:
        charge = Charge(f"{Bucket.VIEWER}:{caller.viewer_id}", UNITS, self._per_minute)
        started = await self._begin(caller, charge, ())
        allowance = started.allowance or self._local_limits.take(charge)
        if not allowance.allowed:
            raise over_limit(allowance)
        return RequestContext(
            viewer_id=caller.viewer_id,
            started=started,
            request_id=request_id,
            now=self._clock.now(),
            roles=caller.roles,
            region=caller.region,
        )


def _receipt(erasure: Erasure) -> Mapping[str, object]:
    """The receipt, spelled as the schema spells it."""
    done = erasure.completed_at
    return {
        "receipt": {
            "id": erasure.id,
            "requestedAt": print_instant(erasure.requested_at),
            "completedAt": None if done is None else print_instant(done),
            "stores": [
                {"store": store, "items": items} for store, items in sorted(erasure.stores.items())
            ],
        }
    }


def _errors(errors: Sequence[GraphQLError]) -> Mapping[str, object]:
    return {"errors": [error.formatted for error in errors]}


def _answer(
    body: Mapping[str, object], status: int, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        orjson.dumps(body),
        status,
        {
            "content-type": "application/json; charset=utf-8",
            "cache-control": PRIVATE,
            "vary": "Accept, Authorization",
            **(headers or {}),
        },
    )
