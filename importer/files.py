"""The files of a folder: `[source.]kind.extension`, as the contract's section 6 names them."""

import gzip
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest, sha256
from pathlib import Path

from runtime.start import CannotStart


class Kind(StrEnum):
    """In the order in which facts of the same moment are told."""

    USERS = "users.csv.gz"
    POSTS = "posts.jsonl.gz"
    FOLLOWS = "follows_derived.csv.gz"
    INTERACTIONS = "interactions.csv.gz"
    OBSERVATIONS = "observations.csv.gz"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """`content` tells it from files with anything else in them."""

    path: Path
    kind: Kind
    content: bytes


def find_files(folder: Path) -> list[ImportFile]:
    """All files of the known names, in the order of kinds, then one that names do not decide.

    Raises:
        CannotStart: there is no such folder, or nothing to import in it.

    """
    if not folder.is_dir():
        raise CannotStart(f"{folder} is not a folder", "name the one that holds *.posts.jsonl.gz")
    named = _named(folder)
    if not named:
        raise CannotStart(f"{folder} has nothing to import", _remedy(folder))
    found = [ImportFile(path, kind, _content_of(path)) for path, kind in named]
    kinds = list(Kind)
    return sorted(found, key=lambda file: (kinds.index(file.kind), file.content))


def digest_of(files: Sequence[ImportFile]) -> str:
    """Names these files by what is in them: 64 hex digits (SHA-256).

    Neither their names nor how they are compressed count, so that they are known again.
    """
    return sha256(b"".join(file.kind.encode() + file.content for file in files)).hexdigest()


def _named(folder: Path) -> list[tuple[Path, Kind]]:
    return [
        (path, kind)
        for kind in Kind
        for path in folder.iterdir()
        if path.name == kind or path.name.endswith(f".{kind}")
    ]


def _remedy(folder: Path) -> str:
    """Folders within it that have something, where there are such."""
    inner: list[str] = []
    for one in sorted(folder.iterdir()):
        with suppress(OSError):  # one that may not be looked into
            if one.is_dir() and _named(one):
                inner.append(str(one))
    if inner:
        return f"name {' or '.join(inner)}"
    return f"it needs files named {', '.join(f'*.{kind}' for kind in Kind)}"


def _content_of(path: Path) -> bytes:
    """The SHA-256 of what is in the file; if it breaks off, of its bytes; else nothing."""
    with suppress(OSError, EOFError, zlib.error), gzip.open(path, "rb") as content:
        return file_digest(content, "sha256").digest()
    with suppress(OSError), path.open("rb") as broken:
        return b"broken " + file_digest(broken, "sha256").digest()
    return b""
