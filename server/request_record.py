"""What becomes known about one request while it is served: for its log line and its metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Final, cast

from graphql import GraphQLError

from server.error_codes import Code, code_of

KEY: Final = "explore.record"  # in the ASGI scope
OTHER: Final = "other"


class Outcome(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    CLIENT_ERROR = "client_error"
    ERROR = "error"
    SHED = "shed"


_OURS: Final = {
    Code.INTERNAL_SERVER_ERROR: Outcome.ERROR,
    Code.UNAVAILABLE: Outcome.ERROR,
    Code.OVERLOADED: Outcome.SHED,
}
_SEVERITY: Final = list(Outcome)


@dataclass(slots=True)
class RequestRecord:
    """`route` is a fixed path and `operation` a stored operation's name, or both are `other`.

    `fields` go into the log line as they are.
    """

    request_id: str
    route: str = OTHER
    operation: str = OTHER
    outcome: Outcome = Outcome.OK
    fields: dict[str, object] = field(default_factory=dict[str, object])

    @property
    def is_degraded(self) -> bool:
        return self.outcome is not Outcome.OK

    def note(self, outcome: Outcome) -> None:
        """The worst outcome stands."""
        self.outcome = max(self.outcome, outcome, key=_SEVERITY.index)

    def note_errors(self, errors: Sequence[GraphQLError]) -> None:
        codes = [code_of(error) for error in errors]
        if codes:
            self.fields["errors"] = sorted({code.value for code in codes})
        for code in codes:
            self.note(_OURS.get(code, Outcome.CLIENT_ERROR))


def record_of(scope: Mapping[str, object]) -> RequestRecord:
    """The record that the middleware has put into the scope."""
    return cast("RequestRecord", scope[KEY])


def viewer_hash(viewer_id: str | None) -> str:
    """A viewer in logs: joinable from line to line, but not a name. Empty for an anonymous one."""
    return "" if viewer_id is None else blake2b(viewer_id.encode(), digest_size=6).hexdigest()
