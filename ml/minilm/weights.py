"""The tensors of the model file as the layers that they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.minilm.onnx_tensors import Tensor

PRODUCTS_PER_LAYER: Final = 6
EPSILON: Final = 1e-12

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Dense:
    weight: Matrix
    bias: Matrix

    def __call__(self, rows: Matrix) -> Matrix:
        result = rows @ self.weight
        result += self.bias
        return result


@dataclass(frozen=True, slots=True)
class LayerNorm:
    scale: Matrix
    shift: Matrix

    def __call__(self, rows: Matrix) -> Matrix:
        centered = rows - rows.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", centered, centered) / np.float32(rows.shape[1])
        centered *= (1 / np.sqrt(variance + np.float32(EPSILON)))[:, None]
        centered *= self.scale
        centered += self.shift
        return centered


@dataclass(frozen=True, slots=True)
class Layer:
    query_key_value: Dense
    attention_out: Dense
    attention_norm: LayerNorm
    up: Dense
    down: Dense
    output_norm: LayerNorm


@dataclass(frozen=True, slots=True)
class Weights:
    """Word vectors stay in 8 bits with a scale each: they are most of the model."""

    words: NDArray[np.int8]
    word_scales: Matrix
    places: Matrix
    norm: LayerNorm
    layers: tuple[Layer, ...]

    def embed(self, tokens: NDArray[np.int64], places: NDArray[np.int64]) -> Matrix:
        return self.norm(self.words[tokens] * self.word_scales[tokens] + self.places[places])


def arrange(tensors: Mapping[str, Tensor], layers: int) -> Weights:
    """The first layers. Matrices have numbered names in the order of the computation."""
    named = {name.removeprefix("inner."): tensor for name, tensor in tensors.items()}

    def floats(name: str) -> Matrix:
        return named[name].astype(np.float32)

    def scaled(name: str) -> Matrix:
        return floats(f"{name}_q") * floats(f"{name}_scale")

    def norm(name: str) -> LayerNorm:
        return LayerNorm(floats(f"{name}.LayerNorm.weight"), floats(f"{name}.LayerNorm.bias"))

    numbers = sorted(
        int(name[len("val_") : -len("_q")])
        for name in named
        if name.startswith("val_") and name.endswith("_q")
    )
    products = [f"val_{number}" for number in numbers[: layers * PRODUCTS_PER_LAYER]]
    segment = floats("embeddings.token_type_embeddings.weight")[0]
    return Weights(
        words=named["embeddings.word_embeddings.weight_q"].astype(np.int8),
        word_scales=floats("embeddings.word_embeddings.weight_scale"),
        places=scaled("embeddings.position_embeddings.weight") + segment,
        norm=norm("embeddings"),
        layers=tuple(
            _layer(
                f"encoder.layer.{number}",
                [
                    scaled(name)
                    for name in products[PRODUCTS_PER_LAYER * number :][:PRODUCTS_PER_LAYER]
                ],
                floats,
                norm,
            )
            for number in range(layers)
        ),
    )


def _layer(
    name: str,
    products: list[Matrix],
    floats: Callable[[str], Matrix],
    norm: Callable[[str], LayerNorm],
) -> Layer:
    query, key, value, out, up, down = products
    biases = [floats(f"{name}.attention.self.{part}.bias") for part in ("query", "key", "value")]
    return Layer(
        query_key_value=Dense(np.concatenate([query, key, value], 1), np.concatenate(biases)),
        attention_out=Dense(out, floats(f"{name}.attention.output.dense.bias")),
        attention_norm=norm(f"{name}.attention.output"),
        up=Dense(up, floats(f"{name}.intermediate.dense.bias")),
        down=Dense(down, floats(f"{name}.output.dense.bias")),
        output_norm=norm(f"{name}.output"),
    )
