"""Files that hold secrets."""

import os
from pathlib import Path


def write_privately(file: Path, content: bytes) -> None:
    """Replace the file at once; only its owner may read it."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    fresh.replace(file)
