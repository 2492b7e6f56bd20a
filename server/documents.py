"""Which document and operation a request means, and whether it may be asked for in that form."""

from typing import Final

from runtime.metrics import Metrics
from server.document_source import DocumentSource
from server.error_codes import Code, refusal
from server.graphql_request import GraphQLRequest
from server.prepared_document import PreparedDocument, PreparedOperation
from server.refusals import Refused, Unexecutable
from server.trusted_documents import TrustedDocuments

ONLY_STORED: Final = frozenset({"reviewPost", "claimCase", "upsertCategory"})


class Documents:
    """Stored documents, and texts unless `stored_only`."""

    def __init__(
        self,
        source: DocumentSource,
        trusted: TrustedDocuments,
        metrics: Metrics,
        *,
        stored_only: bool,
    ) -> None:
        self._source = source
        self._trusted = trusted
        self._stored_only = stored_only
        self._metrics = metrics

    def find(self, request: GraphQLRequest) -> tuple[PreparedDocument, PreparedOperation]:
        """The document and the operation that a request means.

        Raises:
            Refused: there is none, it is not stored, or it is served only where it is stored.
            Unexecutable: it does not parse, is not valid, or has not exactly the one operation.

        """
        prepared = self._document(request)
        operation = prepared.operation(request.operation_name)
        if operation is None:
            named = request.operation_name is not None
            message = "Unknown operation name." if named else "Must provide operation name."
            raise Unexecutable.because(message, Code.BAD_USER_INPUT)
        if prepared.document_id is None and operation.root_fields & ONLY_STORED:
            message = "This operation runs only as a stored document."
            raise Refused(message, Code.PERSISTED_QUERY_REQUIRED)
        return prepared, operation

    def _document(self, request: GraphQLRequest) -> PreparedDocument:
        if request.document_id is not None:
            stored = self._trusted.get(request.document_id)
            if stored is not None:
                self._metrics.documents.labels("stored").inc()
                return stored
            if request.query is None:
                raise Refused("PersistedQueryNotFound", Code.PERSISTED_QUERY_NOT_FOUND)
        if request.query is None:
            raise Refused("There is neither query nor documentId.")
        if self._stored_only:
            message = "Only stored operations are served here: send a documentId."
            raise Refused(message, Code.PERSISTED_QUERY_REQUIRED)
        # A text beside an unknown id is run like any other; it does not become known by that.
        return self._of_text(request.query)

    def _of_text(self, text: str) -> PreparedDocument:
        prepared, result = self._source.cached(text), "cached"
        if prepared is None:
            prepared, result = self._source.prepare(text), "parsed"
            self._source.remember(prepared)
        if prepared.errors:
            self._metrics.documents.labels("refused").inc()
            raise Unexecutable([refusal(error) for error in prepared.errors])
        self._metrics.documents.labels(result).inc()
        return prepared
