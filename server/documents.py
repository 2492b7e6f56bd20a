"""Which document and operation a request means, and whether it may be asked for in that form.

New texts are parsed one at a time with other work in between, so that whoever sends many hostile
ones delays nobody else by more than one of them.
"""

import asyncio
from typing import Final

from runtime.metrics import Metrics
from server.document_source import DocumentSource
from server.error_codes import Code, refusal
from server.graphql_request import GraphQLRequest
from server.prepared_document import PreparedDocument, PreparedOperation
from server.refusals import Refused, Unexecutable, overloaded
from server.trusted_documents import TrustedDocuments
from server.young_garbage import short_lived

MOST_WAITING: Final = 64  # new texts that wait for their turn
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
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def find(self, request: GraphQLRequest) -> tuple[PreparedDocument, PreparedOperation]:
        """The document and the operation that a request means.

        Raises:
            Refused: there is none, or too many new ones wait to be read.
            Unexecutable: it is not stored, or served only where it is stored; it does not parse,
                is not valid, or has not exactly the one operation.

        """
        prepared = await self._document(request)
        operation = prepared.operation(request.operation_name)
        if operation is None:
            named = request.operation_name is not None
            message = "Unknown operation name." if named else "Must provide operation name."
            raise Unexecutable.because(message, Code.BAD_USER_INPUT)
        if prepared.document_id is None and operation.root_fields & ONLY_STORED:
            message = "This operation runs only as a stored document."
            raise Unexecutable.because(message, Code.PERSISTED_QUERY_REQUIRED)
        return prepared, operation

    async def _document(self, request: GraphQLRequest) -> PreparedDocument:
        if request.document_id is not None:
            stored = self._trusted.get(request.document_id)
            if stored is not None:
                self._metrics.documents.labels("stored").inc()
                return stored
            if request.query is None:
                message = "PersistedQueryNotFound"  # Apollo's clients look for this very text
                raise Unexecutable.because(message, Code.PERSISTED_QUERY_NOT_FOUND)
        if request.query is None:
            raise Refused("There is neither query nor documentId.")
        if self._stored_only:
            message = "Only stored operations are served here: send a documentId."
            raise Unexecutable.because(message, Code.PERSISTED_QUERY_REQUIRED)
        # A text beside an unknown id is run like any other; it does not become known by that.
        return await self._of_text(request.query)

    async def _of_text(self, text: str) -> PreparedDocument:
        prepared, result = self._source.cached(text), "cached"
        if prepared is None:
            prepared, result = await self._read(text), "parsed"
        if prepared.errors:
            self._metrics.documents.labels("refused").inc()
            raise Unexecutable([refusal(error) for error in prepared.errors])
        self._metrics.documents.labels(result).inc()
        return prepared

    async def _read(self, text: str) -> PreparedDocument:
        if self._waiting >= MOST_WAITING:
            raise overloaded()
        self._waiting += 1
        try:
            async with self._turn:
                await asyncio.sleep(0)
                prepared = self._source.cached(text)
                if prepared is None:
                    with short_lived():
                        prepared = self._source.prepare(text)
                    self._source.remember(prepared)
                return prepared
        finally:
            self._waiting -= 1
