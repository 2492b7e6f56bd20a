"""What a request turns out to be, noted for its log line and its metrics."""

from server.admission import Admitted, Meant
from server.request_record import Outcome, RequestRecord


def note_operation(record: RequestRecord, meant: Meant) -> None:
    name = meant.operation.name or ""
    record.fields["operation"] = name[:100]
    if meant.prepared.document_id is not None:
        record.operation = name
        record.fields["document"] = meant.prepared.document_id


def note_admission(record: RequestRecord, admitted: Admitted) -> None:
    record.fields["cost"] = admitted.cost
    if admitted.context.started.degraded:
        record.note(Outcome.DEGRADED)
