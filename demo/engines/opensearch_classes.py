"""Compiles the few classes that `deploy/engines/opensearch` adds to OpenSearch's jars."""

import asyncio
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Final

from demo.engines.command import run
from demo.engines.engine import environment
from demo.engines.java import Java
from demo.engines.maven import Jars

MAIN: Final = "DevOpenSearch"
ECLIPSE_COMPILER: Final = "org.eclipse.jdt.internal.compiler.batch.Main"  # needs no JDK
COMPILE_SECONDS: Final = 120.0
CHECK_SECONDS: Final = 60.0


class OpenSearchClasses:
    """A folder of classes for one recipe and one Java runtime, beside the jars."""

    def __init__(self, jars: Jars, java: Java) -> None:
        self._jars = jars
        self._java = java
        sources = b"".join(file.read_bytes() for file in sorted(jars.recipe.rglob("*.java")))
        digest = hashlib.sha256(sources + str(java).encode()).hexdigest()[:12]
        self._folder = jars.folder.with_name(f"opensearch-classes-{digest}")

    async def compile(self, log: Path) -> None:
        """Fill the folder if it is not there; it gets its name when it is complete."""
        if self._folder.exists():
            return
        fresh = self._folder.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        await self._compile(self._jars.recipe / f"{MAIN}.java", fresh, log)
        if not await asyncio.to_thread(self._breaks_thai_words, fresh):
            await self._compile(self._jars.recipe / "no-thai", fresh, log)
        fresh.rename(self._folder)

    def program(self, *options: str) -> tuple[str, ...]:
        """The command that runs our class; its arguments follow."""
        return (*self._java_with(self._folder, *options), MAIN)

    async def _compile(self, source: Path, target: Path, log: Path) -> None:
        folder = self._jars.folder
        jars = [*folder.glob("opensearch-*.jar"), *folder.glob("lucene-*.jar")]
        compiler = (*self._java_with(target), ECLIPSE_COMPILER, "-21", "-nowarn", "-proc:none")
        where = ("-cp", ":".join(map(str, jars)), "-d", str(target))
        command = (*compiler, *where, str(source))
        await run("compiling for OpenSearch", command, environment(), log, COMPILE_SECONDS)

    def _breaks_thai_words(self, classes: Path) -> bool:
        command = (*self._java_with(classes), MAIN, "--has-thai")
        check = subprocess.run(command, capture_output=True, timeout=CHECK_SECONDS, check=False)  # noqa: S603 - the Java that was found
        return check.returncode == 0

    def _java_with(self, classes: Path, *options: str) -> tuple[str, ...]:
        """Java with our classes before those of the jars."""
        return (str(self._java.program), *options, "-cp", f"{classes}:{self._jars.folder}/*")
