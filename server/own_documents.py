"""The documents of our own pages, stored at the start, and those that others store meanwhile."""

from pathlib import Path
from typing import Final

import structlog

from domain.errors import Unavailable
from server.manifests import read_manifest
from server.trusted_documents import DocumentStore, TrustedDocuments

MANIFEST: Final = Path(__file__).parents[1] / "operations" / "manifest.json"
MANIFEST_CLIENT: Final = "explore"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


async def store_own_documents(store: DocumentStore, trusted: TrustedDocuments) -> None:
    """Store the operations of our own pages; this process knows them in any case."""
    texts = read_manifest(MANIFEST.read_bytes())
    trusted.load(texts)
    try:
        await store.add(texts, client=MANIFEST_CLIENT)
    except Unavailable as failure:
        log.warning("documents.unstored", failure=str(failure))
    await follow_documents(store, trusted)


async def follow_documents(store: DocumentStore, trusted: TrustedDocuments) -> None:
    """Learn what was stored since; an outage is left to the next time."""
    try:
        await trusted.follow(store)
    except Unavailable as failure:
        log.warning("documents.unread", failure=str(failure))
