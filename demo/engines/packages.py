"""Where the embedded engines' programs lie: in pip packages, which are found and not imported.

The packages' own managers create users, copy files and register hooks; only their files are used.
"""

import importlib.util
from pathlib import Path

from runtime.start import CannotStart


class PackageMissing(CannotStart):
    def __init__(self, engine: str, package: str) -> None:
        super().__init__(
            f"the embedded engine {engine} is not installed (package {package})",
            "run `make setup`, or point its setting at an engine of your own",
        )


class NotForThisMachine(CannotStart):
    def __init__(self, engine: str, package: str) -> None:
        super().__init__(
            f"the package {package} has no {engine} for this machine",
            "point its setting at an engine of your own",
        )


def program(engine: str, package: str, pattern: str) -> Path:
    """The path of the program that matches `pattern` inside the package's folder.

    Raises:
        PackageMissing: there is no such package.
        NotForThisMachine: it holds no such program.

    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise PackageMissing(engine, package)
    found = sorted(Path(spec.submodule_search_locations[0]).glob(pattern))
    if not found:
        raise NotForThisMachine(engine, package)
    return found[0]
