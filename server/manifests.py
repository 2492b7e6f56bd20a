"""Manifests of stored operations as three client tool chains write them.

Relay: `{"<hex>": text}`; the client preset of GraphQL Code Generator: `{"sha256:<hex>": text}`;
Apollo: `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [...]}`.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec

PREFIX: Final = "sha256:"
_DIGEST: Final = re.compile("[0-9a-f]{64}")


class InvalidManifest(Exception):
    """The manifest cannot be used; the text names the document and what is wrong with it."""


class _ApolloOperation(msgspec.Struct):
    id: str
    body: str


class _ApolloManifest(msgspec.Struct):
    format: Literal["apollo-persisted-query-manifest"]
    version: Annotated[int, msgspec.Meta(ge=1, le=1)]
    operations: list[_ApolloOperation]


def document_id(text: str) -> str:
    """The id of a document: the SHA-256 of its text, byte for byte."""
    return PREFIX + sha256(text.encode()).hexdigest()


def canonical_id(given: str) -> str:
    """The id with its prefix; clients may leave that out."""
    return given if given.startswith(PREFIX) else PREFIX + given


def read_manifest(content: bytes) -> Mapping[str, str]:
    """Texts by canonical id.

    Raises:
        InvalidManifest: not one of the three formats, or an id that is not the hash of its text.

    """
    texts: dict[str, str] = {}
    for given, text in _entries(content):
        identifier = canonical_id(given)
        if not _DIGEST.fullmatch(identifier.removeprefix(PREFIX)):
            raise InvalidManifest(f"{given[:80]!r} is no SHA-256 of 64 hex digits")
        if document_id(text) != identifier:
            raise InvalidManifest(f"{identifier} is not the SHA-256 of its text")
        texts[identifier] = text
    if not texts:
        raise InvalidManifest("the manifest holds no document")
    return texts


def _entries(content: bytes) -> list[tuple[str, str]]:
    try:
        if b'"apollo-persisted-query-manifest"' in content:
            apollo = msgspec.json.decode(content, type=_ApolloManifest)
            return [(operation.id, operation.body) for operation in apollo.operations]
        return list(msgspec.json.decode(content, type=dict[str, str]).items())
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidManifest(f"not a manifest of Relay, codegen or Apollo: {error}") from error
