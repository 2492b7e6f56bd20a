"""The real schema and our stored operations behind the real view; use cases say what is set."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from resolvers.root import create_schema
from runtime.metrics import Metrics
from runtime.settings import load_settings
from server.app import Resources, create_app
from server.auth import Authenticator
from server.begin import Begin
from server.document_source import DocumentSource
from server.executable_schema import ExecutableSchema
from server.manifests import read_manifest
from server.signing_keys import SigningKeys
from server.trusted_documents import TrustedDocuments
from services.trending_watch import TrendingWatch
from tests.fakes.clock import FixedClock
from tests.graphql.scripted import Script, context
from tests.server.token_factory import AUDIENCE, ISSUER, key_set
from tests.server.toy_app import StoreAway

MANIFEST = read_manifest(
    (Path(__file__).resolve().parents[2] / "operations" / "manifest.json").read_bytes()
)


def document_id(operation: str) -> str:
    """The id of a stored operation by its name."""
    (found,) = [key for key, text in MANIFEST.items() if f" {operation}(" in text.split("{")[0]]
    return found


@cache
def _served() -> tuple[ExecutableSchema, DocumentSource, TrustedDocuments]:
    """One for all servers: none of it knows settings or callers."""
    schema = create_schema(ExecutableSchema)
    source = DocumentSource(schema)
    trusted = TrustedDocuments(source)
    trusted.load(MANIFEST)
    return schema, source, trusted


async def _keys() -> bytes:
    return key_set()


def scripted_server(
    answers: dict[str, Any],
    settings: Mapping[str, str] | None = None,
    *,
    begin: Begin | None = None,
    watch: TrendingWatch | None = None,
) -> ASGIApp:
    """A development server, unless the settings say otherwise."""
    clock = FixedClock()
    schema, source, trusted = _served()
    use_cases = Script(answers).use_cases()
    keys = SigningKeys(_keys, clock)
    return create_app(
        Resources(
            settings=load_settings({"EXPLORE_ENVIRONMENT": "development", **(settings or {})}),
            clock=clock,
            metrics=Metrics.create(),
            schema=schema,
            sdl=schema.as_str(),
            source=source,
            trusted=trusted,
            authenticator=Authenticator(keys, clock, issuer=ISSUER, audience=AUDIENCE),
            begin=begin or StoreAway(),
            make_context=lambda request: context(request, use_cases, watch),
            lists_version=lambda: 0,
        )
    )
