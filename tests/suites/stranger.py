"""Requests to a server as a stranger sends them: each sender is an address of its own."""

import functools
import itertools
from collections.abc import Mapping
from typing import Final

import httpx
import msgspec

from tests.end_to_end.running_demo import ROOT

JSON: Final = {"content-type": "application/json"}
PATIENCE: Final = 60.0
_numbers = itertools.count(1)
STORED: Final[Mapping[str, str]] = {
    text.split("(")[0].split("{")[0].split()[1]: identifier
    for identifier, text in msgspec.json.decode(
        (ROOT / "operations" / "manifest.json").read_bytes(), type=dict[str, str]
    ).items()
}
"""Ids of our own stored operations by their names."""


@functools.cache
def _connections() -> httpx.Client:
    """One for all: each makes a TLS context, which takes longer than most requests."""
    return httpx.Client(timeout=PATIENCE)


class Stranger:
    """Nobody's limit is shared: the server takes the address from `X-Forwarded-For`."""

    def __init__(self, server: str, **headers: str) -> None:
        number = next(_numbers)
        self._server = server
        self._headers = {
            "x-forwarded-for": f"10.7.{number // 250}.{number % 250 + 1}",
            **headers,
        }

    def post(self, body: object, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return self.send("POST", "/graphql", content=content, headers={**JSON, **headers})

    def stored(self, name: str, variables: Mapping[str, object] | None = None) -> httpx.Response:
        return self.post({"documentId": STORED[name], "variables": variables or {}})

    def get(self, **parameters: str) -> httpx.Response:
        return self.send("GET", "/graphql", params=parameters)

    def send(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        return _connections().request(
            method,
            self._server + path,
            content=content,
            params=params,
            headers={**self._headers, **(headers or {})},
        )


def codes(answer: httpx.Response) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in answer.json().get("errors", ())]
