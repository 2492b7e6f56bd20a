"""JSON kept beside the immutable object that it shows, one text per selection."""

from collections.abc import Callable, Hashable
from typing import Final

import orjson

MOST: Final = 8  # selections per object; clients choose them, so they are bounded


class Rendered:
    """What one object has been shown as. Whoever changes an object makes a new one of these."""

    __slots__ = ("_fragments",)

    def __init__(self) -> None:
        self._fragments: dict[Hashable, orjson.Fragment] = {}

    def __len__(self) -> int:
        return len(self._fragments)

    def find(self, selection: Hashable) -> orjson.Fragment | None:
        return self._fragments.get(selection)

    def of(self, selection: Hashable, complete: Callable[[], object]) -> orjson.Fragment:
        """The JSON of a selection, for `orjson` to take in as it stands; completed once.

        Raises:
            Exception: whatever `complete` raises; nothing is kept then.

        """
        found = self._fragments.get(selection)
        if found is None:
            found = orjson.Fragment(orjson.dumps(complete()))
            if len(self._fragments) >= MOST:
                self._fragments.clear()
            self._fragments[selection] = found
        return found
