"""Folders of import files, written for a test."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_lines(folder: Path, name: str, lines: Sequence[str | bytes]) -> Path:
    path = folder / name
    with gzip.open(path, "wb") as stream:
        for line in lines:
            stream.write((line.encode() if isinstance(line, str) else line) + b"\n")
    return path


def post_line(id_: str, created_at: str, **fields: object) -> str:
    """A line of the common post schema; absent facts are null."""
    row: Mapping[str, object] = {
        "id": id_,
        "source": "test",
        "author": f"{id_.partition(':')[0]}:author",
        "created_at": created_at,
        "created_at_kind": "exact",
        "title": "A title",
        "text": None,
        "tags": [],
        "category": None,
        "regions": [],
        "lang": None,
        "url": None,
        "nsfw": None,
        "likes": None,
        "dislikes": None,
        "comments": None,
        "views": None,
    }
    return json.dumps({**row, **fields}, ensure_ascii=False)
