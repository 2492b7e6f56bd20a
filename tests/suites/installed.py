"""The packages of npm that the suites run: installed once per lock, outside the checkout."""

import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
DESCRIPTION: Final = ("package.json", "package-lock.json", ".npmrc")
INSTALL_SECONDS: Final = 600


def installed() -> Path:
    """The folder `node_modules` of what `package-lock.json` pins; linked here, for our scripts."""
    lock = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "explore"
    place = caches / f"suites-{lock}"
    if not place.exists():
        caches.mkdir(parents=True, exist_ok=True)
        _install(Path(tempfile.mkdtemp(dir=caches)), place)
    link = HERE / "node_modules"
    if link.resolve() != place / "node_modules":
        link.unlink(missing_ok=True)
        link.symlink_to(place / "node_modules")
    return link


def _install(folder: Path, place: Path) -> None:
    for name in DESCRIPTION:
        shutil.copy(HERE / name, folder)
    done = subprocess.run(
        ("npm", "ci", "--no-audit", "--no-fund"),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    try:
        folder.rename(place)  # in one step: who looks meanwhile sees all of it or nothing
    except OSError:
        shutil.rmtree(folder)  # another run was quicker
