"""Records on their way into this process, and which of them changed since they were asked for.

News of a record that is not here yet has nothing to bring up to date; without a note of it, what
was read before the change would come in behind it and stay.
"""

from collections.abc import Awaitable, Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TypeVar

R = TypeVar("R")


class Fetches:
    def __init__(self) -> None:
        self._under_way: list[tuple[frozenset[str], set[str]]] = []

    @contextmanager
    def of(self, ids: Iterable[str]) -> Generator[set[str]]:
        """A fetch for as long as the block takes; the set grows by those that change meanwhile."""
        fetch = frozenset(ids), set[str]()
        self._under_way.append(fetch)
        try:
            yield fetch[1]
        finally:
            self._under_way = [one for one in self._under_way if one is not fetch]

    def note_changed(self, ids: Collection[str]) -> None:
        """There is news of these."""
        for wanted, changed in self._under_way:
            changed.update(wanted.intersection(ids))

    def note_all_changed(self) -> None:
        """News was missed: it may have been of any."""
        for wanted, changed in self._under_way:
            changed.update(wanted)


async def read_again(
    changed: set[str],
    found: dict[str, R],
    read: Callable[[Sequence[str]], Awaitable[dict[str, R]]],
) -> None:
    """Bring into ``found`` what changed since it was read, until nothing did meanwhile.

    News comes a few times a second, a read takes milliseconds: it ends.
    """
    while changed:
        again = list(changed)
        changed.clear()
        found.update(await read(again))
