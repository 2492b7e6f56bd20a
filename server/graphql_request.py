"""What a client asks for, read from a body or a query string and checked before anything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import orjson

from server.error_codes import Code
from server.refusals import Refused, Unexecutable

LARGEST_BODY: Final = 262_144  # bytes
DEEPEST: Final = 32  # levels of JSON; a parser that recurses fails at some hundred
_KINDS: Final = {
    "query": str,
    "documentId": str,
    "operationName": str,
    "variables": dict,
    "extensions": dict,
}


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`document_id` is as the client gave it: with or without `sha256:`, or no id at all."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: Mapping[str, object]


def parse_json(content: bytes | str) -> object:
    """JSON of at most 32 levels.

    Raises:
        Refused: it is not JSON, or nested deeper.

    """
    try:
        value: object = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise Refused("The request is not valid JSON.", status=400) from None
    brackets = (b"[", b"{") if isinstance(content, bytes) else ("[", "{")
    if sum(content.count(bracket) for bracket in brackets) > DEEPEST and _is_deeper(value):  # pyright: ignore[reportArgumentType] - the brackets are of the content's type
        raise Refused(f"The request is nested deeper than {DEEPEST} levels.", status=400)
    return value


def read_request(members: object) -> GraphQLRequest:
    """The request in a decoded body.

    Raises:
        Refused: a member is missing or of the wrong type.
        Unexecutable: a text in the variables has a NUL character.

    """
    if not isinstance(members, dict):
        raise Refused("The request must be a JSON object.")
    body = cast("dict[str, object]", members)
    for name, kind in _KINDS.items():
        if not isinstance(body.get(name), kind | None):
            raise Refused(f"{name} is not of the right type.")
    extensions = cast("dict[str, object]", body.get("extensions") or {})
    variables = cast("dict[str, object]", body.get("variables") or {})
    if _has_nul(variables):
        raise Unexecutable.because("A variable has a NUL character.", Code.BAD_USER_INPUT)
    return GraphQLRequest(
        query=cast("str | None", body.get("query")) or None,
        document_id=cast("str | None", body.get("documentId")) or _persisted(extensions),
        operation_name=cast("str | None", body.get("operationName")) or None,
        variables=variables,
    )


def read_query_string(parameters: Mapping[str, str]) -> GraphQLRequest:
    """The request in the parameters of a GET (see `read_request`)."""
    members: dict[str, object] = {
        name: value for name, value in parameters.items() if name in _KINDS and value
    }
    for name in ("variables", "extensions"):
        if name in members:
            members[name] = parse_json(parameters[name])
    return read_request(members)


def _persisted(extensions: Mapping[str, object]) -> str | None:
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    by_hash = cast("dict[str, object]", persisted) if isinstance(persisted, dict) else {}
    digest = by_hash.get("sha256Hash")
    if not isinstance(digest, str) or not digest:
        raise Refused("extensions.persistedQuery must hold a sha256Hash.")
    return digest


def _is_deeper(value: object) -> bool:
    level: Sequence[object] = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(isinstance(inner, dict | list) for inner in level)


def _has_nul(value: object) -> bool:
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            if "\0" in found:
                return True
        else:
            waiting += _inside(found)
    return False


def _inside(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return [*members.keys(), *members.values()]
    return cast("list[object]", value) if isinstance(value, list) else ()
