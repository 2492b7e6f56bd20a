"""Stored operations by id: parsed and validated when they are stored, never per request."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol

import structlog

from domain.documents import ClientState, DocumentClient
from server.cost import LARGEST
from server.document_source import DocumentSource
from server.manifests import InvalidManifest, canonical_id
from server.prepared_document import PreparedDocument, PreparedOperation

FOLLOW_SECONDS: Final = 2.0  # between two looks at the store: changes show within 5 s
log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class DocumentStore(Protocol):
    """Where documents are kept for all servers, with the app versions that use them."""

    async def revision(self) -> int:
        """Grows with each change of what is served."""
        ...

    async def served(self) -> Collection[str]:
        """Ids of the documents that a published app version uses."""
        ...

    async def texts(self, ids: Collection[str]) -> Mapping[str, str]:
        """Texts by id; what is not stored is left out."""
        ...

    async def add(self, texts: Mapping[str, str], *, client: str, publish: bool = True) -> int:
        """Store documents for an app version and publish it if so wished; how many were new.

        A version is `name@version` or empty; `publish` False leaves its state, of a new one
        `CREATED`.
        """
        ...

    async def set_state(self, client: str, state: ClientState) -> bool:
        """Publish or retire an app version; False where it is not known."""
        ...

    async def clients(self) -> Sequence[DocumentClient]:
        """The app versions by name."""
        ...


class TrustedDocuments:
    """What this process knows of the stored operations that are served."""

    def __init__(self, source: DocumentSource) -> None:
        self._source = source
        self._documents: dict[str, PreparedDocument] = {}
        self._own: set[str] = set()
        self._refused: set[str] = set()
        self._revision: int | None = None

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, document_id: str) -> PreparedDocument | None:
        """By `sha256:<hex>` or, as Apollo clients send it, by the bare hex."""
        return self._documents.get(canonical_id(document_id))

    def check(self, texts: Mapping[str, str]) -> Sequence[PreparedDocument]:
        """Prepare a manifest's documents.

        Raises:
            InvalidManifest: one of them does not fit the schema, costs more than any may, or is
                not one operation.

        """
        return [self._prepare(identifier, text) for identifier, text in texts.items()]

    def load(self, texts: Mapping[str, str]) -> None:
        """Serve a manifest's documents, whatever is in the store; all or none (see `check`)."""
        prepared = self.check(texts)
        self._documents.update(zip(texts, prepared, strict=True))
        self._own.update(texts)

    async def follow(self, store: DocumentStore) -> None:
        """Take over what changed since the last call; one bad document does not stop the rest."""
        revision = await store.revision()
        if revision == self._revision:
            return
        served = set(await store.served())
        unknown = served - self._documents.keys() - self._refused
        texts = await store.texts(unknown)
        for identifier, text in texts.items():
            self._take(identifier, text)
        for identifier in self._documents.keys() - served - self._own:
            del self._documents[identifier]
        self._revision = revision

    def _take(self, identifier: str, text: str) -> None:
        try:
            self._documents[identifier] = self._prepare(identifier, text)
        except InvalidManifest as refused:
            self._refused.add(identifier)
            log.warning("document.refused", document=identifier, reason=str(refused))

    def _prepare(self, identifier: str, text: str) -> PreparedDocument:
        prepared = self._source.prepare(text, identifier)
        if prepared.errors:
            raise InvalidManifest(f"{identifier}: {prepared.errors[0].message}")
        if len(prepared.operations) != 1:
            raise InvalidManifest(f"{identifier}: {len(prepared.operations)} operations, not one")
        if (points := _least_cost(prepared.operations[0])) > LARGEST:
            raise InvalidManifest(f"{identifier}: it costs {points} points, at most {LARGEST}")
        return prepared


def _least_cost(operation: PreparedOperation) -> int:
    """What an operation costs with pages of one; with larger ones each request is judged anew."""
    definitions = operation.node.variable_definitions or ()
    return operation.cost({one.variable.name.value: 1 for one in definitions})
