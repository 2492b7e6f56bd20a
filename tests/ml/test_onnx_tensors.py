"""Files written byte by byte, as protocol buffers are."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.minilm.onnx_tensors import UnreadableTensors, read_tensors


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def tensor(name: str, kind: int, raw: bytes, *sizes: int) -> bytes:
    dims = b"".join(field(1, size) for size in sizes)
    return dims + field(2, kind) + field(8, name.encode()) + field(9, raw)


def model(*tensors: bytes) -> bytes:
    graph = field(1, b"a node") + b"".join(field(5, one) for one in tensors)
    return field(1, 8) + field(7, graph)


def test_reads_floats_and_bytes_and_leaves_the_rest() -> None:
    floats = np.array([[1.5, -2.0, 300.0]], np.float32)
    small = np.array([-1, 7], np.int8)
    found = read_tensors(
        model(
            tensor("f", 1, floats.tobytes(), 1, 3),
            tensor("b", 3, small.tobytes(), 2),
            tensor("long", 7, b"\0" * 8, 1),
        )
    )
    assert sorted(found) == ["b", "f"]
    np.testing.assert_array_equal(found["f"], floats)
    np.testing.assert_array_equal(found["b"], small)


def test_sizes_may_be_packed() -> None:
    packed = (
        field(1, varint(2) + varint(300)) + field(2, 3) + field(8, b"p") + field(9, b"\1" * 600)
    )
    assert read_tensors(model(packed))["p"].shape == (2, 300)


@pytest.mark.parametrize(
    "content",
    [
        field(7, field(5, tensor("short", 1, b"\0" * 8, 3))),
        varint(7 << 3 | 2) + varint(100) + b"cut",
        varint(7 << 3 | 3),
        b"\x80",
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableTensors):
        read_tensors(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(UnreadableTensors):
        assert isinstance(read_tensors(content), dict)
