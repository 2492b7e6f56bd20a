"""Stored operations by id: parsed and validated when they are stored, never per request."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import structlog

from server.document_source import DocumentSource
from server.manifests import InvalidManifest, canonical_id
from server.prepared_document import PreparedDocument

FOLLOW_SECONDS: Final = 2.0  # between two looks at the store: additions show within 5 s
log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class DocumentStore(Protocol):
    """Where documents are kept for all servers (PostgreSQL).

    Positions grow with each addition and become visible in their order.
    """

    async def added_after(self, position: int) -> tuple[int, Mapping[str, str]]:
        """Texts by id that were added after a position (0: all), and the position reached."""
        ...

    async def add(self, texts: Mapping[str, str], *, client: str) -> int:
        """Add what is not there yet, for a client (`name@version` or empty); how many were new."""
        ...


class TrustedDocuments:
    """What this process knows of the stored operations."""

    def __init__(self, source: DocumentSource) -> None:
        self._source = source
        self._documents: dict[str, PreparedDocument] = {}
        self._position = 0

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, document_id: str) -> PreparedDocument | None:
        """By `sha256:<hex>` or, as Apollo clients send it, by the bare hex."""
        return self._documents.get(canonical_id(document_id))

    def check(self, texts: Mapping[str, str]) -> Sequence[PreparedDocument]:
        """Prepare a manifest's documents.

        Raises:
            InvalidManifest: one of them does not fit the schema, or is not one operation.

        """
        return [self._prepare(identifier, text) for identifier, text in texts.items()]

    def load(self, texts: Mapping[str, str]) -> None:
        """Take in a manifest as a whole or not at all (see `check`)."""
        for prepared in self.check(texts):
            self._documents[prepared.document_id or ""] = prepared

    async def follow(self, store: DocumentStore) -> None:
        """Take in what was added since the last call; one bad document does not stop the rest."""
        position, texts = await store.added_after(self._position)
        for identifier, text in texts.items():
            try:
                self.load({identifier: text})
            except InvalidManifest as refused:
                log.warning("document.refused", document=identifier, reason=str(refused))
        self._position = position

    def _prepare(self, identifier: str, text: str) -> PreparedDocument:
        prepared = self._source.prepare(text, identifier)
        if prepared.errors:
            raise InvalidManifest(f"{identifier}: {prepared.errors[0].message}")
        if len(prepared.operations) != 1:
            raise InvalidManifest(f"{identifier}: {len(prepared.operations)} operations, not one")
        return prepared
