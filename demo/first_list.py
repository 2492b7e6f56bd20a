"""A probe for the first list that somebody would see, asked for as any client does."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import msgspec

from demo.addresses import in_url
from demo.children import Probe
from demo.probes import exchange
from server.manifests import read_manifest

MANIFEST: Final = Path(__file__).parents[1] / "operations" / "manifest.json"
QUERY: Final = "query Explore("  # stored: so it is answered in production, too
PAUSE: Final = 0.2  # seconds after an empty answer: whoever asks in vain for long is limited


class _Edges(msgspec.Struct):
    edges: list[msgspec.Raw]


class _Data(msgspec.Struct):
    explore: _Edges


class _Answer(msgspec.Struct):
    data: _Data


def first_list(port: int, host: str) -> Probe:
    """Ready when the explore page has a post."""
    texts = read_manifest(MANIFEST.read_bytes())
    (document,) = (name for name, text in texts.items() if text.startswith(QUERY))
    asked = urlencode({"documentId": document, "variables": '{"first":1}'})
    request = f"GET /graphql?{asked} HTTP/1.0\r\nHost: {in_url(host)}\r\n\r\n".encode()

    async def has_a_post() -> bool:
        found = _edges(await exchange(port, request, host))
        if not found:
            await asyncio.sleep(PAUSE)
        return found > 0

    return has_a_post


def _edges(answer: bytes) -> int:
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        return 0
    try:
        return len(msgspec.json.decode(body, type=_Answer).data.explore.edges)
    except msgspec.MsgspecError:
        return 0
