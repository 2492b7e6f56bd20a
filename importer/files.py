"""The files of a folder: `[source.]kind.extension`, as the contract's section 6 names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
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
    path: Path
    kind: Kind


def find_files(folder: Path) -> list[ImportFile]:
    """All files of the known names, in the order of kinds, then of names.

    Raises:
        CannotStart: there is no such folder, or nothing to import in it.

    """
    if not folder.is_dir():
        raise CannotStart(f"{folder} is not a folder", "name the one that holds *.posts.jsonl.gz")
    found = [
        ImportFile(path, kind)
        for kind in Kind
        for path in sorted(folder.iterdir())
        if path.name == kind or path.name.endswith(f".{kind}")
    ]
    if not found:
        names = ", ".join(f"*.{kind}" for kind in Kind)
        raise CannotStart(f"{folder} has nothing to import", f"it needs files named {names}")
    return found


def digest_of(files: Sequence[ImportFile]) -> str:
    """Names these files by what is in them, wherever they lie: 64 hex digits (SHA-256)."""
    whole = sha256()
    for file in files:
        with file.path.open("rb") as stream:
            while block := stream.read(1 << 20):
                whole.update(block)
        whole.update(f"/{file.path.name}/{file.path.stat().st_size}/".encode())
    return whole.hexdigest()
