"""What `python -m server documents` does: manifests in, app versions published and retired."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from domain.documents import ClientState, DocumentClient, is_client
from runtime.start import CannotStart
from server.manifests import InvalidManifest, read_manifest
from server.trusted_documents import DocumentStore, TrustedDocuments

OpenStore: TypeAlias = Callable[[], AbstractAsyncContextManager[DocumentStore]]


class DocumentCommands:
    """Each method does one command and gives what it prints."""

    def __init__(self, trusted: TrustedDocuments, open_store: OpenStore) -> None:
        self._trusted = trusted
        self._open_store = open_store

    async def add(self, file: Path, client: str, *, publish: bool) -> str:
        """Store a manifest for all servers.

        Raises:
            CannotStart: the file cannot be read, one of its documents cannot be served, or the
                client is no `NAME@VERSION`; nothing is stored then.

        """
        if client:
            _check_client(client)
        texts = _read(file)
        try:
            self._trusted.check(texts)
        except InvalidManifest as refused:
            raise _refusal(file, refused) from None
        async with self._open_store() as store:
            added = await store.add(texts, client=client, publish=publish)
        return f"{added} documents added, {len(texts) - added} were there already"

    async def set_state(self, client: str, state: ClientState) -> str:
        """Publish or retire an app version.

        Raises:
            CannotStart: there is none of that name.

        """
        _check_client(client)
        async with self._open_store() as store:
            known = await store.set_state(client, state)
        if not known:
            remedy = "see the known ones with: python -m server documents list"
            raise CannotStart(f"no documents were added for {client}", remedy)
        return f"{client} is {state.value}; servers follow within 5 s"

    async def list(self) -> str:
        """The app versions, one a line."""
        async with self._open_store() as store:
            return "\n".join(map(_line, await store.clients()))


def _line(client: DocumentClient) -> str:
    when = datetime.fromtimestamp(client.changed_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = client.name or "(no client)"
    return f"{name:40} {client.state.value:10} {client.documents:5} documents   {when}"


def _check_client(client: str) -> None:
    if not is_client(client):
        raise CannotStart(f"{client!r} is no client", "give NAME@VERSION, for example web@1.4.0")


def _read(file: Path) -> dict[str, str]:
    """The texts of a manifest by id (see `read_manifest`).

    Raises:
        CannotStart: it cannot be read, or is no manifest.

    """
    try:
        return dict(read_manifest(file.read_bytes()))
    except OSError as error:
        raise CannotStart(f"{file} cannot be read", error.strerror or "give a file") from None
    except InvalidManifest as refused:
        raise _refusal(file, refused) from None


def _refusal(file: Path, refused: InvalidManifest) -> CannotStart:
    remedy = f"mend the manifest and add it again ({refused})"
    return CannotStart(f"{file} was refused, nothing is stored", remedy)
