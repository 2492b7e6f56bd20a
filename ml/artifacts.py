"""Trained models as files: arrays in ``VERSION.npz``, what is to be known in ``VERSION.json``.

Arrays are read without pickles, and only after their hash was found to be the manifest's. A model
is asked for by an alias (``aliases.json``), so that a new one can run beside the old one before
the alias moves.
"""

import io
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

MAX_BYTES: Final = 32 * 1024 * 1024
ALIASES: Final = "aliases.json"
VERSION_DIGITS: Final = 10
SHADOW: Final = "-shadow"
"""``spam-shadow`` is the alias of a model that runs beside the one called ``spam``."""

Arrays = Mapping[str, NDArray[np.generic]]


class ModelUnavailable(Exception):
    """A model that is asked for cannot be used; the message says why and which."""


class ModelMissing(ModelUnavailable):
    """No file of that alias or version."""


class ModelRefused(ModelUnavailable):
    """The files are there and are not what their manifest says, or not for this code."""


class TrainedOn(msgspec.Struct, frozen=True):
    """A file that was learned from; ``license`` is None where none is stated."""

    name: str
    sha256: str
    rows: int
    license: str | None


class OperatingPoint(msgspec.Struct, frozen=True):
    """What a threshold on scores as they are served gives on a set's test rows."""

    set: str
    threshold: float
    precision: float
    recall: float
    flagged: float


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """``kind`` is ``text`` or ``account``; ``features`` is the fingerprint of what it was fed.

    ``expected_share`` is that of positives among posts; ``code`` the revision that trained it.
    ``metrics`` are those of scores for equal classes, ``thresholds`` of scores as they are served.
    """

    name: str
    version: str
    kind: str
    link: str
    labels: tuple[str, ...]
    sha256: str
    features: str
    encoder: str | None
    expected_share: float | None = None
    code: str
    data: tuple[TrainedOn, ...]
    metrics: dict[str, dict[str, float]]
    thresholds: tuple[OperatingPoint, ...]


def pack(arrays: Arrays) -> bytes:
    """Compressed arrays; the same arrays give the same bytes."""
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    return packed.getvalue()


def version_of(name: str, packed: bytes) -> str:
    return f"{name}-{sha256(packed).hexdigest()[:VERSION_DIGITS]}"


def save(folder: Path, manifest: Manifest, packed: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{manifest.version}.npz", packed)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    _write(folder / f"{manifest.version}.json", text + b"\n")


def load(folder: Path, version: str) -> tuple[Manifest, Arrays]:
    """Raises ``ModelUnavailable``."""
    manifest = read_manifest(folder, version)
    packed = _read(folder / f"{version}.npz")
    if sha256(packed).hexdigest() != manifest.sha256:
        raise ModelRefused(f"{version}: the file's hash is not the manifest's")
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            return manifest, {name: arrays[name] for name in arrays.files}
    except (ValueError, OSError, EOFError, BadZipFile, zlib.error) as error:
        raise ModelRefused(f"{version}: {error}") from error


def load_named(folder: Path, alias: str, version: str) -> tuple[Manifest, Arrays]:
    """The same, and it is what an alias may mean: a model that was trained as NAME."""
    manifest, arrays = load(folder, version)
    if manifest.name != alias.removesuffix(SHADOW):
        raise ModelRefused(f"{version} is a model of {manifest.name}, not of {alias}")
    return manifest, arrays


def read_manifest(folder: Path, version: str) -> Manifest:
    try:
        manifest = msgspec.json.decode(_read(folder / f"{version}.json"), type=Manifest)
    except msgspec.DecodeError as error:
        raise ModelRefused(f"{version}: {error}") from error
    if manifest.version != version:
        raise ModelRefused(f"{version}: the manifest is that of {manifest.version}")
    return manifest


def read_aliases(folder: Path) -> dict[str, str]:
    """Alias to version; empty where there is no such file."""
    try:
        return msgspec.json.decode(_read(folder / ALIASES), type=dict[str, str])
    except ModelMissing:
        return {}
    except msgspec.DecodeError as error:
        raise ModelRefused(f"{folder / ALIASES}: {error}") from error


def move_alias(folder: Path, alias: str, version: str) -> None:
    """Let NAME or NAME-shadow mean a version of NAME, which was found whole."""
    load_named(folder, alias, version)
    _write_aliases(folder, read_aliases(folder) | {alias: version})


def promote(folder: Path, name: str, version: str) -> None:
    """Let ``name`` mean the version, which was found whole, and end its run in shadow."""
    load_named(folder, name, version)
    kept = read_aliases(folder)
    if kept.get(name + SHADOW) == version:
        del kept[name + SHADOW]
    _write_aliases(folder, kept | {name: version})


def versions(folder: Path) -> Sequence[str]:
    return sorted(path.stem for path in folder.glob("*.json") if path.name != ALIASES)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ModelMissing(f"{path}: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise ModelRefused(f"{path} is larger than {MAX_BYTES} bytes")
    return content


def _write_aliases(folder: Path, aliases: Mapping[str, str]) -> None:
    text = msgspec.json.format(msgspec.json.encode(aliases, order="sorted"), indent=2)
    _write(folder / ALIASES, text + b"\n")


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)
