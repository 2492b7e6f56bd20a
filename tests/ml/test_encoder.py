"""The transformer: its parts by hand, and its vectors where the package with the weights is."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from ml.minilm.encoder import DIMENSIONS, PACKAGE, EncoderUnavailable, MiniLM
from ml.minilm.weights import Dense, LayerNorm

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec(PACKAGE) is None, reason=f"{PACKAGE} is missing"
)


def test_dense_and_norm_by_hand() -> None:
    rows = np.array([[1.0, 3.0]], np.float32)
    dense = Dense(np.array([[1.0, 0.0], [2.0, 1.0]], np.float32), np.array([0.5, 0.0], np.float32))
    np.testing.assert_allclose(dense(rows), [[7.5, 3.0]])
    norm = LayerNorm(np.array([1.0, 2.0], np.float32), np.array([0.0, 1.0], np.float32))
    np.testing.assert_allclose(norm(rows), [[-1.0, 3.0]], rtol=1e-6)


def test_missing_weights_are_a_named_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.minilm.encoder.PACKAGE", "no_such_package")
    with pytest.raises(EncoderUnavailable, match="requirements/runtime.txt"):
        MiniLM.installed()


def test_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "weights_of_another_kind"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "model.onnx").write_bytes(b"not the model")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr("ml.minilm.encoder.PACKAGE", package.name)
    with pytest.raises(EncoderUnavailable, match="not the one expected"):
        MiniLM.installed()


@pytest.fixture(scope="module")
def encoder() -> MiniLM:
    return MiniLM.installed()


@needs_weights
def test_an_answer_does_not_depend_on_its_neighbors(encoder: MiniLM) -> None:
    texts = [
        "a cat",
        "",
        "a far longer text about cats, dogs and birds",
        "猫 \U0001f600",
        "x" * 5_000,
    ]
    together = encoder.encode(texts)
    assert together.shape == (5, DIMENSIONS)
    assert np.isfinite(together).all()
    for row, text in zip(together, texts, strict=True):
        np.testing.assert_allclose(encoder.encode([text])[0], row, atol=2e-5)
    assert encoder.encode([]).shape == (0, DIMENSIONS)


@needs_weights
def test_like_means_near(encoder: MiniLM) -> None:
    rows = encoder.encode(["a kitten sleeps", "the cat is asleep", "stock markets fell"])
    last = rows[:, -384:] / np.linalg.norm(rows[:, -384:], axis=1, keepdims=True)
    assert float(last[0] @ last[1]) > 0.6
    assert float(last[0] @ last[2]) < 0.2


@needs_weights
def test_agrees_with_an_onnx_runtime(encoder: MiniLM) -> None:
    runtime = pytest.importorskip("onnxruntime")
    spec = importlib.util.find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    session = runtime.InferenceSession(str(Path(spec.origin).with_name("model.onnx")))
    from ml.minilm.wordpiece import WordPiece

    ids = np.array([WordPiece.of_minilm(max_tokens=64).encode("Hello there, world")])
    inputs = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
    expected = session.run(None, inputs)[0][0].mean(axis=0)
    np.testing.assert_allclose(
        encoder.encode(["Hello there, world"])[0, -384:], expected, atol=5e-3
    )
