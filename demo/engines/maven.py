"""Fetches the jars that a recipe's pom.xml names, once, into the user's cache folder."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from demo.engines.command import run
from demo.engines.java import Java
from demo.keeper import Report
from runtime.start import CannotStart

FETCH_SECONDS: Final = 900.0
RECIPES: Final = Path(__file__).resolve().parents[2] / "deploy" / "engines"


class NoMaven(CannotStart):
    def __init__(self) -> None:
        super().__init__(
            "Maven (mvn) was not found, which fetches the real engines",
            "install it, or run with the embedded engines",
        )


class Jars:
    """The jars of one recipe under `deploy/engines/`; a changed recipe gets a new folder."""

    def __init__(self, recipe: str, java: Java) -> None:
        self.recipe: Final = RECIPES / recipe
        pom = (self.recipe / "pom.xml").read_bytes()
        self.folder: Final = cache_folder() / f"{recipe}-{hashlib.sha256(pom).hexdigest()[:12]}"
        self._java = java
        self._maven = shutil.which("mvn")
        if not self.folder.exists() and self._maven is None:
            raise NoMaven

    async def fetch(self, log: Path, report: Report) -> None:
        """Fill the folder if it is not there; it gets its name when it is complete."""
        if self.folder.exists() or self._maven is None:
            return
        report(f"fetching the jars of {self.recipe.name} (once, some minutes at most)")
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder.parent) as work:
            pom = Path(work, "pom.xml")  # a copy: Maven may write beside it
            shutil.copyfile(self.recipe / "pom.xml", pom)
            jars = Path(work, "jars")
            quiet = ("-B", "-ntp", "-q", "-f", str(pom), f"-Dlib.dir={jars}")
            command = (self._maven, *quiet, "package")
            await run("mvn", command, self._environment(), log, FETCH_SECONDS)
            self._keep(jars)

    def _keep(self, jars: Path) -> None:
        if not self.folder.exists():  # another demo may have been faster
            jars.rename(self.folder)

    def _environment(self) -> dict[str, str]:
        if os.environ.get("JAVA_HOME") or shutil.which("java"):
            return dict(os.environ)
        return {**os.environ, "JAVA_HOME": str(self._java.program.parent.parent)}


def cache_folder() -> Path:
    """Of this user: $XDG_CACHE_HOME/explore, by default ~/.cache/explore."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "explore"
