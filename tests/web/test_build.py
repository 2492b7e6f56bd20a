"""What is committed under `web/dist` is what its sources give, where Node can tell."""

import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
INSTALLED = WEB / "node_modules/.package-lock.json"
INSTALL_SECONDS = 300
BUILD_SECONDS = 180


def _npm(*arguments: str, seconds: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("npm", *arguments), cwd=WEB, capture_output=True, text=True, timeout=seconds, check=False
    )


@pytest.fixture(scope="module")
def node() -> None:
    if not shutil.which("npm"):
        pytest.skip("npm is not here: the committed pages were not compared with a fresh build")
    lock = WEB / "package-lock.json"
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        done = _npm("ci", seconds=INSTALL_SECONDS)
        assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("node")
def test_types_hold_and_the_committed_files_are_a_fresh_build() -> None:
    done = _npm("run", "--silent", "check", seconds=BUILD_SECONDS)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_lock_names_no_place_of_download() -> None:
    assert '"resolved"' not in (WEB / "package-lock.json").read_text()
