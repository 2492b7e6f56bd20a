"""The loader: collects the keys that one tick of the event loop asks for, and reads them at once.

Built inside the running loop, for one request. The deadline lies inside the batch, because what
`load` gives out is the cached future itself: a timeout around it would cancel it for everybody.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from aiodataloader import DataLoader

from domain.errors import Unavailable
from runtime.deadlines import bounded
from runtime.tracing import annotate, span

Key = TypeVar("Key")
Value = TypeVar("Value")

LARGEST_BATCH: Final = 100
BATCH_SECONDS: Final = 0.25


class Loader(DataLoader[Key, Value], Generic[Key, Value]):
    """Named by result and key, such as ``post_by_id``; ``read`` answers in the keys' order."""

    def __init__(
        self,
        name: str,
        read: Callable[[Sequence[Key]], Awaitable[Sequence[Value]]],
        *,
        seconds: float = BATCH_SECONDS,
    ) -> None:
        async def batch(keys: list[Key]) -> list[Value]:
            with span(f"loader.{name}", {"keys": len(keys)}):
                try:
                    async with bounded(seconds):
                        found = list(await read(keys))
                except TimeoutError:
                    raise Unavailable(name) from None
                annotate({"found": sum(value is not None for value in found)})
                return found

        super().__init__(batch, max_batch_size=LARGEST_BATCH)
