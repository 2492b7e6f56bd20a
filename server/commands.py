"""What `python -m server` does, given how its resources are opened."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from uvicorn.loops.auto import auto_loop_factory

from runtime.settings import Settings
from runtime.start import CannotStart
from server.app import Resources, create_app
from server.manifests import InvalidManifest, read_manifest
from server.serving import bind, serve
from server.trusted_documents import DocumentStore, TrustedDocuments

OpenResources = Callable[[Settings], AbstractAsyncContextManager[Resources]]
OpenStore = Callable[[Settings], AbstractAsyncContextManager[DocumentStore]]


def run_server(settings: Settings, open_resources: OpenResources) -> None:
    """Serve until a signal asks to stop.

    Raises:
        CannotStart: the port is taken, or a resource cannot be opened.

    """
    bound = bind(settings.http_host, settings.http_port)

    async def run() -> None:
        async with open_resources(settings) as resources:
            app, readiness = create_app(resources), resources.readiness
            readiness.started = True
            await serve(app, bound, readiness, resources.clock, drain=settings.drain)

    with bound, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(run())


def add_documents(
    settings: Settings, file: Path, client: str, trusted: TrustedDocuments, open_store: OpenStore
) -> str:
    """Store a manifest for all servers and say how many of its documents were new.

    Raises:
        CannotStart: the file cannot be read, or one of its documents does not fit the schema;
            nothing is stored then.

    """
    try:
        texts = read_manifest(file.read_bytes())
        trusted.check(texts)
    except OSError as error:
        raise CannotStart(f"{file} cannot be read", error.strerror or "give a file") from None
    except InvalidManifest as refused:
        remedy = f"mend the manifest and add it again ({refused})"
        raise CannotStart(f"{file} was refused, nothing is stored", remedy) from None

    async def add() -> int:
        async with open_store(settings) as store:
            return await store.add(texts, client=client)

    added = asyncio.run(add())
    return f"{added} documents added, {len(texts) - added} were there already"
