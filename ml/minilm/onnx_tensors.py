"""The named tensors of an ONNX file, read without the ONNX libraries.

An ONNX file is a protocol buffer; of its ``ModelProto`` only ``graph`` (7) is read, of that only
``initializer`` (5), and of a ``TensorProto`` dims (1), data_type (2), name (8) and raw_data (9).
Source: onnx/onnx.proto3. Only float32 and int8 tensors are given out.
"""

from collections.abc import Iterator
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32 | np.int8]

_GRAPH: Final = 7
_INITIALIZER: Final = 5
_DIMS, _DATA_TYPE, _NAME, _RAW_DATA = 1, 2, 8, 9
_DTYPES: Final = {1: np.float32, 3: np.int8}
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5


class UnreadableTensors(ValueError):
    """Not an ONNX file of the kind that is read here."""


def read_tensors(content: bytes) -> dict[str, Tensor]:
    """Name to array; the arrays share ``content``'s memory and cannot be written."""
    tensors: dict[str, Tensor] = {}
    try:
        for number, graph in _fields(memoryview(content)):
            if number == _GRAPH and isinstance(graph, memoryview):
                tensors.update(_initializers(graph))
    except (IndexError, ValueError) as error:
        raise UnreadableTensors(str(error)) from error
    return tensors


def _initializers(graph: memoryview) -> Iterator[tuple[str, Tensor]]:
    for number, tensor in _fields(graph):
        if number == _INITIALIZER and isinstance(tensor, memoryview):
            fields = list(_fields(tensor))
            values = dict(fields)
            dtype = _DTYPES.get(cast("int", values.get(_DATA_TYPE, 0)))
            if dtype is not None and _RAW_DATA in values:
                name = bytes(cast("memoryview", values[_NAME])).decode()
                shape = [
                    size for field, value in fields if field == _DIMS for size in _sizes(value)
                ]
                raw = cast("memoryview", values[_RAW_DATA])
                yield name, np.frombuffer(raw, dtype).reshape(shape)


def _sizes(value: int | memoryview) -> list[int]:
    """Repeated integers stand one by one or packed."""
    if isinstance(value, int):
        return [value]
    sizes: list[int] = []
    at = 0
    while at < len(value):
        size, at = _varint(value, at)
        sizes.append(size)
    return sizes


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        wire = key & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        if wire == _BYTES:
            length, at = _varint(message, at)
        elif wire in (_FIXED_32, _FIXED_64):
            length = 4 if wire == _FIXED_32 else 8
        else:
            raise UnreadableTensors(f"wire type {wire}")
        if at + length > len(message):
            raise UnreadableTensors("cut short")
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004  the continuation bit
            return value, at
        shift += 7
