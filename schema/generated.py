"""Files that are generated from the code and committed: the SDL and the manifest of operations.

The manifest is what GraphQL Code Generator writes: `{"sha256:<hex>": text}`, where the text is a
file `operations/*.graphql` byte for byte, so that `sha256sum` gives its id.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import strawberry
from graphql import GraphQLError, OperationDefinitionNode, build_schema, parse, validate

from schema.sdl import sdl

SDL = Path("schema/schema.graphql")
RELEASED = Path("schema/released.graphql")  # as the last release had it
OPERATIONS = Path("operations")
MANIFEST = OPERATIONS / "manifest.json"


class InvalidOperation(Exception):
    """A file of operations does not fit the schema, or holds not exactly one operation."""


def generated(root: Path, schema: strawberry.Schema) -> Mapping[Path, str]:
    """Contents by absolute path.

    Raises:
        InvalidOperation: with the file and what is wrong in it.

    """
    text = sdl(schema)
    return {root / SDL: text, root / MANIFEST: manifest(root / OPERATIONS, text)}


def manifest(folder: Path, sdl_text: str) -> str:
    """The manifest of all operations in a folder, in the order of their files' names."""
    schema = build_schema(sdl_text)
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.graphql")):
        text = path.read_text()
        try:
            document = parse(text)
            errors = validate(schema, document)
        except GraphQLError as error:
            errors = [error]
            document = None
        if errors or document is None:
            raise InvalidOperation(f"{path.name}: {errors[0].message}")
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        names = [operation.name.value for operation in operations if operation.name]
        if len(operations) != 1 or names != [path.stem]:
            raise InvalidOperation(f"{path.name}: it must hold one operation, named {path.stem}.")
        texts[f"sha256:{sha256(text.encode()).hexdigest()}"] = text
    return json.dumps(texts, indent=2) + "\n"


def outdated(root: Path, schema: strawberry.Schema) -> list[Path]:
    """Generated files that differ from what the code says, or are missing."""
    return [
        path
        for path, content in generated(root, schema).items()
        if not path.exists() or path.read_text() != content
    ]


def write(root: Path, schema: strawberry.Schema) -> list[Path]:
    """Write what is outdated; the files written."""
    contents = generated(root, schema)
    changed = outdated(root, schema)
    for path in changed:
        path.write_text(contents[path])
    return changed
