"""The project speaks of itself alone: no machine's path, no registry's address, no data."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INDEX_URLS = re.compile(
    r"--(extra-)?index-url|--find-links|https?://\S*(pypi|pythonhosted)", re.IGNORECASE
)
MEGABYTE = 1_000_000


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no list of tracked files")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_lock_files_name_no_registry() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert len(locks) >= 4
    assert [lock.name for lock in locks if INDEX_URLS.search(lock.read_text())] == []


def test_every_locked_requirement_has_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        blocks = re.split(r"\n(?=\S)", lock.read_text())
        pinned = [block for block in blocks if "==" in block.splitlines()[0]]
        assert pinned
        assert [block for block in pinned if "--hash=sha256:" not in block] == []


def test_no_large_or_packed_data_is_tracked() -> None:
    paths = [path for path in tracked() if path.is_file()]
    large = [path.name for path in paths if path.stat().st_size > MEGABYTE]
    packed = [path.name for path in paths if path.suffix in {".gz", ".zip", ".parquet", ".zst"}]
    assert large == []
    assert packed == []
