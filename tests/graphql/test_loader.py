"""The loader: one read per tick, in the keys' order, under a deadline of its own."""

import asyncio
from collections.abc import Sequence

import pytest

from domain.errors import Unavailable
from loaders.base import LARGEST_BATCH, Loader
from runtime.deadlines import within


async def test_one_tick_is_one_read_and_a_key_is_read_once() -> None:
    reads: list[list[str]] = []

    async def read(keys: Sequence[str]) -> list[str | None]:
        reads.append(list(keys))
        return [None if key == "gone" else key.upper() for key in keys]

    loader = Loader("upper_by_name", read)
    assert await loader.load_many(["a", "b", "gone", "a"]) == ["A", "B", None, "A"]
    assert await loader.load("b") == "B"
    assert await loader.load("c") == "C"
    assert reads == [["a", "b", "gone"], ["c"]]


async def test_a_long_list_is_read_in_bounded_batches() -> None:
    sizes: list[int] = []

    async def read(keys: Sequence[int]) -> list[int]:
        sizes.append(len(keys))
        return list(keys)

    keys = list(range(LARGEST_BATCH + 1))
    assert await Loader("same_by_number", read).load_many(keys) == keys
    assert sizes == [LARGEST_BATCH, 1]


async def test_a_read_that_takes_too_long_is_unavailable_to_all_who_wait() -> None:
    async def read(keys: Sequence[str]) -> list[str]:
        await asyncio.Event().wait()
        return list(keys)

    loader = Loader("never", read, seconds=0.01)
    waiting = [loader.load("a"), loader.load("b")]
    for future in waiting:
        with pytest.raises(Unavailable, match="never is unavailable"):
            await future


async def test_a_read_obeys_the_deadline_of_the_request() -> None:
    async def read(keys: Sequence[str]) -> list[str]:
        raise AssertionError(keys)

    with within(0.0), pytest.raises(Unavailable) as raised:
        await Loader("late", read).load("a")
    assert raised.value.dependency == "late"
